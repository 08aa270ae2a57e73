"""A trace that waits for its decision, and what it weighs."""

from collections.abc import Iterator

from otel_bridge.wire.gather import CleanPlace
from otel_bridge.wire.groups import SpanRecord

TRACE_BYTES = 520
"""What an open trace takes besides its spans: the object, two lists, its share of the index."""
MOVE_BYTES = 120
"""What it takes to note that the next spans belong to another resource or scope."""
SPAN_BYTES = 420
"""What a span takes besides its serialized bytes: the record, its ids, times and lists' slots."""

_NO_TIME = 1 << 64
_OTHER = 3
_NO_MOVES: list[tuple[int, CleanPlace]] = []
"""Stands for the list that few traces need."""


def bit_of(status: int) -> int:
    """Return the bit that notes a status; all that the specification does not know share one."""
    return 1 << status if 0 <= status < _OTHER else 1 << _OTHER


class OpenTrace:
    """The spans of one trace that were seen so far."""

    __slots__ = (
        "decided", "end_ns", "home", "moves", "place", "records", "root", "root_place",
        "root_seen", "size", "start_ns", "started", "statuses", "trace_id",
    )  # fmt: skip

    def __init__(self, trace_id: bytes, now: float) -> None:
        self.trace_id = trace_id
        self.started = now
        self.home: CleanPlace | None = None
        """Where the first span belongs; nearly always all others, too."""
        self.place: CleanPlace | None = None
        """Where the latest span belongs."""
        self.moves = _NO_MOVES
        """From which record on which other place counts."""
        self.records: list[SpanRecord] = []
        self.size = TRACE_BYTES
        self.start_ns = _NO_TIME
        self.end_ns = 0
        self.statuses = 0
        """One bit for each status code that was seen, but for the unset one."""
        self.root: SpanRecord | None = None
        """The span that has no parent, else the first that has none in its process."""
        self.root_place: CleanPlace | None = None
        self.root_seen: float | None = None
        """When a root ended that makes the trace ready to be judged."""
        self.decided = False

    @property
    def duration_ns(self) -> int:
        """From the first start to the last end; spans in between may leave gaps."""
        return max(0, self.end_ns - self.start_ns)

    def put(self, record: SpanRecord, place: CleanPlace) -> None:
        """Take a span in, without the book-keeping of a buffer."""
        if self.place is not place:
            self.move(place)
        self.records.append(record)
        if 0 < record.start_ns < self.start_ns:
            self.start_ns = record.start_ns
        self.end_ns = max(self.end_ns, record.end_ns)
        if record.status:
            self.statuses |= bit_of(record.status)
        if record.is_local_root and (self.root is None or not record.parent_span_id):
            self.root, self.root_place = record, place

    def move(self, place: CleanPlace) -> None:
        """Say that the next spans belong to a place."""
        self.place = place
        if self.home is None:
            self.home = place
        elif self.moves is _NO_MOVES:
            self.moves = [(len(self.records), place)]
        else:
            self.moves.append((len(self.records), place))

    def enter(self, place: CleanPlace) -> int:
        """Do the same for a trace in a buffer; return how many bytes more that takes."""
        self.move(place)
        self.size += MOVE_BYTES
        place.users += 1
        return MOVE_BYTES + (place.size if place.users == 1 else 0)

    def places(self) -> Iterator[CleanPlace]:
        """Iterate over the places that spans belong to, as often as they come."""
        if self.home is not None:
            yield self.home
        for _, place in self.moves:
            yield place

    def leave(self) -> int:
        """Give the places back that were entered; return how many bytes of places that frees."""
        freed = 0
        for place in self.places():
            place.users -= 1
            if not place.users:
                freed += place.size
        return freed

    def pieces(self) -> Iterator[tuple[CleanPlace, list[SpanRecord]]]:
        """Iterate over the runs of spans that belong to one place."""
        if self.home is None:
            return
        if not self.moves:
            yield self.home, self.records
            return
        starts = [(0, self.home), *self.moves]
        ends = [index for index, _ in self.moves]
        for (start, place), end in zip(starts, [*ends, len(self.records)], strict=True):
            yield place, self.records[start:end]

    def empty(self) -> None:
        """Let go of the spans; a queue may refer to a decided trace for a while."""
        self.decided = True
        self.records = []
        self.moves = _NO_MOVES
        self.home = self.place = self.root = self.root_place = None
