"""The spans and logs that came by lately, by trace: ancestry, requests and breadcrumbs.

Bounded in records, bytes and age; what is forgotten costs an event its context, never the event.
Nearly all that is kept is never asked for, so keeping is what has to be cheap.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from otel_bridge.wire.batch import LogRecord, SpanKind, SpanRecord

_MAX_DEPTH = 1_000
"""Deeper trees, and circles, end the climb."""
_ENTRY_KINDS = frozenset({SpanKind.SERVER, SpanKind.CONSUMER})
_OVERHEAD = 300
"""Bytes that a record costs beyond its payload."""


class KeptSpan(NamedTuple):
    """A span and what it came with."""

    record: SpanRecord
    resource: bytes
    scope: bytes


class KeptLog(NamedTuple):
    """A log record and what it came with."""

    record: LogRecord
    resource: bytes
    scope: bytes


_Flat = tuple[Any, ...]
"""The fields of a span's record, then its resource and scope. The garbage collector stops looking
at a plain tuple of bytes and numbers, and would look at every record time and again."""
_FIELDS = len(SpanRecord._fields)

_new = tuple.__new__  # a NamedTuple's own constructor takes twice as long


def _kept(flat: _Flat) -> KeptSpan:
    return _new(KeptSpan, (_new(SpanRecord, flat[:_FIELDS]), flat[-2], flat[-1]))


class Climb(NamedTuple):
    """The way from a span up to the span where its process was entered."""

    entry: KeptSpan | None
    """None while that span has not been seen."""
    top: bytes
    """Id of the entry span, or of the lowest ancestor that has not been seen."""
    depth: int


class Trace:
    """What was seen of one trace."""

    __slots__ = ("climbs", "flat", "logs", "seen", "size")

    def __init__(self) -> None:
        self.flat: dict[bytes, _Flat] = {}
        """Spans by id."""
        self.climbs: dict[bytes, Climb] = {}
        """Ways up that were found since the last span came."""
        self.logs: list[KeptLog] = []
        self.size = 0
        self.seen = 0.0

    def __len__(self) -> int:
        return len(self.flat) + len(self.logs)

    def span(self, span_id: bytes) -> KeptSpan | None:
        """Return a span, if it was seen."""
        flat = self.flat.get(span_id)
        return None if flat is None else _kept(flat)

    def spans(self) -> Iterator[KeptSpan]:
        """Yield the spans, those that were seen first at the end."""
        return map(_kept, reversed(self.flat.values()))


def is_entry(record: SpanRecord) -> bool:
    """Whether a request, message or job of its own begins with this span."""
    return record.kind in _ENTRY_KINDS or record.is_local_root


class Recent:
    """Memory of records.

    Args:
        max_records: Spans and logs of all traces together.
        max_bytes: Payload and bookkeeping of all of them.
        max_age_s: Seconds after which an untouched trace is forgotten.
    """

    def __init__(self, max_records: int, max_bytes: int, max_age_s: float) -> None:
        self._max_records = max_records
        self._max_bytes = max_bytes
        self._max_age_s = max_age_s
        self._traces: OrderedDict[bytes, Trace] = OrderedDict()
        self._records = 0
        self._bytes = 0

    def keep_spans(
        self, records: Iterable[SpanRecord], resource: bytes, scope: bytes, now: float
    ) -> None:
        """Remember spans of one scope."""
        where = resource, scope
        touched, trace, flat = None, Trace(), {}
        for record in records:
            trace_id, span_id = record.trace_id, record.span_id
            if trace_id != touched:
                trace = self._touch(trace_id, now)
                touched, flat = trace_id, trace.flat
                trace.climbs = {}
            before = flat.get(span_id)
            if before is None:
                self._grow(trace, len(record.raw))
            else:
                more = len(record.raw) - len(_kept(before).record.raw)
                trace.size += more
                self._bytes += more
            flat[span_id] = record + where

    def keep_log(self, record: LogRecord, resource: bytes, scope: bytes, now: float) -> None:
        """Remember a log record of a trace."""
        trace = self._touch(record.trace_id, now)
        self._grow(trace, len(record.raw))
        trace.logs.append(KeptLog(record, resource, scope))

    def trace(self, trace_id: bytes) -> Trace | None:
        """Return what is remembered of a trace."""
        return self._traces.get(trace_id)

    def span(self, trace_id: bytes, span_id: bytes) -> KeptSpan | None:
        """Return a span, if it was seen."""
        trace = self._traces.get(trace_id)
        return None if trace is None else trace.span(span_id)

    def ancestors(self, trace_id: bytes, span_id: bytes) -> Iterator[bytes]:
        """Yield the id of a span and of everything above it, as far as it was seen."""
        trace = self._traces.get(trace_id)
        for _ in range(_MAX_DEPTH):
            yield span_id
            kept = trace.span(span_id) if trace is not None else None
            if kept is None or not kept.record.parent_span_id:
                return
            span_id = kept.record.parent_span_id

    def climb(self, trace_id: bytes, span_id: bytes) -> Climb:
        """Go up to the entry span: SERVER, CONSUMER, or without a parent in its process."""
        trace = self._traces.get(trace_id)
        if trace is None:
            return Climb(None, span_id, 0)
        way: list[bytes] = []
        while (found := trace.climbs.get(span_id)) is None:
            kept = trace.span(span_id)
            if kept is None or is_entry(kept.record) or len(way) == _MAX_DEPTH:
                whole = kept is not None and is_entry(kept.record)
                found = Climb(kept if whole else None, span_id, 0)
                break
            way.append(span_id)
            span_id = kept.record.parent_span_id
        for steps, passed in enumerate(reversed(way), start=1):
            trace.climbs[passed] = Climb(found.entry, found.top, found.depth + steps)
        return trace.climbs[way[0]] if way else found

    def entries_around(self, trace_id: bytes, time_ns: int, resource: bytes) -> list[KeptSpan]:
        """Return the entry spans of a process that were open at a time, without those around them.

        For records whose parents never came: dropped, or lost on the way.
        """
        trace = self._traces.get(trace_id)
        kept_spans = () if trace is None else map(_kept, trace.flat.values())
        found = {
            kept.record.span_id: kept
            for kept in kept_spans
            if kept.record.start_ns <= time_ns <= kept.record.end_ns
            and is_entry(kept.record)
            and kept.resource == resource
        }
        if len(found) > 1:
            around = {
                above
                for span_id in found
                for above in self.ancestors(trace_id, span_id)
                if above != span_id
            }
            return [kept for span_id, kept in found.items() if span_id not in around]
        return list(found.values())

    def trim(self, now: float) -> None:
        """Forget what is too old or too much, the oldest traces first."""
        traces = self._traces
        while traces:
            oldest = next(iter(traces))
            trace = traces[oldest]
            full = self._records > self._max_records or self._bytes > self._max_bytes
            if not full and now - trace.seen <= self._max_age_s:
                return
            if not full or len(traces) > 1:
                del traces[oldest]
                self._records -= len(trace)
                self._bytes -= trace.size
            elif not self._shorten(trace):
                return

    def _touch(self, trace_id: bytes, now: float) -> Trace:
        trace = self._traces.get(trace_id)
        if trace is None:
            trace = self._traces[trace_id] = Trace()
        else:
            self._traces.move_to_end(trace_id)
        trace.seen = now
        return trace

    def _grow(self, trace: Trace, payload: int) -> None:
        size = payload + _OVERHEAD
        trace.size += size
        self._records += 1
        self._bytes += size

    def _shorten(self, trace: Trace) -> bool:
        """Forget the older half of the only trace there is."""
        before_records, before_bytes = len(trace), trace.size
        for span_id in list(trace.flat)[: (len(trace.flat) + 1) // 2]:
            del trace.flat[span_id]
        del trace.logs[: (len(trace.logs) + 1) // 2]
        trace.size = sum(len(kept.record.raw) + _OVERHEAD for kept in trace.spans())
        trace.size += sum(len(kept.record.raw) + _OVERHEAD for kept in trace.logs)
        self._records -= before_records - len(trace)
        self._bytes -= before_bytes - trace.size
        return len(trace) < before_records
