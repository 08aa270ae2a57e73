"""Gathers small batches, so that each request to a destination has many records.

Every error wakes the worker, which then finds few spans. Each request costs as much CPU as some
hundred spans do, at both ends.
"""

from collections.abc import Callable

from otel_bridge.wire.batch import Signal
from otel_bridge.wire.clean import CleanBatch


class Outgoing:
    """Clean batches on their way to a destination. Not thread-safe.

    Args:
        offer: Takes a batch over.
        enough: Records that are offered without waiting for more.
        max_wait_s: Seconds that records may wait for others, and until somebody calls.
    """

    def __init__(
        self, offer: Callable[[CleanBatch], None], *, enough: int, max_wait_s: float
    ) -> None:
        self._offer = offer
        self._enough = enough
        self._max_wait_s = max_wait_s
        self._waiting: dict[Signal, list[CleanBatch]] = {}
        self._items = 0
        self._since = 0.0

    def add(self, batch: CleanBatch, now: float) -> None:
        """Take a batch, and offer what waits once that is enough.

        Args:
            batch: What is to go.
            now: Seconds on a clock that never goes back.
        """
        if not self._waiting:
            self._since = now
        self._waiting.setdefault(batch.signal, []).append(batch)
        self._items += len(batch)
        if self._items >= self._enough:
            self.release()

    def due(self, now: float) -> None:
        """Offer what has waited long enough."""
        if self._waiting and now - self._since >= self._max_wait_s:
            self.release()

    def release(self) -> None:
        """Offer everything; what fails for one signal leaves the other one waiting."""
        while self._waiting:
            first, *others = self._waiting.pop(next(iter(self._waiting)))
            self._items -= len(first) + sum(map(len, others))
            self._offer(first.merge(others) if others else first)
