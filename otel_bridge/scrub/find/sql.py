"""SQL statements without their literals, and the gate that knows whether there are any."""

from otel_bridge.scrub.find.stores import (
    CREDENTIAL_COMMANDS,
    has_documents,
    is_redis_set,
    without_documents,
    without_remarks,
)
from otel_bridge.scrub.find.value_gate import ValueGate
from otel_bridge.scrub.search import compile_bytes

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


class StatementGate(ValueGate):
    """Opens for records with a statement that has literals."""

    def __init__(self, statements: Statements) -> None:
        super().__init__(STATEMENT_KEYS)
        self._statements = statements
        self._without_literals: set[bytes] = set()

    def is_harmless(self, text: bytes) -> bool:
        """Tell whether a statement would stay as it is."""
        if text in self._without_literals:
            return True
        if self._statements.parameterised(text) != text:
            return False
        if len(text) <= MAX_CACHED_BYTES:
            if len(self._without_literals) >= MAX_CACHED_STATEMENTS:
                self._without_literals.clear()
            self._without_literals.add(text)
        return True
