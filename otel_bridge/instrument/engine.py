"""The machinery of one process: hand-over queue, worker thread, pipeline and destinations.

An engine is never repaired after a fork; the child builds a new one.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from opentelemetry.sdk.trace import ReadableSpan

from otel_bridge.convert.live import LiveException
from otel_bridge.instrument.encoding import Encoding
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.unsampled import UnsampledGate
from otel_bridge.pipeline import Pipeline
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.clean import CleanBatch, CleanEvent

CHUNK = 512
"""Items that are encoded, scrubbed and offered at a time; also what wakes the worker early."""
QUEUE_LIMIT = 8192
"""Ended spans that may wait for the worker. At 5 KB each the SDK's objects hold about 40 MB."""
ERROR_RESERVE = 1024
"""Places beyond the limit for spans with an exception, so that a burst of spans loses no error."""
LOG_LIMIT = QUEUE_LIMIT // 2
"""Log records stop being taken here, so that a flood of them leaves room for spans."""
INTERVAL_S = 0.5
"""The worker looks at least this often; an exception wakes it at once."""


class EventSink(Protocol):
    """Where error events go."""

    def offer(self, event: CleanEvent) -> None:
        """Take an event over; never block, never raise."""

    def start(self) -> None:
        """Begin to work."""

    def flush(self, timeout: float) -> bool:
        """Deliver what was offered so far; False if that took over ``timeout`` seconds."""

    def shutdown(self, timeout: float) -> bool:
        """Flush and stop."""


class BatchSink(Protocol):
    """Where clean telemetry goes."""

    def offer(self, batch: CleanBatch) -> None:
        """Take a batch over; never block, never raise."""

    def start(self) -> None:
        """Begin to work."""

    def flush(self, timeout: float) -> bool:
        """Deliver what was offered so far; False if that took over ``timeout`` seconds."""

    def shutdown(self, timeout: float) -> bool:
        """Flush and stop."""


class PutLog(NamedTuple):
    """A log record on its way to the worker."""

    record: Any
    """A readable log record of the SDK, or one shaped like it."""
    live: LiveException | None = None
    """The exception it tells of, read while it was alive."""
    forward: bool = True
    """Whether it is telemetry to forward, or only what events are made of."""
    is_urgent: bool = False
    """Whether it asks for an error event."""


@dataclass(slots=True)
class _Barrier:
    """Travels through the queue behind what was put before it."""

    passed: threading.Event


_HEAD_SAMPLED = Fate.SAMPLED_OUT, "head"
_NOT_WANTED = Fate.FILTERED, "not_forwarded"
_NO_DESTINATION = Fate.FILTERED, "no_destination"


