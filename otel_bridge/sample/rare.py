"""Remembers signatures, so that what has not been seen for a while can be noticed."""

from collections import OrderedDict
from collections.abc import Hashable


class Signatures:
    """Tell the first of a signature within a window of time.

    Args:
        window_s: Seconds after which a signature is new again.
        limit: Signatures that are remembered; of more, those noticed longest ago are forgotten.
    """

    __slots__ = ("_limit", "_seen", "_window_s")

    def __init__(self, window_s: float, limit: int) -> None:
        self._window_s = window_s
        self._limit = limit
        self._seen: OrderedDict[int, float] = OrderedDict()

    def is_first(self, signature: Hashable, now: float) -> bool:
        """Return whether this is the first in its window, and open the next window if it is."""
        mark = hash(signature)  # 64 bits, however long the signature is
        opened = self._seen.get(mark)
        if opened is not None and now - opened < self._window_s:
            return False
        self._seen[mark] = now
        self._seen.move_to_end(mark)
        if len(self._seen) > self._limit:
            self._seen.popitem(last=False)
        return True
