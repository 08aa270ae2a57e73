"""Reads the value that stands behind a name: quoted, escaped, bare or between tags."""

from typing import NamedTuple

import re2

MAX_VALUE_BYTES = 4_096
_PREFIX = re2.compile(rb"(?:[bBrRuUfFL@$]{1,2})(?:\\*[\"'`])")
_BARE = re2.compile(rb"[^\s\"'`,;&<>(){}\[\]\\|]*")
_ENV_BARE = re2.compile(rb"[^\s\"'`\\]*")
_QUOTES = b"\"'`"


class Value(NamedTuple):
    """A value in a text, without its quotes."""

    start: int
    end: int
    quoted: bool
    after: int
    """Where the text goes on, behind the closing quote."""


def read_value(text: bytes, place: int, *, env_line: bool = False) -> Value | None:
    """Return the value that begins at a place, None where there is none."""
    prefix = _PREFIX.match(text, place, place + 8)
    if prefix is not None:
        while text[place] not in _QUOTES and text[place : place + 1] != b"\\":
            place += 1
    opening = _opening_quote(text, place)
    if opening:
        return _read_quoted(text, place + len(opening), opening)
    found = (_ENV_BARE if env_line else _BARE).match(text, place, place + MAX_VALUE_BYTES)
    if found is None or found.end() == place:
        return None
    return Value(place, found.end(), quoted=False, after=found.end())


def _opening_quote(text: bytes, place: int) -> bytes:
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
    if len(opening) < 3:  # noqa: PLR2004 (only triple quotes span lines)
        line_end = text.find(b"\n", start, limit)
        limit = limit if line_end < 0 else line_end
    place = start
    while True:
        end = text.find(opening, place, limit)
        if end < 0:
            return _unclosed(text, start, limit)
        if len(opening) > 1 or not _is_escaped(text, start, end):
            return Value(start, end, quoted=True, after=end + len(opening))
        place = end + 1


def _unclosed(text: bytes, start: int, limit: int) -> Value | None:
    found = _ENV_BARE.match(text, start, limit)
    if found is None or found.end() == start:
        return None
    return Value(start, found.end(), quoted=False, after=found.end())


def _is_escaped(text: bytes, start: int, place: int) -> bool:
    slashes = 0
    while place - slashes > start and text[place - slashes - 1 : place - slashes] == b"\\":
        slashes += 1
    return slashes % 2 == 1
