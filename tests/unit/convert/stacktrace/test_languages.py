import pytest

from otel_bridge.convert.stacktrace.languages import by_sdk, recognize
from tests.unit.convert.stacktrace.stacks import captured
from tests.unit.convert.stacktrace.test_dotnet import AGGREGATE, INNER
from tests.unit.convert.stacktrace.test_elixir import ELIXIR, ERLANG
from tests.unit.convert.stacktrace.test_java import KOTLIN, SCALA
from tests.unit.convert.stacktrace.test_javascript import FIREFOX, SAFARI
from tests.unit.convert.stacktrace.test_php import NATIVE, OTEL
from tests.unit.convert.stacktrace.test_ruby import NEW, OLD, PLAIN, REVERSED


@pytest.mark.parametrize(
    ("capture", "platform"),
    [
        ("python-3.13", "python"),
        ("node-20", "node"),
        ("java-17", "java"),
        ("go-1.26", "go"),
        ("rust-1.95", "native"),
    ],
)
def test_real_stacks_are_told_apart(capture, platform):
    for name, text in captured(capture).items():
        found = recognize(text)
        # Errors that have no frames of their own look like nothing.
        assert found is None or found.platform == platform, name
        assert found is not None or "aggregate" in name or ":" in name, name


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        (INNER, "csharp"), (AGGREGATE, "csharp"), (ELIXIR, "elixir"), (ERLANG, "elixir"),
        (KOTLIN, "java"), (SCALA, "java"), (FIREFOX, "node"), (SAFARI, "node"), (NATIVE, "php"),
        (OTEL, "php"), (OLD, "ruby"), (NEW, "ruby"), (PLAIN, "ruby"),
    ],
)  # fmt: skip
def test_documented_stacks_are_told_apart(text, platform):
    assert recognize(text).platform == platform


def test_old_terminals_of_ruby_look_like_ruby():
    assert recognize(REVERSED).platform in {"ruby", "python"}


@pytest.mark.parametrize("text", ["", "boom", "at the end", "line 1: x", "{}", "a: b\n c: d"])
def test_prose_is_no_stack(text):
    assert recognize(text) is None


def test_an_sdk_has_its_language():
    assert by_sdk("nodejs").platform == "node"
    assert by_sdk("webjs").platform == "javascript"
    assert by_sdk("swift") is None
    assert by_sdk(None) is None
