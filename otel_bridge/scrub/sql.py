"""SQL statements without their literals, and the gate that knows whether there are any."""

from collections.abc import Iterator

import re2

STATEMENT_KEYS = frozenset(["db.statement", "db.query.text"])
"""The attributes that hold a whole statement, in the old and the new semantic conventions."""
MAX_CACHED_STATEMENTS = 2_048
MAX_CACHED_BYTES = 4_096

_LITERAL = re2.compile(
    rb"(?i)"
    rb"(?:\b[bnexr]|\bu&)?'(?:[^'\\]|''|\\.)*(?:'|$)"
    rb"|\$([A-Za-z_]\w*)?\$(?s:.*?)(?:\$[A-Za-z_]*\w*\$|$)"
    rb"|\b0x[0-9a-f]+\b"
    rb"|\b(?:limit|offset|top|first|next|interval|fetch|rows|percent|varchar|char|numeric|decimal|"
    rb"timestamp|float|bit|time|varying|nvarchar|nchar|datetime2|int|tinyint)\s*\(?\s*\d+"
    rb"|[A-Za-z_$:@%#.?][\w$]*"
    rb"|\d+(?:\.\d+)?(?:e[+-]?\d+)?"
    rb"|\"(?:[^\"\\]|\"\"|\\.)*(?:\"|$)"
    rb"|`[^`]*`|--[^\n]*|/\*(?s:.*?)(?:\*/|$)"
)
_VERB = re2.compile(
    rb"(?i)^[\s(]*(?:/\*(?s:.*?)\*/\s*|--[^\n]*\n\s*)*(?:select|insert|update|delete|with|create|alter|"
    rb"drop|truncate|call|exec|execute|merge|replace|begin|commit|rollback|savepoint|release|set|show|"
    rb"explain|analyze|vacuum|copy|grant|revoke|lock|declare|fetch|close|use|values|pragma|upsert|"
    rb"start|prepare|deallocate|describe|do|listen|notify|refresh|comment|from)\b"
)
_QUOTE, _DIGITS = b"'", b"0123456789"
_DOUBLE_QUOTED_TEXT = re2.compile(rb"(?i)(?:=|<>|!=|\blike|\bin\s*\(|,|\bvalues\s*\()\s*$")


class Statements:
    """Parameterises statements, and remembers the outcome: the same ones come all the time."""

    def __init__(self) -> None:
        self._seen: dict[bytes, bytes] = {}

    def parameterised(self, statement: bytes) -> bytes:
        """Return the statement with ``?`` in the places of its literals."""
        known = self._seen.get(statement)
        if known is not None:
            return known
        clean = parameterise(statement)
        if len(statement) <= MAX_CACHED_BYTES:
            if len(self._seen) >= MAX_CACHED_STATEMENTS:
                self._seen.clear()
            self._seen[statement] = clean
        return clean


def parameterise(statement: bytes) -> bytes:
    """Return a statement of SQL, or of a store with commands or JSON, without its literals."""
    if _VERB.match(statement) is not None:
        return _without_sql_literals(statement)
    if statement.lstrip()[:1] in (b"{", b"["):
        return _without_json_literals(statement)
    return _without_arguments(statement)


def _without_sql_literals(statement: bytes) -> bytes:
    pieces: list[bytes] = []
    done = 0
    for match in _LITERAL.finditer(statement):
        start, end = match.span()
        if not _is_literal(statement, start, end):
            continue
        pieces += (statement[done:start], b"?")
        done = end
    pieces.append(statement[done:])
    return b"".join(pieces)


def _is_literal(statement: bytes, start: int, end: int) -> bool:
    first = statement[start : start + 1]
    if first == _QUOTE or (first in (b"$",) and statement[end - 1 : end] == b"$"):
        return True
    if first.isdigit():
        return True
    if first == b'"':
        # Standard SQL quotes identifiers so; MySQL texts too. What is compared is a text.
        return _DOUBLE_QUOTED_TEXT.search(statement[max(0, start - 24) : start]) is not None
    return _QUOTE in statement[start : start + 3] and first.lower() in b"bnexru"


_JSON_LITERAL = re2.compile(rb"(\"(?:[^\"\\]|\\.)*\")(\s*:)?|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b")


def _without_json_literals(statement: bytes) -> bytes:
    pieces: list[bytes] = []
    done = 0
    for match in _JSON_LITERAL.finditer(statement):
        if match.start(2) >= 0 or match[0] == b'"?"':
            continue
        start, end = match.span()
        pieces += (statement[done:start], b'"?"')
        done = end
    pieces.append(statement[done:])
    return b"".join(pieces)


_KEPT_ARGUMENTS = 2


def _without_arguments(statement: bytes) -> bytes:
    """Keep the command and the key: ``SET user:1 ?``."""
    words = statement.split(b" ")
    kept = words[:_KEPT_ARGUMENTS]
    return b" ".join([*kept, *(b"?" for _ in words[_KEPT_ARGUMENTS:])])


class StatementGate:
    """Opens for records with a statement that has literals."""

    probes = (r"db\.(?:statement|query\.text)[\x12\"]",)
    also = ""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    def may_find(self, raw: bytes) -> bool:
        """Tell whether some statement would change."""
        found = False
        for statement in _statements_in(raw):
            found = True
            if statement is None or self._statements.parameterised(statement) != statement:
                return True
        return not found


def _statements_in(raw: bytes) -> Iterator[bytes | None]:
    """Yield the texts behind the keys; None where the bytes are not as expected."""
    for key in STATEMENT_KEYS:
        name = key.encode()
        place = raw.find(name)
        while place >= 0:
            yield _text_value(raw, place + len(name))
            place = raw.find(name, place + 1)


def _text_value(raw: bytes, place: int) -> bytes | None:
    """Read ``AnyValue{string_value}`` as the value of a ``KeyValue``: 12 length 0A length text."""
    if raw[place : place + 1] != b"\x12":
        return None
    place = _skip_varint(raw, place + 1)
    if raw[place : place + 1] != b"\x0a":
        return None
    size = shift = 0
    place += 1
    while place < len(raw) and shift < 35:  # noqa: PLR2004 (a length has at most five bytes)
        byte = raw[place]
        place += 1
        size |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 (no continuation bit)
            return raw[place : place + size] if place + size <= len(raw) else None
        shift += 7
    return None


def _skip_varint(raw: bytes, place: int) -> int:
    while place < len(raw) and raw[place] >= 0x80:  # noqa: PLR2004 (continuation bit)
        place += 1
    return place + 1
