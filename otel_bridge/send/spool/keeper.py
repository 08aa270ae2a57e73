"""Moves parcels from memory to disk, and finds what other processes left there.

One step does at most one write; who calls the steps, and when, is not decided here.
"""

from otel_bridge.send.clock import Clock
from otel_bridge.send.ledger import Ledger
from otel_bridge.send.notices import Notices
from otel_bridge.send.options import SendOptions
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.spool.queue import SpooledQueue
from otel_bridge.send.spool.store import Spool
from otel_bridge.stats import Fate, Stats

_RETRY_DISK_S = 5.0
_FEW = 1_000
"""Only with fewer parcels waiting is more taken over from processes that are gone."""


class Keeper:
    """Looks after one destination's spool.

    Args:
        spool: The folder.
        ledger: Who holds what.
        options: When to sync and to look around.
        stats: Where fates and faults are counted.
        clock: The time.
        notices: Where the people who run the host are told.
    """

    def __init__(
        self,
        spool: Spool,
        ledger: Ledger[SpooledQueue],
        options: SendOptions,
        stats: Stats,
        clock: Clock,
        notices: Notices,
    ) -> None:
        self._spool = spool
        self._ledger = ledger
        self._options = options
        self._stats = stats
        self._clock = clock
        self._notices = notices
        self._look_at = clock.monotonic()
        self._sync_at = 0.0
        self._retry_disk_at = 0.0
        self.has_more = False
        """Whether the last step made parcels ready to be sent."""

    def step(self) -> float | None:
        """Write what waits, sync if it is time, look for what was left behind.

        Returns:
            Seconds until the next step is worth it.
        """
        now = self._clock.monotonic()
        self.has_more = False
        saved = self._save()
        if saved and self._options.spool_fsync == "always":
            self._sync()
        if now >= self._look_at:
            self._look_around(now)
        if self._spool.is_dirty and self._options.spool_fsync == "interval":
            if now >= self._sync_at:
                self._sync()
                self._sync_at = now + self._options.spool_fsync_interval_s
            else:
                return self._wait(now, self._sync_at)
        return self._wait(now, self._look_at)

    def save_all(self) -> None:
        """Write down everything, as far as the disk takes it, also if it has just failed."""
        self._retry_disk_at = 0.0
        while self._save():
            pass
        if self._options.spool_fsync != "never":
            self._sync()

    def close(self) -> None:
        """Let go of the files; what waits in them is for the next process."""
        self._spool.close()

    def after_fork_in_child(self) -> None:
        """Begin anew: what the parent wrote, the parent delivers."""
        self._spool.after_fork_in_child()
        self._look_at = self._clock.monotonic() + self._options.spool_scan_s

    def _wait(self, now: float, until: float) -> float:
        with self._ledger.locked() as queue:
            if queue.unsaved and not queue.disk_fails:
                return 0.0
            wait = max(0.0, until - now)
            return min(wait, _RETRY_DISK_S) if queue.unsaved else wait

    def _save(self) -> bool:
        """Write the next parcels; False if there are none or the disk does not take them."""
        if self._clock.monotonic() < self._retry_disk_at:
            return False
        with self._ledger.locked() as queue:
            parcels = queue.to_save()
        if not parcels:
            return False
        try:
            self._make_room(parcels)
            self._spool.append(parcels)
        except OSError as error:
            self._keep_in_memory(error)
            return False
        with self._ledger.locked() as queue:
            queue.saved()
        self.has_more = True
        return True

    def _keep_in_memory(self, error: OSError) -> None:
        with self._ledger.locked() as queue:
            queue.not_saved()
        self.has_more = True
        self._retry_disk_at = self._clock.monotonic() + _RETRY_DISK_S
        self._stats.fault("spool")
        self._notices.warn("disk", f"spool takes nothing, errors wait in memory: {error.strerror}")

    def _make_room(self, parcels: list[Parcel]) -> None:
        """Throw away the oldest parcels that are ours, as many as the size limit wants.

        Raises:
            OSError: The room is taken by other processes.
        """
        while self._spool.exceeds(parcels):
            segment = self._spool.oldest()
            with self._ledger.locked() as queue:
                evicted = queue.evict(segment)
            segment.remove()
            for parcel in evicted:
                self._ledger.turn_away(parcel, Fate.EXPIRED, "spool_size")
            self._notices.warn("size", f"spool is full, {len(evicted)} oldest parcels dropped")

    def _sync(self) -> None:
        try:
            self._spool.sync()
        except OSError as error:
            self._stats.fault("spool_sync")
            self._notices.warn("disk", f"spool cannot be synced: {error.strerror}")

    def _look_around(self, now: float) -> None:
        self._look_at = now + self._options.spool_scan_s
        with self._ledger.locked() as queue:
            has_enough = queue.ready >= _FEW
        if has_enough:
            return
        try:
            found = self._spool.recover()
        except OSError as error:
            self._stats.fault("spool")
            self._notices.warn("disk", f"spool cannot be read: {error.strerror}")
            return
        for _ in range(found.damaged):
            self._stats.fault("spool_damaged")
        if found.damaged:
            self._notices.warn("damage", f"skipped {found.damaged} damaged parts of the spool")
        for parcel in found.parcels:
            self._stats.received(parcel.kind, parcel.items)
        with self._ledger.locked() as queue:
            queue.recovered(found.parcels)
        if found.parcels or found.damaged:
            self.has_more = True
            self._look_at = now  # there may be more
