"""Gates for attributes that most records have: the value says whether something is to be done."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

from otel_bridge.scrub.addresses import is_public
from otel_bridge.scrub.names.words import PEER_KEYS

_VALUE_TAG = b"\x12"
"""The tag of the value that follows the key in ``KeyValue``."""


class ValueGate(ABC):
    """Opens for records with one of some keys, unless every text behind one is harmless."""

    also = ""

    def __init__(self, keys: Iterable[str]) -> None:
        names = sorted(keys)
        self.keys = tuple(key.encode() for key in names)
        self.probes = (rf"(?:{'|'.join(names)})[\x12\"]".replace(".", r"\."),)

    def may_find(self, raw: bytes) -> bool:
        """Tell whether some value is not harmless."""
        return any(self.next_place(raw, key, 0) >= 0 for key in self.keys)

    def next_place(self, raw: bytes, key: bytes, place: int) -> int:
        """Return where the key stands next with a value that is not harmless; -1 for nowhere."""
        while (place := raw.find(key, place)) >= 0:
            value = place + len(key)
            # A value in front of its key, or a key in a text: who reads all of it will see.
            if raw[value : value + 1] != _VALUE_TAG:
                return place
            text = text_value(raw, value + 1)
            if text is None or not self.is_harmless(text):
                return place
            place = value
        return -1

    @abstractmethod
    def is_harmless(self, text: bytes) -> bool:
        """Tell whether nothing is to be done with a text because of the key before it."""


class PeerGate(ValueGate):
    """Opens for public addresses of peers, which are those of clients on the side of a server.

    They are found by their keys because the rule for addresses in texts may be off, and asks for
    longer ones than ``2a00::1``.
    """

    def __init__(self) -> None:
        super().__init__(PEER_KEYS)

    def is_harmless(self, text: bytes) -> bool:
        """Tell whether a text is no public address."""
        return not is_public(text.decode("utf-8", "replace"))


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
