"""SQL statements without their literals, and the gate that knows whether there are any."""

from otel_bridge.scrub.search import compile_bytes
from otel_bridge.scrub.stores import (
    CREDENTIAL_COMMANDS,
    has_documents,
    is_redis_set,
    without_documents,
    without_remarks,
)

STATEMENT_KEYS = frozenset(["db.statement", "db.query.text"])
"""The attributes that hold a whole statement, in the old and the new semantic conventions."""
MAX_CACHED_STATEMENTS = 2_048
MAX_CACHED_BYTES = 4_096

MAX_LITERALS = 2_000
"""What stands behind so many is left out: rows of a bulk insert, for the most part."""

_LITERAL = compile_bytes(
    rb"(?i)"
    rb"(?:\b[bnexr]|\bu&)?'(?:[^'\\]|''|\\(?s:.))*(?:'|$)"
    rb"|\$(?:[A-Za-z_]\w*)?\$(?s:.*?)(?:\$[A-Za-z_]*\w*\$|$)"
    rb"|\b0x[0-9a-f]+\b"
    rb"|\b(?:limit|offset|top|first|next|interval|fetch|rows|percent|varchar|char|numeric|decimal|"
    rb"timestamp|float|bit|time|varying|nvarchar|nchar|datetime2|int|tinyint)\s*\(?\s*\d+"
    # Parameters: `$1`, `:name`, `@name`, `%s`, as many as stand together.
    rb"|(?:[$:@%#?][\w$]+[\s,()]*)+"
    rb"|\b\d\w*(?:\.\d+)?(?:e[+-]?\d+)?"
    rb"|\"(?:[^\"\\]|\"\"|\\(?s:.))*(?:\"|$)"
    rb"|(?:`[^`]*`[\s,.]*)+|--[^\n]*|/\*(?s:.*?)(?:\*/|$)"
)
_VERB = compile_bytes(
    rb"(?i)^[\s(]*(?:/\*(?s:.*?)\*/\s*|--[^\n]*\n\s*)*(?:select|insert|update|delete|with|create|alter|"
    rb"drop|truncate|call|exec|execute|merge|replace|begin|commit|rollback|savepoint|release|set|show|"
    rb"explain|analyze|vacuum|copy|grant|revoke|lock|declare|fetch|close|use|values|pragma|upsert|"
    rb"start|prepare|deallocate|describe|do|listen|notify|refresh|comment|from)\b"
)
_QUOTE, _LEFT_OUT = b"'", b" ..."
_DOUBLE_QUOTED_TEXT = compile_bytes(rb"(?i)(?:=|<>|!=|\blike|\bin\s*\(|,|\bvalues\s*\()\s*$")


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
    if _VERB.match(statement) is not None and not is_redis_set(statement):
        return _without_sql_literals(statement)
    if statement.lstrip()[:1] in (b"{", b"["):
        return _without_json_literals(statement)
    return _without_arguments(statement)


def _without_sql_literals(statement: bytes) -> bytes:
    pieces: list[bytes] = []
    done = 0
    for match in _LITERAL.finditer(statement):
        start, end = match.span()
        put = b"?"
        if not _is_literal(statement, start, end):
            if statement[start] not in _COMMENT_STARTS:
                continue
            put = without_remarks(match[0])
            if put == match[0]:
                continue
        pieces += (statement[done:start], put)
        done = end
        if len(pieces) > 2 * MAX_LITERALS:
            return b"".join([*pieces, _LEFT_OUT])
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


_JSON_LITERAL = compile_bytes(
    rb"(\"(?:[^\"\\]|\\.)*\")(\s*:)?|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b"
)


def _without_json_literals(statement: bytes) -> bytes:
    pieces: list[bytes] = []
    done = 0
    for match in _JSON_LITERAL.finditer(statement):
        if match.start(2) >= 0 or match[0] == b'"?"':
            continue
        start, end = match.span()
        pieces += (statement[done:start], b'"?"')
        done = end
        if len(pieces) > 2 * MAX_LITERALS:
            return b"".join([*pieces, _LEFT_OUT])
    pieces.append(statement[done:])
    return b"".join(pieces)


_COMMENT_STARTS = b"-/"
_KEPT_ARGUMENTS = 2


def _without_arguments(statement: bytes) -> bytes:
    """Keep the command and the key: ``SET user:1 ?``; of a call with documents, their names."""
    if has_documents(statement):
        return without_documents(statement)
    words = statement.split(b" ")
    count = 1 if words[0].upper() in CREDENTIAL_COMMANDS else _KEPT_ARGUMENTS
    return b" ".join([*words[:count], *(b"?" for _ in words[count:])])


class StatementGate:
    """Opens for records with a statement that has literals."""

    probes = (r"db\.(?:statement|query\.text)[\x12\"]",)
    also = ""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._without_literals: set[bytes] = set()

    def may_find(self, raw: bytes) -> bool:
        """Tell whether some statement would change."""
        return self.next_place(raw, 0) >= 0

    def next_place(self, raw: bytes, place: int) -> int:
        """Return the place of the next key of a statement that would change; -1 for none."""
        found = [self._next_place(raw, key, place) for key in _RAW_KEYS]
        return min((place for place in found if place >= 0), default=-1)

    def _next_place(self, raw: bytes, key: bytes, place: int) -> int:
        while (place := raw.find(key, place)) >= 0:
            value = place + len(key)
            # A value in front of its key, or a key in a text: who reads all of it will see.
            if raw[value : value + 1] != _VALUE_TAG:
                return place
            statement = text_value(raw, value + 1)
            if statement not in self._without_literals and not self._is_bare(statement):
                return place
            place = value
        return -1

    def _is_bare(self, statement: bytes | None) -> bool:
        if statement is None or self._statements.parameterised(statement) != statement:
            return False
        if len(statement) <= MAX_CACHED_BYTES:
            if len(self._without_literals) >= MAX_CACHED_STATEMENTS:
                self._without_literals.clear()
            self._without_literals.add(statement)
        return True


_RAW_KEYS = tuple(key.encode() for key in sorted(STATEMENT_KEYS))
_VALUE_TAG = b"\x12"
"""The tag of the value that follows the key in ``KeyValue``."""


def text_value(raw: bytes, place: int) -> bytes | None:
    """Read a string out of an ``AnyValue`` whose length begins at a place.

    None where it is no string, is 16 KiB or longer, or where the bytes are not as expected: the
    message holds more than the string, or another value follows.
    """
    start, size = _length(raw, place)
    if start < 0 or raw[start : start + 1] != b"\x0a":
        return None
    text, length = _length(raw, start + 1)
    end = text + length
    if text < 0 or end != start + size or end > len(raw) or raw[end : end + 1] == b"\x12":
        return None
    return raw[text:end]


def _length(raw: bytes, place: int) -> tuple[int, int]:
    """Return the place behind a length, and the length; -1 for one of more than two bytes."""
    low = raw[place : place + 1]
    if not low:
        return -1, 0
    if low[0] < 0x80:  # noqa: PLR2004 (no second byte follows)
        return place + 1, low[0]
    high = raw[place + 1 : place + 2]
    if not high or high[0] >= 0x80:  # noqa: PLR2004 (and a third)
        return -1, 0
    return place + 2, low[0] & 0x7F | high[0] << 7
