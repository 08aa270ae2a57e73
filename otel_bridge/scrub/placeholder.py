"""Values that stand where a secret would: templates, examples, types, masks, markers."""

import re2

_WORDS = frozenset(
    b"true false none null nil undefined nan string str int bool boolean bytes text any object "
    b"number float optional required default changeme change_me change-me example sample test "
    b"testing dummy fake placeholder redacted filtered hidden masked secret password passwd token "
    b"key apikey api_key yes no on off self this void todo tbd xxx empty unset env vault basic "
    b"bearer digest negotiate user username admin root foobar foo bar baz value".split()
)
_TEMPLATE = re2.compile(
    rb"(?i)^(?:\$[\{\(\w].*|%\(?\w*\)?[sd]?%?|\{\{?.*\}?\}|<.*>?|\[.*\]?|#\{.*\}|@\w*\{.*|"
    rb".*\$\{.*|.*\{\{.*|"
    rb"your[_\- ].*|my[_\- ](?:secret|password|token|key|api).*|.*(?:example|placeholder|changeme|"
    rb"redacted|filtered|xxxx|\*\*\*\*|\.\.\.\.|insert[_-]|replace[_-]|dummy|todo).*|"
    rb"(?:os\.|process\.env|env\.|System\.get|getenv|ENV\[|config\.|settings\.|self\.|this\.|"
    rb"request\.|params|args\.|options\.|opts\.|lambda|func|function|new |await |async ).*|"
    rb"[\w.]+\(.*|[\w.]+\[.*)$"
)
_MARKER = re2.compile(rb"^\[?(?:Filtered|hmac)[:\]].*")


def is_placeholder(value: bytes) -> bool:
    """Tell whether a value is only the place of a secret: ``${VAR}``, ``<token>``, ``xxxx``."""
    bare = value.strip(b" \t\"'`,;")
    if len(set(bare.lower())) <= 2 or bare.lower() in _WORDS:
        return True
    return _TEMPLATE.match(bare) is not None or _MARKER.match(bare) is not None
