"""Reads the value that stands behind a name: quoted, escaped, bare or between tags."""

from typing import NamedTuple

from otel_bridge.scrub.find.forms import ESCAPED_QUOTE
from otel_bridge.scrub.search import compile_bytes

MAX_VALUE_BYTES = 4_096
_MAX_ESCAPED_QUOTE_BYTES = 16
_PREFIX = compile_bytes(rb"(?:[bBrRuUfFL@$]{1,2})(?:\\*[\"'`])")
_ESCAPED_QUOTE = compile_bytes(ESCAPED_QUOTE)
_WRAPPER = compile_bytes(
    rb"(?:String::from|(?:new )?String|Some|Secret(?:Str|String)?(?:::new)?|std::string|str|atob|"
    rb"Buffer\.from|base64\.b64decode|b64decode)\(\s*\\*[\"'`]"
)
"""What makes a value of a text in quotes and is itself none."""
_MAX_WRAPPER_BYTES = 32
_ESCAPES = (b"&", b"\\", b"%")
_PREFIXES = tuple(bytes((byte,)) for byte in b"bBrRuUfFL@$")
_BARE = compile_bytes(rb"[^\s\"'`,;&<>(){}\[\]\\|]*")
_ENV_BARE = compile_bytes(rb"[^\s\"'`\\]*")
_QUOTES = b"\"'`"
_TRIPLE_QUOTES = tuple(bytes((quote,)) * 3 for quote in _QUOTES)
"""Only these span lines."""
_INSIDE = {quote: compile_bytes(rb"(?:[^\\%b]|\\(?s:.))*" % quote) for quote in (b'"', b"'", b"`")}
"""What stands between quotes of one kind, with what a backslash escapes."""


class Value(NamedTuple):
    """A value in a text, without its quotes."""

    start: int
    end: int
    quoted: bool
    after: int
    """Where the text goes on, behind the closing quote."""


def read_value(text: bytes, place: int, *, env_line: bool = False) -> Value | None:
    """Return the value that begins at a place, None where there is none."""
    if text[place : place + 1] in _PREFIXES and _PREFIX.match(text, place, place + 8) is not None:
        while text[place] not in _QUOTES and text[place : place + 1] != b"\\":
            place += 1
    wrapper = _WRAPPER.match(text, place, place + _MAX_WRAPPER_BYTES)
    if wrapper is not None:
        place = text.index(b"(", place) + 1
        place += len(text[place : place + _MAX_WRAPPER_BYTES]) - len(
            text[place : place + _MAX_WRAPPER_BYTES].lstrip()
        )
    opening = _opening_quote(text, place)
    if opening:
        return _read_quoted(text, place + len(opening), opening)
    found = (_ENV_BARE if env_line else _BARE).match(text, place, place + MAX_VALUE_BYTES)
    if found is None or found.end() == place:
        return None
    return Value(place, found.end(), quoted=False, after=found.end())


def _opening_quote(text: bytes, place: int) -> bytes:
    if text[place : place + 1] in _ESCAPES:
        escaped = _ESCAPED_QUOTE.match(text, place, place + _MAX_ESCAPED_QUOTE_BYTES)
        if escaped is not None:
            return text[place : escaped.end()]
    end = place
    while text[end : end + 1] == b"\\" and end - place < 8:  # noqa: PLR2004 (nested escapes)
        end += 1
    quote = text[end : end + 1]
    if not quote or quote not in _QUOTES:
        return b""
    if text[end : end + 3] == quote * 3:
        return text[place : end + 3]
    return text[place : end + 1]


def _read_quoted(text: bytes, start: int, opening: bytes) -> Value | None:
    limit = min(len(text), start + MAX_VALUE_BYTES)
    if opening not in _TRIPLE_QUOTES:
        line_end = text.find(b"\n", start, limit)
        limit = limit if line_end < 0 else line_end
    if len(opening) == 1:
        inner = _INSIDE[opening].match(text, start, limit)
        end = start if inner is None else inner.end()
        is_closed = text[end : end + 1] == opening and end < limit
    else:
        end = text.find(opening, start, limit)
        is_closed = end >= 0
    if not is_closed:
        return _unclosed(text, start, limit)
    return Value(start, end, quoted=True, after=end + len(opening))


def _unclosed(text: bytes, start: int, limit: int) -> Value | None:
    found = _ENV_BARE.match(text, start, limit)
    if found is None or found.end() == start:
        return None
    return Value(start, found.end(), quoted=False, after=found.end())
