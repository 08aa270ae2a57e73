"""What was decided about traces that are gone, for spans that come late.

Each memory has two halves. When the newer one is full or old, the older one is forgotten and they
change places, so that whatever was put in stays for at least half the room and half the time.
"""

from array import array

from otel_bridge.sample.verdict import Verdict

KEPT_BYTES = 260
"""What a kept trace takes: its id, its verdict, and its share of an index at its largest."""
_LOAD = 0.6
"""Fill of a table of marks at which looking for one still takes about two steps."""
_MARK_BYTES = 4
_TABLES = 3
"""There are two, and for a moment a third one when they change places."""


class KeptTraces:
    """Verdicts of traces that were kept.

    Args:
        max_bytes: Memory to take at most.
        seconds: How long a trace is remembered at least, if there is room.
    """

    __slots__ = ("_half", "_newer", "_older", "_seconds", "_turned")

    def __init__(self, max_bytes: int, seconds: float) -> None:
        self._half = max(1, max_bytes // KEPT_BYTES // 2)
        self._seconds = seconds
        self._newer: dict[bytes, Verdict] = {}
        self._older: dict[bytes, Verdict] = {}
        self._turned = 0.0

    def add(self, trace_id: bytes, verdict: Verdict, now: float) -> None:
        """Remember a trace."""
        if len(self._newer) >= self._half or now - self._turned >= self._seconds:
            self._newer, self._older = {}, self._newer
            self._turned = now
        self._newer[trace_id] = verdict

    def get(self, trace_id: bytes) -> Verdict | None:
        """Return the verdict about a trace if it was kept and is remembered."""
        return self._newer.get(trace_id) or self._older.get(trace_id)


class DroppedTraces:
    """A compact set of traces that were dropped.

    Of a trace, 32 bits are kept in a table of fixed size: a new trace is taken for a dropped one
    about once in 10**9. Python's keyed hash decides the places: nobody can choose ids that clash.

    Args:
        max_bytes: Memory to take at most.
        seconds: How long a trace is remembered at least, if there is room.
    """

    __slots__ = ("_count", "_half", "_mask", "_newer", "_older", "_seconds", "_turned")

    def __init__(self, max_bytes: int, seconds: float) -> None:
        slots = 1 << max(4, (max_bytes // (_TABLES * _MARK_BYTES)).bit_length() - 1)
        self._half = int(slots * _LOAD)
        self._mask = slots - 1
        self._seconds = seconds
        self._newer = array("I", bytes(_MARK_BYTES * slots))
        self._older = array("I", bytes(_MARK_BYTES * slots))
        self._count = 0
        self._turned = 0.0

    def add(self, trace_id: bytes, now: float) -> None:
        """Remember a trace."""
        if self._count >= self._half or now - self._turned >= self._seconds:
            self._turn(now)
        table, mask = self._newer, self._mask
        code = hash(trace_id)
        mark = code >> 31 & 0xFFFFFFFF or 1
        at = code & mask
        while (found := table[at]) and found != mark:
            at = at + 1 & mask
        if not found:
            table[at] = mark
            self._count += 1

    def __contains__(self, trace_id: bytes) -> bool:
        """Return whether a trace was dropped and is remembered."""
        code = hash(trace_id)
        mark = code >> 31 & 0xFFFFFFFF or 1
        mask = self._mask
        for table in (self._newer, self._older):
            at = code & mask
            while found := table[at]:
                if found == mark:
                    return True
                at = at + 1 & mask
        return False

    def _turn(self, now: float) -> None:
        self._older = self._newer
        self._newer = array("I", bytes(_MARK_BYTES * (self._mask + 1)))
        self._count = 0
        self._turned = now
