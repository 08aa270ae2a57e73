"""The machinery of one process: hand-over queue, worker thread, pipeline and destinations.

An engine is never repaired after a fork; the child builds a new one.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from opentelemetry.sdk.trace import ReadableSpan

from otel_bridge.convert.live import LiveException
from otel_bridge.instrument.guard import Guard
from otel_bridge.pipeline import Output, Pipeline
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.clean import CleanBatch, CleanEvent
from otel_bridge.wire.encode import SpanEncoder

CHUNK = 512
"""Spans that are encoded, scrubbed and offered at a time; also what wakes the worker early."""
QUEUE_LIMIT = 8192
"""Ended spans that may wait for the worker. At 5 KB each the SDK's objects hold about 40 MB."""
ERROR_RESERVE = 1024
"""Places beyond the limit for spans with an exception, so that a burst of spans loses no error."""
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


@dataclass(slots=True)
class _Barrier:
    """Travels through the queue behind what was put before it."""

    passed: threading.Event


class Engine:
    """Take ended spans from the application's threads and see them through to the destinations.

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
        self._encoder = SpanEncoder()
        self._queue: deque[ReadableSpan | _Barrier] = deque()
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
        waiting = len(self._queue)
        if waiting >= QUEUE_LIMIT or self._stopping:
            self._drop()
            return
        self._queue.append(span)
        if waiting + 1 >= CHUNK:
            self._wake.set()

    def put_error(self, span: ReadableSpan, live: LiveException | None) -> None:
        """Hand over a span that carries an exception, with the exception if it is at hand."""
        if len(self._queue) >= QUEUE_LIMIT + ERROR_RESERVE or self._stopping:
            self._drop()
            return
        context = span.context
        if live is not None and context is not None:
            self._live[
                context.trace_id.to_bytes(16, "big"), context.span_id.to_bytes(8, "big")
            ] = live
        self._queue.append(span)
        self._wake.set()

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

    def _drop(self) -> None:
        self.stats.received(Kind.SPAN)
        if self._stopping:
            self.stats.fate(Kind.SPAN, Fate.EXPIRED, reason="after_shutdown")
        else:
            self.stats.fate(Kind.SPAN, Fate.QUEUE_FULL)
            self._wake.set()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(INTERVAL_S)
            self._wake.clear()
            with self.guard("worker"):
                self._empty_queue()
                self._offer_events(self._pipeline.due(self._clock()))

    def _empty_queue(self) -> None:
        while self._queue:
            spans: list[ReadableSpan] = []
            barrier = None
            while self._queue and barrier is None and len(spans) < CHUNK:
                item = self._queue.popleft()
                if isinstance(item, _Barrier):
                    barrier = item
                else:
                    spans.append(item)
            self._process(spans)
            if barrier is not None:
                self._offer_events(self._pipeline.drain())
                barrier.passed.set()

    def _process(self, spans: list[ReadableSpan]) -> None:
        live, self._live = self._live, {}
        sampled: list[ReadableSpan] = []
        unsampled: list[ReadableSpan] = []
        for span in spans:
            context = getattr(span, "context", None)
            (sampled if context is None or context.trace_flags.sampled else unsampled).append(span)
        for chosen, forward in ((sampled, True), (unsampled, False)):
            if chosen:
                with self.guard("pipeline"):
                    batch = self._encoded(chosen)
                    self._offer(self._pipeline.accept(batch, self._clock(), live), forward=forward)

    def _encoded(self, spans: list[ReadableSpan]) -> Batch:
        try:
            return self._encoder.batch(spans)
        except Exception:  # noqa: BLE001  # one bad span must not take the others with it
            return self._encoder.batch([span for span in spans if self._is_encodable(span)])

    def _is_encodable(self, span: ReadableSpan) -> bool:
        try:
            self._encoder.record(span)
        except Exception:  # noqa: BLE001  # counted, and the others go on
            self.guard.tell("encode")
            self.stats.received(Kind.SPAN)
            self.stats.fate(Kind.SPAN, Fate.REFUSED, reason="not_encodable")
            return False
        return True

    def _offer(self, output: Output, *, forward: bool) -> None:
        self._offer_events(output.events)
        batch = output.batch
        if batch is None or not len(batch):
            return
        if not forward:
            self.stats.fate(Kind.SPAN, Fate.SAMPLED_OUT, len(batch), reason="head")
        elif self._batches is None:
            self.stats.fate(Kind.SPAN, Fate.FILTERED, len(batch), reason="no_destination")
        else:
            self._batches.offer(batch)

    def _offer_events(self, events: Iterable[CleanEvent]) -> None:
        for event in events:
            self._events.offer(event)
