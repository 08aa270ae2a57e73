"""A backlog whose parcels go to disk before they are sent. Its owner locks it."""

from collections import deque
from collections.abc import Iterable

from otel_bridge.send.clock import Clock
from otel_bridge.send.parcel import Parcel

_PATIENCE_S = 1.0
"""After so many seconds of one write, what has not begun to be written is sent without it."""
_RESIDENT_BYTES = 2**20
"""So many bytes that are on disk are kept in memory as well, to be sent without reading them."""
BATCH_BYTES = 2**20


class SpooledQueue:
    """Parcels on their way to the disk, and those that are there and wait to be sent.

    What the disk does not take waits in memory and is sent from there.

    Args:
        max_items: Items that may be in memory only.
        max_bytes: Bytes that may be in memory.
        clock: The time.
    """

    def __init__(self, max_items: int, max_bytes: int, clock: Clock) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._clock = clock
        self._unsaved: deque[Parcel] = deque()
        self._being_saved: list[Parcel] = []
        self._ready: deque[Parcel] = deque()
        self._volatile: set[Parcel] = set()
        """What is in memory only, wherever it is."""
        self._volatile_items = 0
        self._bytes = 0
        self._resident = 0
        self._saving_since: float | None = None
        self._disk_fails = False

    def offer(self, parcel: Parcel) -> bool:
        """Take a parcel in, or say that there is no room."""
        items = self._volatile_items + parcel.items
        if items > self._max_items or self._bytes + parcel.cost > self._max_bytes:
            return False
        self._volatile.add(parcel)
        self._volatile_items = items
        self._bytes += parcel.cost
        self._unsaved.append(parcel)
        return True

    def take(self) -> Parcel | None:
        """Take out the next parcel: one that is on disk, unless the disk does not work."""
        if self._ready:
            return self._ready.popleft()
        if self._unsaved and (self._disk_fails or self._disk_hangs()):
            return self._unsaved.popleft()
        return None

    def put_back(self, parcel: Parcel, *, last: bool) -> None:
        """Return a parcel that was taken, to the front or to the end."""
        line = self._ready if parcel.slot else self._unsaved
        if last:
            line.append(parcel)
        else:
            line.appendleft(parcel)

    def done(self, parcel: Parcel) -> None:
        """Forget a parcel that was taken."""
        if parcel in self._volatile:
            self._volatile.remove(parcel)
            self._volatile_items -= parcel.items
            self._bytes -= parcel.cost
        elif parcel.body is not None:
            self._release(parcel)

    def drain(self) -> list[Parcel]:
        """Take out everything."""
        drained = [*self._unsaved, *self._being_saved, *self._ready]
        for line in (self._unsaved, self._being_saved, self._ready):
            line.clear()
        return drained

    def __len__(self) -> int:
        """Return the number of parcels that wait, without those that were taken."""
        return len(self._unsaved) + len(self._being_saved) + len(self._ready)

    @property
    def ready(self) -> int:
        """Parcels that are on disk and wait to be sent."""
        return len(self._ready)

    @property
    def unsaved(self) -> int:
        """Parcels that wait to be written."""
        return len(self._unsaved)

    @property
    def disk_fails(self) -> bool:
        """Whether the last write failed."""
        return self._disk_fails

    def to_save(self) -> list[Parcel]:
        """Take out the next parcels to be written."""
        size = 0
        while self._unsaved and size < BATCH_BYTES:
            parcel = self._unsaved.popleft()
            size += parcel.cost
            self._being_saved.append(parcel)
        if self._being_saved:
            self._saving_since = self._clock.monotonic()
        return list(self._being_saved)

    def saved(self) -> None:
        """Note that what was to be written now has its place on disk."""
        for parcel in self._being_saved:
            self._volatile.discard(parcel)
            self._volatile_items -= parcel.items
            self._keep_or_release(parcel)
        self._ready.extend(self._being_saved)
        self._end_saving(fails=False)

    def not_saved(self) -> None:
        """Note that the disk did not take what was to be written."""
        self._unsaved.extendleft(reversed(self._being_saved))
        self._end_saving(fails=True)

    def recovered(self, parcels: Iterable[Parcel]) -> None:
        """Take in what another process left on disk; it is older than what is here."""
        self._ready.extendleft(reversed(list(parcels)))

    def evict(self, segment: object) -> list[Parcel]:
        """Take out what waits in one segment."""
        evicted = [each for each in self._ready if getattr(each.slot, "segment", None) is segment]
        gone = set(evicted)
        self._ready = deque(each for each in self._ready if each not in gone)
        return evicted

    def _keep_or_release(self, parcel: Parcel) -> None:
        if self._resident + parcel.cost <= _RESIDENT_BYTES:
            self._resident += parcel.cost
        else:
            self._bytes -= parcel.cost
            parcel.body = None

    def _release(self, parcel: Parcel) -> None:
        self._resident -= parcel.cost
        self._bytes -= parcel.cost
        parcel.body = None

    def _end_saving(self, *, fails: bool) -> None:
        self._being_saved = []
        self._saving_since = None
        self._disk_fails = fails

    def _disk_hangs(self) -> bool:
        since = self._saving_since
        return since is not None and self._clock.monotonic() - since > _PATIENCE_S
