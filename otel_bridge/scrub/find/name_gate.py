"""The gate for sensitive names: it stays shut only where no finder can find a value behind one.

It sees raw protobuf, in which the byte before a text is its length and may look like a letter, and
the byte behind it begins the next field. So a name is judged with and without its first byte, and
what a name announces is left alone only where what follows is too short whatever comes behind it.
"""

from otel_bridge.scrub.find.forms import MAX_NAME_BYTES, name_start
from otel_bridge.scrub.find.prefilter import key_core, name_probes
from otel_bridge.scrub.find.schemes import SCHEME
from otel_bridge.scrub.find.value_gate import text_value
from otel_bridge.scrub.names.keys import KeyRules, Verdict, to_tokens
from otel_bridge.scrub.names.vendors import VENDORS
from otel_bridge.scrub.names.words import HARMLESS_KEYS
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.search import compile_bytes

MAX_NAMES = 400
"""Names that are judged here; bytes with more are opened."""
_MAX_JUDGED_BYTES = 256
_TAG_OF_KEY, _TAG_OF_VALUE = 0x0A, b"\x12"

_NAME = compile_bytes(f"({key_core()})(?:[^a-z]|$)")
_KEY_END = compile_bytes(rb"[^\"\x00-\x1f]{0,256}[\"\x12]")
_KEY_START = compile_bytes(rb"[^\"\x00-\x1f]*$")
_CONTROL_END = r"[\x00-\x08\x0e-\x1f]"
_SEPARATOR = r"\s*(?:=>|:=|!==?|=+|::?)\s*"
# A value of fewer than 12 bytes, and nothing behind it that makes a separator of it.
_SHORT = compile_bytes(
    rf"{_SEPARATOR}(?:%[sdv]|[^\s\"'`\\&%=][^\s\"'`\\=]{{0,10}})(?:\s+[^=\s]|{_CONTROL_END}|\z)"
)
_QUOTED = compile_bytes(rf"[\"'`]?{_SEPARATOR}(?:\"([^\"\\\x00-\x1f]+)\"|'([^'\\\x00-\x1f]+)')")
_WORDS = compile_bytes(r"\s+(?:\(|([A-Za-z0-9_]+)[\s,;)(])|,\s*[^\s\"'\\vVdD]")
_FOLLOWED = compile_bytes(r"[\"'`\\&%\])\s=:!<>,{\[?+|]")
_MORE = (b"is", b"was", b"value", b"default", b"string")
"""Words that separate a name from its value, or say what type it has."""
_MIN_VALUE_BYTES = 12
"""What stands behind a weak name is no key when it is shorter."""


class NameGate:
    """Opens for sensitive names, before a separator in text or as the key of an attribute."""

    also = ""

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys
        self.probes = name_probes()

    def may_find(self, raw: bytes) -> bool:
        """Tell whether behind a name in these bytes something may be sensitive; False is proof."""
        place = 0
        for _ in range(MAX_NAMES):
            match = _NAME.search(raw, place)
            if match is None:
                return False
            start, place = match.span(1)
            if self._may_announce(raw, name_start(raw, start), place):
                return True
        return True

    def _may_announce(self, raw: bytes, start: int, end: int) -> bool:
        if raw[end : end + 1] == _TAG_OF_VALUE:
            return self._is_key(raw, start, end)
        name = raw[max(start, end - MAX_NAME_BYTES) : end].decode("latin-1")
        verdict = self._judge(name)
        if verdict is None:
            return self._is_in_odd_key(raw, start, end)
        if not verdict.weak or raw[start - 1 : start] == b"[":
            return True
        if _FOLLOWED.match(raw, end) is not None and not _is_short(raw, start, end, verdict):
            return True
        return self._is_in_odd_key(raw, start, end)

    def _judge(self, name: str) -> Verdict | None:
        if name in HARMLESS_KEYS:
            return None
        return self._keys.decide(name) or self._keys.decide(name[1:])

    def _is_key(self, raw: bytes, start: int, end: int) -> bool:
        """Judge a name that the tag of a value follows: the key of an attribute."""
        key = _key(raw, start, end)
        if key is None:
            start = _back_to_control(raw, start)
            key = _key(raw, start, end)
        if key is None:
            return True
        verdict = self._keys.decide(key.decode("utf-8", "replace"))
        if verdict is None:
            return False
        if not verdict.weak:
            return True
        value = text_value(raw, end + 1)
        return value is None or is_random(value)

    def _is_in_odd_key(self, raw: bytes, start: int, end: int) -> bool:
        """Judge a name that is part of a key with other characters: ``api key``, ``secret/db``."""
        found = _KEY_END.match(raw, end, end + MAX_NAME_BYTES + 1)
        if found is None:
            return False
        first = _back_to_control(raw, start)
        if first == start and found.end() == end + 1:
            return False
        return self._judge(raw[first : found.end() - 1].decode("utf-8", "replace")) is not None


def _back_to_control(raw: bytes, start: int) -> int:
    begin = max(0, start - MAX_NAME_BYTES)
    found = _KEY_START.search(raw, begin, start)
    return start if found is None else found.start()


def _key(raw: bytes, start: int, end: int) -> bytes | None:
    """Return the key that ends at a place; None where before it are no tag and length."""
    size = end - start
    if start > 1 and raw[start - 1] == size and raw[start - 2] == _TAG_OF_KEY:
        return raw[start:end]
    if start > 0 and raw[start] == size - 1 and raw[start - 1] == _TAG_OF_KEY:
        return raw[start + 1 : end]
    return None


def _is_short(raw: bytes, start: int, end: int, verdict: Verdict) -> bool:
    """Tell whether what stands behind a weak name is too short, or quoted and no key."""
    if verdict.rule == "recovery-phrase":
        return False
    if _SHORT.match(raw, end) is not None:
        return True
    quoted = _QUOTED.match(raw, end)
    if quoted is not None:
        return not _may_be_key(quoted[1] or quoted[2], raw[start:end][-MAX_NAME_BYTES:])
    words = _WORDS.match(raw, end)
    if words is None or (words[1] or b"").lower() in _MORE:
        return False
    is_plain = raw[start : start + 1] != b"-" and raw[start - 1 : start] != b"-"
    return words[0][:1] == b"," or (is_plain and b"_" not in raw[start:end])


def _may_be_key(value: bytes, name: bytes) -> bool:
    if len(value) < _MIN_VALUE_BYTES:
        return False
    if is_random(value) or is_random(value[:_MAX_JUDGED_BYTES]) or SCHEME.match(value):
        return True
    text = name.decode("latin-1")
    return not VENDORS.isdisjoint((*to_tokens(text), *to_tokens(text[1:])))
