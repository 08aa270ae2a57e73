"""Who holds which parcel: waiting, under way, or settled with one fate. Safe between threads."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from otel_bridge.send.clock import Clock
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.queue import Backlog
from otel_bridge.stats import Fate, Stats

_B = TypeVar("_B", bound=Backlog)

OnLoss = Callable[[Fate, str, int], None]
"""Told the fate, the reason and the number of items that were not delivered."""


class Ledger(Generic[_B]):
    """The custody of one destination's parcels.

    Args:
        backlog: What waits; this class is its only user and locks it.
        stats: Where each item's fate is counted.
        clock: The time.
        on_loss: Told of what is not delivered, by the thread that gives it its fate.
    """

    def __init__(
        self, backlog: _B, stats: Stats, clock: Clock, on_loss: OnLoss | None = None
    ) -> None:
        self._backlog = backlog
        self._stats = stats
        self._clock = clock
        self._on_loss = on_loss
        self._changed = threading.Condition()
        self._under_way: set[Parcel] = set()
        self._lost = False
        self._closed = False

    def accept(self, parcel: Parcel) -> bool:
        """Take custody of a parcel; False if there is no room, and then its fate is counted."""
        with self._changed:
            closed = self._closed
            if not closed and self._backlog.offer(parcel):
                return True
        if closed:
            self.turn_away(parcel, Fate.EXPIRED, "after_shutdown")
        else:
            self.turn_away(parcel, Fate.QUEUE_FULL)
        return False

    def turn_away(self, parcel: Parcel, fate: Fate, reason: str = "") -> None:
        """Count the fate of a parcel that was never taken in."""
        with self._changed:
            self._lost = True
            self._stats.fate(parcel.kind, fate, parcel.items, reason=reason)
            self._changed.notify_all()
        self._tell_of_loss(fate, reason, parcel.items)

    def take(self) -> Parcel | None:
        """Take out the next parcel, to be settled or put back."""
        with self._changed:
            parcel = self._backlog.take()
            if parcel is not None:
                self._under_way.add(parcel)
            return parcel

    def put_back(self, parcels: Iterable[Parcel], *, last: bool = False) -> None:
        """Return parcels that were taken."""
        with self._changed:
            for parcel in parcels:
                if parcel in self._under_way:
                    self._under_way.remove(parcel)
                    self._backlog.put_back(parcel, last=last)
            self._changed.notify_all()

    def settle(self, parcel: Parcel, fate: Fate, reason: str = "", *, items: int = -1) -> None:
        """Give a parcel that was taken its fate, once; later words about it do not count.

        Args:
            parcel: The parcel.
            fate: What became of it.
            reason: Why.
            items: How many of its items this is about; the others were delivered. All, by default.
        """
        with self._changed:
            if parcel not in self._under_way:
                return
            self._under_way.remove(parcel)
            self._backlog.done(parcel)
            concerned = parcel.items if items < 0 else min(items, parcel.items)
            self._lost = self._lost or (fate is not Fate.DELIVERED and concerned > 0)
            # Counted before anybody who waits for it can look at the counts.
            if concerned:
                self._stats.fate(parcel.kind, fate, concerned, reason=reason)
            if concerned < parcel.items:
                self._stats.fate(parcel.kind, Fate.DELIVERED, parcel.items - concerned)
            self._changed.notify_all()
        if parcel.slot is not None and fate is not Fate.SPOOLED:
            parcel.slot.forget()
        if concerned:
            self._tell_of_loss(fate, reason, concerned)

    @contextmanager
    def locked(self) -> Iterator[_B]:
        """Work with the backlog itself."""
        with self._changed:
            yield self._backlog
            self._changed.notify_all()

    @property
    def pending(self) -> int:
        """Parcels that have no fate yet."""
        with self._changed:
            return len(self._backlog) + len(self._under_way)

    def wait_until_empty(self, timeout: float) -> bool:
        """Wait until nothing is pending.

        Returns:
            True if so, and every parcel since the last call was delivered.
        """
        deadline = self._clock.monotonic() + timeout
        with self._changed:
            while self._backlog or self._under_way:
                left = deadline - self._clock.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
            lost, self._lost = self._lost, False
            return not lost

    @property
    def is_closed(self) -> bool:
        """Whether nothing is taken in any more."""
        return self._closed

    def close(self) -> None:
        """Take nothing in any more."""
        with self._changed:
            self._closed = True

    def write_off(self, reason: str) -> tuple[int, int]:
        """Give everything that is pending its fate: what is on disk is kept there.

        Returns:
            The number of parcels that are kept, and of those that are lost.
        """
        with self._changed:
            self._under_way |= set(self._backlog.drain())
            left = list(self._under_way)
        kept = [parcel for parcel in left if parcel.slot is not None]
        for parcel in left:
            if parcel.slot is not None:
                self.settle(parcel, Fate.SPOOLED)
            else:
                self.settle(parcel, Fate.EXPIRED, reason)
        return len(kept), len(left) - len(kept)

    def after_fork_in_child(self, backlog: _B) -> None:
        """Begin anew: what the parent holds, the parent delivers."""
        self._changed = threading.Condition()
        self._backlog = backlog
        self._under_way = set()
        self._lost = False

    def _tell_of_loss(self, fate: Fate, reason: str, items: int) -> None:
        if self._on_loss is not None and fate is not Fate.DELIVERED:
            self._on_loss(fate, reason, items)
