r"""Names of JSON with escaped letters, ``"p\u0061ssword":``, in texts that are not all JSON."""

from collections.abc import Iterator

import msgspec

from otel_bridge.scrub.find.gates import ESCAPED_LETTER
from otel_bridge.scrub.find.placeholder import is_template
from otel_bridge.scrub.names.keys import KeyRules
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.rule import Hit
from otel_bridge.scrub.search import compile_bytes

_PAIR = compile_bytes(
    rb"\\?\"((?:[A-Za-z0-9_.\- ]|\\+u00[0-9A-Fa-f]{2}){1,200})\\?\"\s*:\s*"
    rb"(?:\\?\"((?:[^\"\\]|\\[^\"])*)|(-?[0-9.eE+]+))"
)
_SLASHES = compile_bytes(rb"\\+u")


class EscapedNames:
    """Finds values under sensitive names that are written with escapes."""

    probes = (ESCAPED_LETTER,)
    also = ""

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True."""
        return True

    def find(self, text: bytes) -> Iterator[Hit | None]:
        """Yield the values, in order."""
        for match in _PAIR.finditer(text):
            if b"\\" not in match[1]:
                continue
            verdict = self._keys.decide(_decoded(match[1]))
            is_text = match.start(2) >= 0
            start, end = match.span(2 if is_text else 3)
            value = text[start:end]
            is_kept = verdict is None or not value or is_template(value)
            if verdict is None or is_kept or (verdict.weak and not is_random(value)):
                yield None
            else:
                yield Hit(start, end, verdict.rule, quote=not is_text)


def _decoded(name: bytes) -> str:
    try:
        return str(msgspec.json.decode(b'"%b"' % _SLASHES.sub(rb"\\u", name)))
    except msgspec.DecodeError:
        return ""
