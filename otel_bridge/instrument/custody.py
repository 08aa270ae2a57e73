"""Who answers for what the worker has in hand, so that everything is counted once.

What the worker does with a chunk is kept apart until the chunk is through, and then counts as a
whole. A worker that hangs when the time is over loses its chunk to whoever ends the engine; should
it wake up later, what it did counts for nothing.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.handover import Taken
from otel_bridge.send.destination import KINDS
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.clean import CleanBatch, CleanEvent

_PATIENCE_S = 0.1
"""The lock is held while things are handed on: for microseconds, unless a disk hangs."""


class InHand(NamedTuple):
    """What a worker that hangs had in hand."""

    taken: Taken | None
    """Its lists of spans may be empty by now, but for that of errors."""
    spans: int
    """How many spans it was."""
    events: list[CleanEvent]
    """Error events of it that are ready, and not counted."""


class Custody:
    """What is between the queue and the destinations.

    Args:
        take: Returns the next items; None if nothing waits.
        offer_event: Hands an event on.
        offer_batch: Hands a batch on; None where nothing is forwarded.
        stats: Where it is counted what is seen through.
    """

    def __init__(
        self,
        take: Callable[[], Taken | None],
        offer_event: Callable[[CleanEvent], None],
        offer_batch: Callable[[CleanBatch], None] | None,
        stats: Stats,
    ) -> None:
        self.book = Stats()
        """Where the worker counts."""
        self._take = take
        self._offer_event = offer_event
        self._offer_batch = offer_batch or _drop
        self._stats = stats
        self._lock = threading.Lock()
        self._is_over = False
        self._is_revoked = False
        self._taken: Taken | None = None
        self._spans = 0
        self._events: list[CleanEvent] = []
        self._handed_on: list[CleanEvent] = []
        self._batches: list[CleanBatch] = []
        self._held: Counter[Kind] = Counter()

    def next(self) -> Taken | None:
        """Take the next items in hand; None if nothing waits or the time is over."""
        with self._lock:
            self._taken = taken = None if self._is_over else self._take()
            self._spans = 0 if taken is None else len(taken.spans) + len(taken.unsampled)
            return taken

    @property
    def is_over(self) -> bool:
        """Whether nothing is to be begun any more."""
        return self._is_over

    def add_events(self, events: Sequence[CleanEvent]) -> None:
        """Lay error events ready."""
        self._events += events

    def add_batch(self, batch: CleanBatch) -> None:
        """Lay a batch ready to be forwarded."""
        self._batches.append(batch)

    def settle(self, guard: Guard) -> None:
        """Hand on what is ready and let it count; what was in hand is seen through.

        Args:
            guard: Keeps what fails for one of them from the others.
        """
        with self._lock:
            if self._is_revoked:
                return
            for batch in self._batches:
                self._held[KINDS[batch.signal]] -= len(batch)
            for kind in (Kind.SPAN, Kind.LOG):
                self._held[kind] += self.book.open(kind)
            self._stats.absorb(self.book)
            self._taken, events, batches = None, self._events, self._batches
            self._events, self._batches = [], []
            self._handed_on = events or self._handed_on
            for event in events:
                with guard("pipeline"):
                    self._offer_event(event)
            for batch in batches:
                with guard("pipeline"):
                    self._offer_batch(batch)

    def stop(self) -> None:
        """Have the worker take nothing more in hand."""
        self._is_over = True

    def revoke(self, ready: Sequence[CleanEvent]) -> InHand:
        """Take over what the worker has in hand: nothing that it still does counts.

        Args:
            ready: Events that may be ready without having been laid here, or handed on already.
        """
        self._is_over = True
        if not self._lock.acquire(timeout=_PATIENCE_S):
            return InHand(None, 0, [])  # it is handing on just now: what it has is seen through
        try:
            self._is_revoked = True
            taken, self._taken = self._taken, None
            gone = {id(event) for event in self._handed_on}
            every = {id(event): event for event in (*self._events, *ready)}
            events = [event for key, event in every.items() if key not in gone]
            self._count_errors()
        finally:
            self._lock.release()
        return InHand(taken, self._spans, events)

    def write_off_held(self) -> None:
        """Give their fate to spans that wait for a decision about their trace."""
        held, self._held = self._held, Counter()
        for kind, items in held.items():
            if items > 0:
                self._stats.fate(kind, Fate.EXPIRED, items, reason="at_shutdown")

    def _count_errors(self) -> None:
        """Let those of the errors count that have a fate, which nobody else will come to."""
        for (fate, reason), items in self.book.fates_of(Kind.ERROR).items():
            self._stats.received(Kind.ERROR, items)
            self._stats.fate(Kind.ERROR, fate, items, reason=reason)


def _drop(_batch: CleanBatch) -> None:
    """Do nothing: where nothing is forwarded, nothing is laid ready."""
