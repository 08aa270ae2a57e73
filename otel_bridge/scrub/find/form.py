"""Query strings and form bodies: there the name alone decides, however short the value is."""

from collections.abc import Iterator

from otel_bridge.scrub.find.placeholder import is_template
from otel_bridge.scrub.find.prefilter import name_probes
from otel_bridge.scrub.names.keys import KeyRules
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.rule import Hit
from otel_bridge.scrub.search import compile_bytes

_PAIR = compile_bytes(
    rb"(?:^|[?&#]|&amp;)((?:[A-Za-z0-9_.\-\[\]]|%5[BbDd]|%2[Ee])+)=([^&\s#\"'<>;\\]+)"
)
_BRACKETS = ((b"%5B", b"["), (b"%5D", b"]"), (b"%5b", b"["), (b"%5d", b"]"))
"""How ``user[password]`` is written where brackets are not allowed."""

QUERY_KEYS = frozenset(
    ["url.query", "http.request.query", "http.query", "query_string", "url.fragment"]
)
"""Names whose values are a query string without its question mark."""


class QueryGate:
    """Opens for query strings whose first name is one that rules look for behind ``?``."""

    probes = (
        rf"(?i:{'|'.join(sorted(QUERY_KEYS)).replace('.', '[.]')})"
        r"(?:\x12[\x00-\xff]{1,3}\x0a[\x00-\xff]{1,3}|\\*\"\s*:\s*\\*\")"
        r"(?i:x-amz-|x-goog-|sig|hdnea|hmac|token|st|jwt|auth|access_token|id_token|code|key|state|"
        r"samlre)",
    )
    also = ""

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True


class FormPairs:
    """Finds the values of sensitive names in query strings and form bodies."""

    also = ""
    probes = name_probes()

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True

    def find(self, text: bytes) -> Iterator[Hit | None]:
        """Yield the values, in order."""
        is_form = (b"&" in text or _is_nested(text)) and len(text.split(None, 1)) == 1
        for match in _PAIR.finditer(text):
            if match.start() == match.start(1) and not is_form:
                continue
            verdict = self._keys.of_text(_name(match[1]))
            value = match[2]
            if verdict is None or is_template(value) or (verdict.weak and not is_random(value)):
                yield None
                continue
            yield Hit(match.start(2), match.end(2), verdict.rule)


def _is_nested(text: bytes) -> bool:
    """Tell whether a text begins like a form of one field, ``user%5Bpassword%5D=``."""
    return b"%5" in text.partition(b"=")[0]


def _name(written: bytes) -> str:
    if b"%" in written:
        for encoded, bracket in _BRACKETS:
            written = written.replace(encoded, bracket)
    return written.decode("latin-1")
