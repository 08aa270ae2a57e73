"""The failures that have become events, so that none becomes a second one."""

from collections import OrderedDict

from otel_bridge.convert.failures import Failure
from otel_bridge.convert.identity import derived_id, is_event_id
from otel_bridge.convert.own_names import EVENT_ID
from otel_bridge.convert.recent import Recent
from otel_bridge.convert.sameness import same_failure
from otel_bridge.convert.sighting import Shape, Sighting

_PER_TRACE = 64
"""Failures of one trace that later records are compared with, the newest."""


class Remembered:
    """Memory of failures: by event id, and by trace for records that come later.

    Args:
        recent: Where ancestors are looked up.
        window_s: Seconds that a failure is remembered.
        max_count: Events remembered; the oldest are forgotten first.
    """

    def __init__(self, recent: Recent, *, window_s: float, max_count: int) -> None:
        self._recent = recent
        self._window_s = window_s
        self._max_count = max_count
        self._events: OrderedDict[str, float] = OrderedDict()
        self._traces: OrderedDict[bytes, list[tuple[Sighting, bytes]]] = OrderedDict()
        self._sightings = 0

    def is_known(self, failure: Failure, event_id: str, now: float) -> bool:
        """Whether a failure has been an event before; its new records are, from now on."""
        self._forget(now)
        known = event_id in self._events or self._is_known(failure)
        if known:
            self._remember(failure)
        return known

    def remember(self, failure: Failure, event_id: str, now: float) -> None:
        """Note that a failure is an event."""
        self._events[event_id] = now
        self._remember(failure)

    def identify(self, failure: Failure) -> str:
        """Return the id of a failure's event.

        The same exception may be raised at two places below one span, caught at the first: the
        second is told from it by its place.
        """
        identity = event_id(failure)
        if identity not in self._events or self._is_known(failure):
            return identity
        first = (*failure.causes, *failure.sightings)[0]
        if not first.trace_id or not first.innermost:
            return identity
        ids = first.trace_id, first.span_id
        return derived_id(*ids, first.short_type, first.message, first.innermost)

    def _is_known(self, failure: Failure) -> bool:
        first = failure.sightings[0]
        seen = self._traces.get(first.trace_id, ()) if first.trace_id else ()
        if first.shape is Shape.FAILED_SPAN:
            return any(top == failure.climb.top for _, top in seen)
        return any(
            same_failure(sighting, known)
            and (top == failure.climb.top or self._is_related(sighting, known, top))
            for known, top in seen
            for sighting in failure.sightings
        )

    def _is_related(self, sighting: Sighting, known: Sighting, top: bytes) -> bool:
        """Whether one happened under the other or both under the same entry span."""
        trace_id, recent = sighting.trace_id, self._recent
        if recent.climb(trace_id, sighting.span_id).top in {
            top,
            recent.climb(trace_id, known.span_id).top,
        }:
            return True
        return known.span_id in recent.ancestors(
            trace_id, sighting.span_id
        ) or sighting.span_id in recent.ancestors(trace_id, known.span_id)

    def _remember(self, failure: Failure) -> None:
        first = failure.sightings[0]
        if not first.trace_id:
            return
        seen = self._traces.setdefault(first.trace_id, [])
        self._traces.move_to_end(first.trace_id)
        self._sightings -= len(seen)
        told = (*failure.sightings[:3], *failure.causes[:3])
        seen += ((sighting.brief(), failure.climb.top) for sighting in told)
        del seen[:-_PER_TRACE]
        self._sightings += len(seen)
        while self._sightings > self._max_count and len(self._traces) > 1:
            self._sightings -= len(self._traces.popitem(last=False)[1])

    def _forget(self, now: float) -> None:
        events = self._events
        while events:
            oldest = next(iter(events))
            if len(events) < self._max_count and now - events[oldest] <= self._window_s:
                break
            del events[oldest]


def event_id(failure: Failure) -> str:
    """Return the id of a failure's event: the same whenever the same telemetry comes again.

    What a door promised is kept. Else it is made of the first record of all, which is the deepest
    cause where there are causes.
    """
    told = (*failure.causes, *failure.sightings)
    for sighting in told:
        promised = sighting.attributes.get(EVENT_ID)
        if isinstance(promised, str) and is_event_id(promised):
            return promised
    first = told[0]
    if first.trace_id:
        return derived_id(first.trace_id, first.span_id, first.short_type, first.message)
    return derived_id(
        b"", b"", first.short_type, first.message, f"{first.time_ns}\n{first.stacktrace}"
    )
