"""Requests, errors and durations by service and route, counted before anything is dropped.

A request is a span without a parent in its process. What is counted here is the truth that the
kept traces are a sample of.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from otel_bridge.sample.facts import ROUTE, Facts, service_of
from otel_bridge.sample.options import RedOptions
from otel_bridge.sample.probability import rate_of
from otel_bridge.sample.trace import OpenTrace
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.gather import CleanPlace, Places
from otel_bridge.wire.groups import SpanRecord, StatusCode
from otel_bridge.wire.peek import SpanParts

_REMOTE = 0x300
_MAX_NAME = 256
"""Characters of a service or route that tell it from others."""
_NS_PER_MS = 1_000_000


class SeriesKey(NamedTuple):
    """What a series is about."""

    service: str
    kind: int
    """OTLP span kind."""
    name: str
    """The route, else the span's name."""
    failed: bool
    """Whether the span's status is ERROR."""


OTHERS = SeriesKey("", 0, "", failed=False)
"""The series of everything that found no place of its own."""


class Series(NamedTuple):
    """The sums of one series since the start."""

    key: SeriesKey
    buckets: tuple[int, ...]
    """Requests by duration: up to each boundary, and above the last."""
    sum_ms: float
    lowest_ms: float
    highest_ms: float

    @property
    def requests(self) -> int:
        """Number of requests."""
        return sum(self.buckets)


class _Cell:
    __slots__ = ("buckets", "highest_ms", "lowest_ms", "sum_ms")

    def __init__(self, size: int) -> None:
        self.buckets: list[float] = [0] * size
        self.sum_ms = 0.0
        self.lowest_ms = float("inf")
        self.highest_ms = 0.0


class RedMetrics:
    """Count the requests of batches.

    Args:
        options: Boundaries and bounds.
    """

    def __init__(self, options: RedOptions) -> None:
        self.bounds_ms = options.buckets_ms
        self.interval_s = options.interval_s
        self._bounds = [bound * _NS_PER_MS for bound in options.buckets_ms]
        self._max_series = options.max_series
        self._weight: Callable[[SpanRecord], float] = (
            _adjusted_count if options.extrapolate else lambda _record: 1
        )
        self._places = Places()
        self._cells: dict[SeriesKey, _Cell] = {}

    def add(self, batch: CleanBatch) -> None:
        """Count the requests among the spans of a batch."""
        for place, records in self._places.of(batch):
            for record in records:
                if not record[2] or record[3] & _REMOTE == _REMOTE:
                    self._count(record, place)

    def series(self) -> list[Series]:
        """Return all sums. May be called while another thread counts."""
        return [
            Series(
                key,
                tuple(map(round, tuple(cell.buckets))),
                cell.sum_ms,
                cell.lowest_ms,
                cell.highest_ms,
            )
            for key, cell in list(self._cells.items())
        ]

    def _count(self, record: SpanRecord, place: CleanPlace) -> None:
        parts = SpanParts(record.raw)
        route = parts.value(ROUTE)
        key = SeriesKey(
            service_of(place.attributes)[:_MAX_NAME],
            record.kind,
            (route if isinstance(route, str) and route else parts.name)[:_MAX_NAME],
            record.status == StatusCode.ERROR,
        )
        cell = self._cells.get(key) or self._new_cell(key)
        duration = max(0, record.end_ns - record.start_ns)
        weight = self._weight(record)
        cell.buckets[bisect_left(self._bounds, duration)] += weight
        milliseconds = duration / _NS_PER_MS
        cell.sum_ms += milliseconds * weight
        cell.lowest_ms = min(cell.lowest_ms, milliseconds)
        cell.highest_ms = max(cell.highest_ms, milliseconds)

    def _new_cell(self, key: SeriesKey) -> _Cell:
        if len(self._cells) >= self._max_series:
            key = OTHERS
        return self._cells.setdefault(key, _Cell(len(self._bounds) + 1))


def _adjusted_count(record: SpanRecord) -> float:
    """Return how many spans a span stands for that was sampled before it came here."""
    alone = OpenTrace(record.trace_id, 0.0)
    alone.records.append(record)
    return 1 / rate_of(Facts(alone).upstream)
