"""The convert stage: batches of clean telemetry in, complete error events out."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar, cast

from google.protobuf.message import DecodeError

from otel_bridge.convert.build import EventBuilder
from otel_bridge.convert.event import ErrorEvent
from otel_bridge.convert.expected import CLIENT_ERROR
from otel_bridge.convert.failures import Failure
from otel_bridge.convert.live import LiveException
from otel_bridge.convert.loose import LooseLogs
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.convert.own_names import EVENT_ID
from otel_bridge.convert.recent import Climb, KeptLog, KeptSpan, Recent, is_entry
from otel_bridge.convert.remembered import Remembered
from otel_bridge.convert.sighting import (
    Shape,
    Sighting,
    failed_span_sighting,
    log_sighting,
    span_sightings,
)
from otel_bridge.convert.source import SourceReader
from otel_bridge.convert.waiting import Waiting
from otel_bridge.wire.batch import LogRecord, Signal, SpanRecord, StatusCode
from otel_bridge.wire.clean import CleanBatch

Live = LiveException
"""What may be handed in beside a batch: the exception of a span, read while it was alive."""

_Kept = TypeVar("_Kept", KeptSpan, KeptLog)
_EXCEPTION = b"exception"
_LOG_MARKS = (b"exception.", b"otel_bridge.message")


class Converter:
    """Finds failures in telemetry and makes one event of each. Not thread-safe.

    Args:
        options: What counts and how long one may wait.
        source: Reads the source of this process; None where the code is not here.
    """

    def __init__(self, options: ConvertOptions, source: SourceReader | None = None) -> None:
        self._options = options
        self._source = source
        self._recent = Recent(
            options.max_recent, options.max_recent_bytes, options.max_recent_age_s
        )
        self._waiting = Waiting(
            self._recent,
            max_wait_s=options.max_wait_s,
            settle_s=options.settle_s,
            max_count=options.max_waiting,
            max_bytes=options.max_waiting_bytes,
        )
        self._remembered = Remembered(
            self._recent, window_s=options.duplicate_window_s, max_count=options.max_remembered
        )
        self._loose = LooseLogs(
            wait_s=min(options.max_loose_wait_s, options.max_wait_s),
            max_count=options.max_waiting,
        )
        self._builder = EventBuilder(options, self._recent, source)
        self._failed_spans = options.failed_spans
        self._now = 0.0
        self._leaving: deque[Failure] = deque()
        self.duplicates = 0
        """Failures that were an event before."""
        self._exceptions: dict[str, object] = {}
        self.broken = 0
        """Failures of which no event could be made."""
        self.filtered: Counter[str] = Counter()
        """Failures that are no errors, by reason."""

    def add(
        self,
        batch: CleanBatch,
        now: float,
        live: Mapping[tuple[bytes, bytes], LiveException] | None = None,
    ) -> list[ErrorEvent]:
        """Take spans or logs in.

        Args:
            batch: Telemetry of one signal, in any order.
            now: Seconds on a clock that never goes back.
            live: Exceptions read while they were alive, by trace and span id.

        Returns:
            The events that are complete now.
        """
        self._now = max(self._now, now)
        touched: dict[bytes, None] = {}
        failures: list[Failure] = []
        for group in batch.resources:
            for scope in group.scopes:
                if batch.signal is Signal.TRACES:
                    self._add_spans(
                        cast("list[SpanRecord]", scope.records),
                        group.resource,
                        scope.scope,
                        touched,
                        live,
                    )
                    continue
                for record in scope.records:
                    failures += self._add_log(
                        cast("LogRecord", record), group.resource, scope.scope, touched, live
                    )
        for trace_id in touched:
            failures += self._waiting.ready(trace_id, self._now)
        failures += self._waiting.overflow()
        events = self._events(failures)
        self._recent.trim(self._now)
        return events

    def due(self, now: float) -> list[ErrorEvent]:
        """Return the events of failures that have waited long enough."""
        self._now = max(self._now, now)
        return self._events(self._waiting.due(self._now)) + self._events(
            map(_alone, self._loose.due(self._now))
        )

    def flush(self) -> list[ErrorEvent]:
        """Return the events of all failures that still wait."""
        return self._events(self._waiting.flush()) + self._events(map(_alone, self._loose.flush()))

    def flush_each(self) -> Iterator[list[ErrorEvent]]:
        """Do the same failure by failure, for those whose time may be over before the last."""
        for take in (self._waiting.flush, lambda: list(map(_alone, self._loose.flush()))):
            self._leaving.extend(take())
            while self._leaving:
                events = self._events([self._leaving[0]])
                self._leaving.popleft()
                yield events

    @property
    def waiting(self) -> int:
        """Records of failures that are no event yet."""
        return len(self._leaving) + len(self._waiting) + len(self._loose)

    def renewed(self) -> "Converter":
        """Return a converter with the same options that has seen nothing yet."""
        return Converter(self._options, self._source)

    def exception_of(self, event_id: str) -> object:
        """Return the living exception behind an event of the last call; None if none was kept."""
        return self._exceptions.get(event_id)

    def _keep_exception(self, failure: Failure, event_id: str) -> None:
        for sighting in failure.sightings:
            if sighting.live is not None and sighting.live.exception is not None:
                self._exceptions[event_id] = sighting.live.exception

    def _add_spans(
        self,
        records: list[SpanRecord],
        resource: bytes,
        scope: bytes,
        touched: dict[bytes, None],
        live: Mapping[tuple[bytes, bytes], LiveException] | None,
    ) -> None:
        self._recent.keep_spans(records, resource, scope, self._now)
        for record in self._telling(records):
            kept = KeptSpan(record, resource, scope)
            if _EXCEPTION in record.raw:
                for sighting in self._read(span_sightings, kept):
                    if live:
                        _attach(sighting, live)
                    self._wait(sighting, touched)
            if self._failed_spans and record.status == StatusCode.ERROR and is_entry(record):
                for failed in self._read(failed_span_sighting, kept):
                    self._wait(failed, touched)
            if record.trace_id in self._waiting and is_entry(record):
                touched[record.trace_id] = None

    def _telling(self, records: list[SpanRecord]) -> list[SpanRecord]:
        """Return the spans that may say something of a failure: few, and found without a loop."""
        if self._failed_spans or self._waiting:
            failed = StatusCode.ERROR if self._failed_spans else None
            return [
                record
                for record in records
                if (record.has_events and _EXCEPTION in record.raw)
                or record.trace_id in self._waiting
                or record.status == failed
            ]
        return [record for record in records if record.has_events and _EXCEPTION in record.raw]

    def _add_log(
        self,
        record: LogRecord,
        resource: bytes,
        scope: bytes,
        touched: dict[bytes, None],
        live: Mapping[tuple[bytes, bytes], LiveException] | None,
    ) -> list[Failure]:
        has_trace = any(record.trace_id)
        if has_trace:
            self._recent.keep_log(record, resource, scope, self._now)
        if not any(mark in record.raw for mark in _LOG_MARKS):
            return []
        failures: list[Failure] = []
        for sighting in self._read(log_sighting, KeptLog(record, resource, scope)):
            if live:
                _attach(sighting, live)
            if has_trace:
                self._wait(sighting, touched)
            else:
                failures += map(_alone, self._without_trace(sighting))
        return failures

    def _read(self, read: Callable[[_Kept], Iterator[Sighting]], kept: _Kept) -> list[Sighting]:
        """Read the failures of a record; one that cannot be read must not cost the others."""
        try:
            return list(read(kept))
        except DecodeError:
            self.broken += 1
            return []

    def _without_trace(self, sighting: Sighting) -> list[Sighting]:
        """Return what is a failure of its own now, of records outside any trace."""
        if sighting.shape is Shape.MESSAGE or EVENT_ID in sighting.attributes:
            return [sighting]
        if self._loose.is_told(sighting):
            self.duplicates += 1
            return []
        sighting.arrived = self._now
        return self._loose.wait(sighting)

    def _wait(self, sighting: Sighting, touched: dict[bytes, None]) -> None:
        sighting.arrived = self._now
        self._waiting.add(sighting)
        touched[sighting.trace_id] = None

    def _events(self, failures: Iterable[Failure]) -> list[ErrorEvent]:
        events = []
        # Whoever wants them has asked by now; longer would keep the host's objects alive.
        self._exceptions.clear()
        for failure in failures:
            for sighting in failure.sightings if failure.sightings[0].trace_id else ():
                self.duplicates += self._loose.tell(sighting)
            identity = self._remembered.identify(failure)
            if self._remembered.is_known(failure, identity, self._now):
                self.duplicates += 1
                continue
            try:
                event = self._event(failure, identity)
            except Exception:  # noqa: BLE001  # one odd failure must not take the others with it
                self.broken += 1
                continue
            if event is not None:
                events.append(event)
        return events

    def _event(self, failure: Failure, identity: str) -> ErrorEvent | None:
        facts = self._builder.facts(failure)
        reason = self._builder.reason_to_ignore(facts)
        # What became a 4xx is an error all the same if a log of it is still to come.
        if reason != CLIENT_ERROR:
            self._remembered.remember(failure, identity, self._now)
        if reason is not None:
            self.filtered[reason] += 1
            return None
        event = self._builder.build(facts, identity)
        self._keep_exception(failure, identity)
        return event


def _alone(sighting: Sighting) -> Failure:
    """Return the failure that a record outside any trace tells of."""
    return Failure((sighting,), Climb(None, b"", 0))


def _attach(sighting: Sighting, live: Mapping[tuple[bytes, bytes], LiveException]) -> None:
    """Give a sighting its living exception, if the names agree."""
    found = live.get((sighting.trace_id, sighting.span_id))
    if found is None or sighting.shape not in {Shape.SPAN_EVENT, Shape.LOG}:
        return
    if found.errors[-1].type.rpartition(".")[2] == sighting.short_type:
        sighting.live = found
