"""Which language a stack trace is of: what the SDK says, else what the text looks like."""

from dataclasses import replace

from otel_bridge.convert.stacktrace.dotnet import DOTNET
from otel_bridge.convert.stacktrace.elixir import ELIXIR
from otel_bridge.convert.stacktrace.go import GO
from otel_bridge.convert.stacktrace.java import JAVA
from otel_bridge.convert.stacktrace.javascript import JAVASCRIPT
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.php import PHP
from otel_bridge.convert.stacktrace.python import PYTHON
from otel_bridge.convert.stacktrace.ruby import RUBY
from otel_bridge.convert.stacktrace.rust import RUST

_NODE = replace(JAVASCRIPT, platform="node")
_BY_SDK = {
    "python": PYTHON,
    "nodejs": _NODE,
    "webjs": JAVASCRIPT,
    "java": JAVA,
    "kotlin": JAVA,
    "go": GO,
    "dotnet": DOTNET,
    "ruby": RUBY,
    "php": PHP,
    "rust": RUST,
    "erlang": ELIXIR,
    "elixir": ELIXIR,
}
_IN_ORDER = (PYTHON, GO, ELIXIR, RUST, DOTNET, PHP, JAVA, RUBY, _NODE)
"""The strictest first: a text that the later ones accept may be of an earlier one."""


def by_sdk(name: str | None) -> Language | None:
    """Return the language of ``telemetry.sdk.language``; None if it is not known here."""
    return _BY_SDK.get(name or "")


def recognize(text: str) -> Language | None:
    """Return the language that a text looks like; None if it looks like none."""
    for language in _IN_ORDER:
        if language.recognizes(text):
            return language
    return None
