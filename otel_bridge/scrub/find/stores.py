"""What else stands in statements: comments of SQL, calls with documents, commands that log in."""

from otel_bridge.scrub.search import compile_bytes

CREDENTIAL_COMMANDS = frozenset([b"AUTH", b"HELLO"])
"""Commands of Redis whose first argument may be a password."""
MAX_DOCUMENT_LITERALS = 2_000

_SQL_SETTINGS = frozenset(
    b"session local global transaction names role password character constraints schema "
    b"authorization time autocommit identity_insert nocount isolation default sql_mode".split()
)
_MIN_SET_WORDS = 3

_DOCUMENTS = compile_bytes(rb"^\s*[\w.$/\-\[\]\"' ]{1,200}\s*[({\[]")
_DOCUMENT_LITERAL = compile_bytes(
    rb"(\"(?:[^\"\\]|\\(?s:.))*(?:\"|$)|'(?:[^'\\]|\\(?s:.))*(?:'|$))(\s*:)?|"
    rb"/(?:[^/\\\n]|\\.)+/[a-z]*|-?\b\d[\w.\-]*"
)
_BRACKETS = compile_bytes(rb"[({\[]")
_TRACE_COMMENT = compile_bytes(rb"/\*\s*(?:\w+='[^'*]*',?\s*)+\*/")
"""What sqlcommenter writes: names and encoded values, which are looked at like any text."""


def without_remarks(comment: bytes) -> bytes:
    """Return a comment of SQL without its text; hints, and the comments of tracers, stay."""
    if comment.startswith(b"--"):
        return b"-- ?" if comment[2:].strip() not in (b"", b"?") else comment
    if not comment.startswith(b"/*") or comment.startswith((b"/*+", b"/*!")):
        return comment
    if _TRACE_COMMENT.fullmatch(comment) is not None or not comment.strip(b"/*? "):
        return comment
    return b"/* ? */"


def is_redis_set(statement: bytes) -> bool:
    """Tell ``SET key value`` of Redis from ``SET name = value`` and ``SET name TO`` of SQL."""
    words = statement.split(None, _MIN_SET_WORDS)
    if len(words) < _MIN_SET_WORDS or words[0].lower() != b"set":
        return False
    name, value = words[1].lower(), words[2].lower()
    return not (
        name in _SQL_SETTINGS
        or name.startswith(b"@")
        or b"=" in name
        or value.startswith((b"=", b":="))
        or value in (b"to", b"on", b"off")
    )


def has_documents(statement: bytes) -> bool:
    """Tell whether a statement is a call: ``db.users.find({...})``, ``find users {...}``."""
    return _DOCUMENTS.match(statement) is not None


def without_documents(statement: bytes) -> bytes:
    """Return a call with ``?`` for texts and numbers in its documents; names of fields stay."""
    opening = _BRACKETS.search(statement)
    start = len(statement) if opening is None else opening.start()
    pieces = [statement[:start]]
    done = start
    for match in _DOCUMENT_LITERAL.finditer(statement, start):
        if match.start(2) >= 0 or match[0] in (b'"?"', b"'?'"):
            continue
        pieces += (statement[done : match.start()], b'"?"')
        done = match.end()
        if len(pieces) > 2 * MAX_DOCUMENT_LITERALS:
            return b"".join([*pieces, b" ..."])
    pieces.append(statement[done:])
    return b"".join(pieces)