class Engine:
    """Take spans and logs from the application's threads and see them through to the destinations.

    Args:
        pipeline: The stages.
        events: The destination of error events.
        batches: The destination of telemetry, or None when nothing is forwarded.
        stats: Where fates are counted.
        guard: Keeps our faults away from the host.
        clock: Seconds on a clock that never goes back.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        events: EventSink,
        batches: BatchSink | None,
        stats: Stats,
        guard: Guard,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.stats = stats
        self._pipeline = pipeline
        self._events = events
        self._batches = batches
        self.guard = guard
        self._clock = clock
        self._encoding = Encoding(stats, guard)
        self._unsampled = UnsampledGate(wants_roots=pipeline.counts_requests)
        self._queue: deque[ReadableSpan | PutLog | _Barrier] = deque()
        self._live: dict[tuple[bytes, bytes], LiveException] = {}
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="otel-bridge-worker", daemon=True)

    def start(self) -> None:
        """Start the worker and the destinations."""
        for sink in self._sinks():
            sink.start()
        self._thread.start()

    def put(self, span: ReadableSpan) -> None:
        """Hand an ended span over. Called on the application's threads: a bounded append."""
        if self._is_unwanted(span):
            return
        waiting = len(self._queue)
        if waiting >= QUEUE_LIMIT or self._stopping:
            self._drop(Kind.SPAN)
            return
        self._queue.append(span)
        if waiting + 1 >= CHUNK:
            self._wake.set()

    def put_error(self, span: ReadableSpan, live: LiveException | None) -> None:
        """Hand over a span that carries an exception, with the exception if it is at hand."""
        if self._is_unwanted(span):
            return
        if len(self._queue) >= QUEUE_LIMIT + ERROR_RESERVE or self._stopping:
            self._drop(Kind.SPAN)
            return
        context = span.context
        if live is not None and context is not None:
            self._live[
                context.trace_id.to_bytes(16, "big"), context.span_id.to_bytes(8, "big")
            ] = live
        self._queue.append(span)
        self._wake.set()

    def put_log(self, log: PutLog) -> None:
        """Hand a log record over. Called on the application's threads: a bounded append."""
        if log.is_urgent:
            self._unsampled.note(_trace_of(log.record))
        waiting = len(self._queue)
        limit = QUEUE_LIMIT + ERROR_RESERVE if log.is_urgent else LOG_LIMIT
        if waiting >= limit or self._stopping:
            self._drop(Kind.LOG)
            return
        self._queue.append(log)
        if log.is_urgent or waiting + 1 >= CHUNK:
            self._wake.set()

    @property
    def scrubber(self) -> Scrubber:
        """The scrub stage. Any thread may use it."""
        return self._pipeline.scrubber

    def flush(self, timeout: float) -> bool:
        """See everything that was put so far through to its destination.

        Args:
            timeout: Seconds to spend at the most.

        Returns:
            True only if every destination says that all of it has arrived.
        """
        deadline = self._clock() + timeout
        barrier = _Barrier(threading.Event())
        self._queue.append(barrier)
        self._wake.set()
        done = self._thread.is_alive() and barrier.passed.wait(timeout)
        for sink in self._sinks():
            done = sink.flush(max(0.0, deadline - self._clock())) and done
        return done

    def shutdown(self, timeout: float) -> bool:
        """Flush, then stop the worker and the destinations, within ``timeout`` seconds."""
        deadline = self._clock() + timeout
        done = self.flush(timeout)
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(max(0.0, deadline - self._clock()))
        for sink in self._sinks():
            done = sink.shutdown(max(0.0, deadline - self._clock())) and done
        return done

    def _sinks(self) -> Iterable[EventSink | BatchSink]:
        return (self._events,) if self._batches is None else (self._events, self._batches)

    def _is_unwanted(self, span: ReadableSpan) -> bool:
        """Return whether a span is of an unsampled trace and no error needs it; count it then."""
        context = getattr(span, "context", None)
        if context is None or context.trace_flags.sampled or self._unsampled.wants(span):
            return False
        fate, reason = _HEAD_SAMPLED
        self.stats.received(Kind.SPAN)
        self.stats.fate(Kind.SPAN, fate, reason=reason)
        return True

    def _drop(self, kind: Kind) -> None:
        self.stats.received(kind)
        if self._stopping:
            self.stats.fate(kind, Fate.EXPIRED, reason="after_shutdown")
        else:
            self.stats.fate(kind, Fate.QUEUE_FULL)
            self._wake.set()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(INTERVAL_S)
            self._wake.clear()
            with self.guard("worker"):
                self._empty_queue()
                self._offer_events(self._pipeline.due(self._clock()))
                self._forward(Kind.SPAN, self._pipeline.due_batch(self._clock()))

    def _empty_queue(self) -> None:
        while self._queue:
            spans: list[ReadableSpan] = []
            logs: list[PutLog] = []
            barrier = None
            while self._queue and barrier is None and len(spans) + len(logs) < CHUNK:
                item = self._queue.popleft()
                if isinstance(item, _Barrier):
                    barrier = item
                elif isinstance(item, PutLog):
                    logs.append(item)
                else:
                    spans.append(item)
            # Logs first: the span of a request ends after its logs, and completes its event.
            self._process_logs(logs)
            self._process_spans(spans)
            if barrier is not None:
                self._offer_events(self._pipeline.drain())
                self._forward(Kind.SPAN, self._pipeline.drain_batch(self._clock()))
                barrier.passed.set()

    def _process_spans(self, spans: list[ReadableSpan]) -> None:
        live, self._live = self._live, {}
        sampled: list[ReadableSpan] = []
        unsampled: list[ReadableSpan] = []
        for span in spans:
            context = getattr(span, "context", None)
            (sampled if context is None or context.trace_flags.sampled else unsampled).append(span)
        for chosen, kept_back in ((sampled, None), (unsampled, _HEAD_SAMPLED)):
            if chosen:
                with self.guard("pipeline"):
                    self._accept(Kind.SPAN, self._encoding.spans(chosen), kept_back, live)

    def _process_logs(self, logs: list[PutLog]) -> None:
        groups = (
            ([log.record for log in logs if log.live is None and log.forward], None),
            ([log.record for log in logs if log.live is None and not log.forward], _NOT_WANTED),
        )
        for records, kept_back in groups:
            if records:
                with self.guard("pipeline"):
                    self._accept(Kind.LOG, self._encoding.logs(records), kept_back, {})
        for log in logs:
            if log.live is not None:
                # One at a time: several logs of one span may tell of exceptions of one type.
                with self.guard("pipeline"):
                    batch = self._encoding.logs([log.record])
                    live = {
                        (record.trace_id, record.span_id): log.live for record in batch.records()
                    }
                    self._accept(Kind.LOG, batch, None if log.forward else _NOT_WANTED, live)

    def _accept(
        self,
        kind: Kind,
        batch: Batch,
        kept_back: tuple[Fate, str] | None,
        live: Mapping[tuple[bytes, bytes], LiveException],
    ) -> None:
        """See a batch through the pipeline, and forward it unless it is to be kept back."""
        output = self._pipeline.accept(
            batch, self._clock(), live, sampled=kept_back is not _HEAD_SAMPLED
        )
        self._offer_events(output.events)
        self._forward(kind, output.batch, kept_back)

    def _forward(
        self, kind: Kind, clean: CleanBatch | None, kept_back: tuple[Fate, str] | None = None
    ) -> None:
        if clean is None or not len(clean):
            return
        if kept_back is None and self._batches is None:
            kept_back = _NO_DESTINATION
        if kept_back is not None:
            fate, reason = kept_back
            self.stats.fate(kind, fate, len(clean), reason=reason)
        elif self._batches is not None:
            self._batches.offer(clean)

    def _offer_events(self, events: Iterable[CleanEvent]) -> None:
        for event in events:
            self._events.offer(event)


def _trace_of(record: Any) -> int:  # noqa: ANN401  # a log record of the SDK, or one like it
    inner = getattr(record, "log_record", record)
    trace_id = getattr(inner, "trace_id", None)
    return trace_id if isinstance(trace_id, int) else 0
