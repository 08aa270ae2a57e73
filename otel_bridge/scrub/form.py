"""Query strings and form bodies: there the name alone decides, however short the value is."""

from collections.abc import Iterator

from otel_bridge.scrub.keys import KeyRules
from otel_bridge.scrub.placeholder import is_template
from otel_bridge.scrub.prefilter import name_probes
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.rule import Hit
from otel_bridge.scrub.search import compile_bytes

_PAIR = compile_bytes(rb"(?:^|[?&#]|&amp;)([A-Za-z0-9_.\-\[\]]+)(?:%5B\w*%5D)?=([^&\s#\"'<>;\\]+)")


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
        is_form = b"&" in text and len(text.split(None, 1)) == 1
        for match in _PAIR.finditer(text):
            if match.start() == match.start(1) and not is_form:
                continue
            verdict = self._keys.of_text(match[1].decode("latin-1"))
            value = match[2]
            if verdict is None or is_template(value) or (verdict.weak and not is_random(value)):
                yield None
                continue
            yield Hit(match.start(2), match.end(2), verdict.rule)
