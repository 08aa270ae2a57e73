"""A queue in memory that is bounded by items and by bytes. Its owner locks it."""

from collections import deque
from typing import Protocol

from otel_bridge.send.parcel import Parcel


class Backlog(Protocol):
    """What waits for delivery. Not thread-safe: its owner locks it."""

    def offer(self, parcel: Parcel) -> bool:
        """Take a parcel in, or say that there is no room."""

    def take(self) -> Parcel | None:
        """Take out the next parcel; it still occupies its room until it is put back or done."""

    def put_back(self, parcel: Parcel, *, last: bool) -> None:
        """Return a parcel that was taken, to the front or to the end."""

    def done(self, parcel: Parcel) -> None:
        """Forget a parcel that was taken."""

    def drain(self) -> list[Parcel]:
        """Take out everything."""

    def __len__(self) -> int:
        """Return the number of parcels that wait, without those that were taken."""


class BoundedQueue:
    """A backlog in memory. When it is full, what comes is turned away.

    The first errors of an incident say more than the last ones.

    Args:
        max_items: Items, of all parcels together.
        max_bytes: Bytes, of all parcels together.
    """

    def __init__(self, max_items: int, max_bytes: int) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._waiting: deque[Parcel] = deque()
        self._items = 0
        self._bytes = 0

    def offer(self, parcel: Parcel) -> bool:
        """Take a parcel in, or say that there is no room."""
        items = self._items + parcel.items
        size = self._bytes + parcel.cost
        if items > self._max_items or size > self._max_bytes:
            return False
        self._items, self._bytes = items, size
        self._waiting.append(parcel)
        return True

    def take(self) -> Parcel | None:
        """Take out the next parcel; it still occupies its room until it is put back or done."""
        return self._waiting.popleft() if self._waiting else None

    def put_back(self, parcel: Parcel, *, last: bool) -> None:
        """Return a parcel that was taken, to the front or to the end."""
        if last:
            self._waiting.append(parcel)
        else:
            self._waiting.appendleft(parcel)

    def done(self, parcel: Parcel) -> None:
        """Forget a parcel that was taken."""
        self._items -= parcel.items
        self._bytes -= parcel.cost

    def drain(self) -> list[Parcel]:
        """Take out everything."""
        drained = list(self._waiting)
        self._waiting.clear()
        return drained

    def __len__(self) -> int:
        """Return the number of parcels that wait, without those that were taken."""
        return len(self._waiting)
