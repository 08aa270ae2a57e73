"""Failures that wait for the span of their request, bounded in time, number and bytes."""

import math
from collections.abc import Callable

from otel_bridge.convert.failures import Failure, Member, group
from otel_bridge.convert.recent import Climb, KeptSpan, Recent
from otel_bridge.convert.sighting import Sighting
from otel_bridge.wire.batch import StatusCode


class Waiting:
    """Sightings by trace, until their entry span is seen or they have waited long enough.

    Args:
        recent: Where ancestors are looked up.
        max_wait_s: Seconds from arrival after which a failure goes as it is.
        settle_s: Seconds without news of its trace before a failure goes.
        max_count: Sightings; above it the trace that waits longest goes early.
        max_bytes: The same in bytes.
    """

    def __init__(
        self, recent: Recent, *, max_wait_s: float, settle_s: float, max_count: int, max_bytes: int
    ) -> None:
        self._recent = recent
        self._max_wait_s = max_wait_s
        self._settle_s = settle_s
        self._max_count = max_count
        self._max_bytes = max_bytes
        self._traces: dict[bytes, list[Sighting]] = {}
        self._count = 0
        self._bytes = 0

    def __bool__(self) -> bool:
        return bool(self._traces)

    def __contains__(self, trace_id: bytes) -> bool:
        return trace_id in self._traces

    def __len__(self) -> int:
        """Return the number of sightings that wait."""
        return self._count

    def add(self, sighting: Sighting) -> None:
        """Let a sighting wait."""
        self._traces.setdefault(sighting.trace_id, []).append(sighting)
        self._count += 1
        self._bytes += sighting.size

    def ready(self, trace_id: bytes, now: float) -> list[Failure]:
        """Take the failures of a trace that are complete."""
        waiting = self._traces.get(trace_id, ())
        if len(waiting) == 1:
            # By far the commonest: one record, and its request is over.
            member = waiting[0], self._climb(waiting[0], now)
            if not self._is_ready([member], now):
                return []
            del self._traces[trace_id]
            self._count -= 1
            self._bytes -= waiting[0].size
            return [Failure((waiting[0],), member[1])]
        return self._take(trace_id, now, lambda members: self._is_ready(members, now))

    def due(self, now: float) -> list[Failure]:
        """Take the failures of any trace that are complete or have waited long enough."""
        taken: list[Failure] = []
        for trace_id, sightings in list(self._traces.items()):
            if self._settle_s or sightings[0].arrived + self._max_wait_s <= now:
                taken += self.ready(trace_id, now)
        return taken

    def overflow(self) -> list[Failure]:
        """Take failures early while there are too many."""
        taken: list[Failure] = []
        while self._traces and (self._count > self._max_count or self._bytes > self._max_bytes):
            taken += self._take(next(iter(self._traces)), math.inf, lambda _: True)
        return taken

    def flush(self) -> list[Failure]:
        """Take all of them, in the order in which they happened."""
        taken = [
            failure
            for trace_id in list(self._traces)
            for failure in self._take(trace_id, math.inf, lambda _: True)
        ]
        return sorted(taken, key=lambda failure: failure.sightings[0].time_ns)

    def _is_ready(self, members: list[Member], now: float) -> bool:
        first, climb = members[0]
        if first.arrived + self._max_wait_s <= now:
            return True
        if climb.entry is None:
            return False
        trace = self._recent.trace(first.trace_id)
        return not self._settle_s or trace is None or now - trace.seen >= self._settle_s

    def _climb(self, sighting: Sighting, now: float) -> Climb:
        """Go up to the entry span; one that has waited in vain is guessed from the time."""
        climb = self._recent.climb(sighting.trace_id, sighting.span_id)
        if climb.entry is None and sighting.arrived + self._max_wait_s <= now:
            around = self._recent.entries_around(
                sighting.trace_id, sighting.time_ns, sighting.resource
            )
            entry = _likely(around, sighting)
            return climb if entry is None else Climb(entry, entry.record.span_id, 1)
        return climb

    def _take(
        self,
        trace_id: bytes,
        now: float,
        wanted: Callable[[list[Member]], bool],
    ) -> list[Failure]:
        below: dict[bytes, list[Member]] = {}
        for sighting in self._traces.pop(trace_id, ()):
            climb = self._climb(sighting, now)
            below.setdefault(climb.top, []).append((sighting, climb))
        failures: list[Failure] = []
        kept: list[Sighting] = []
        for members in below.values():
            if wanted(members):
                self._count -= len(members)
                self._bytes -= sum(sighting.size for sighting, _ in members)
                failures += group(members)
            else:
                kept += (sighting for sighting, _ in members)
        if kept:
            self._traces[trace_id] = kept
        failures.sort(key=lambda failure: failure.sightings[0].time_ns)
        return failures


def _likely(entries: list[KeptSpan], sighting: Sighting) -> KeptSpan | None:
    """Return the entry span that a failure belongs to; None where several may be it.

    Of several the one that recorded the same exception, else the only one that failed like it.
    """
    if len(entries) > 1:
        kind, message = sighting.short_type.encode(), sighting.said.encode()
        told = [kept for kept in entries if kind in kept.record.raw and message in kept.record.raw]
        entries = told or [
            kept for kept in entries if kept.record.status == sighting.status == StatusCode.ERROR
        ]
    return entries[0] if len(entries) == 1 else None
