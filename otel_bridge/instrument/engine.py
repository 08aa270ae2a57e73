"""The machinery of one process: hand-over queue, worker thread, pipeline and destinations.

running → draining (``shutdown`` was called) → closed. An engine is never repaired after a fork;
the child builds a new one.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from opentelemetry.sdk.trace import ReadableSpan

from otel_bridge.convert.live import LiveException
from otel_bridge.instrument.custody import Custody
from otel_bridge.instrument.encoding import Encoding
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.handover import CHUNK, HandOver, PutLog, Taken
from otel_bridge.instrument.narrator import Narrator
from otel_bridge.instrument.outgoing import Outgoing
from otel_bridge.instrument.overtime import LastingSink, Overtime
from otel_bridge.instrument.standby import Standby
from otel_bridge.instrument.strays import end_strays
from otel_bridge.instrument.unsampled import UnsampledGate
from otel_bridge.pipeline import Pipeline
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.send.transport import not_instrumented
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.clean import CleanBatch, CleanEvent

INTERVAL_S = 0.5
"""The worker looks at least this often; an exception wakes it at once."""
FORK_PATIENCE_S = 1.0
"""So long a fork waits for the worker to put its work down, which it mostly does at once."""

_Item_contra = TypeVar("_Item_contra", contravariant=True)


class Reporter(Protocol):
    """Something that works beside the engine and ends with it."""

    def start(self) -> None:
        """Begin to work."""

    def flush(self, timeout: float) -> bool:
        """Deliver what was offered so far; False if that took over ``timeout`` seconds."""

    def shutdown(self, timeout: float) -> bool:
        """Flush and stop."""


class EventSink(LastingSink, Reporter, Protocol):
    """Where error events go."""


class Sink(Reporter, Protocol[_Item_contra]):
    """Where clean things go."""

    def offer(self, item: _Item_contra, /) -> None:
        """Take something over; never block, never raise."""


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
        reporter: Reports on what the pipeline sums up.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        events: EventSink,
        batches: Sink[CleanBatch] | None,
        stats: Stats,
        guard: Guard,
        clock: Callable[[], float] = time.monotonic,
        *,
        reporter: Reporter | None = None,
    ) -> None:
        self.narrator: Narrator | None = None
        """Tells what happens, if somebody wants to know."""
        self.stats = stats
        self.guard = guard
        self._pipeline = pipeline
        self._events = events
        self._batches = batches
        offer = (lambda _: None) if batches is None else batches.offer  # nobody adds where None
        self._outgoing = Outgoing(offer, enough=CHUNK, max_wait_s=INTERVAL_S / 2)
        self._reporter = reporter
        self._clock = clock
        self._handover = HandOver(stats, UnsampledGate(wants_roots=pipeline.counts_requests))
        offer_batch = None if batches is None else self._gather
        self._custody = Custody(self._handover.take, events.offer, offer_batch, stats)
        pipeline.count_in(self._custody.book)
        self._encoding = Encoding(self._custody.book, guard)
        self.put_plain = self._handover.put_sampled
        """Hands over a span that is sampled and did not fail, which most are."""
        self._stopping = False
        self._overtime: Overtime | None = None
        self._standby = Standby()
        # RE2 keeps locks of its own and lets other threads run meanwhile: a child that is forked
        # while the worker holds one would wait for it for ever.
        self._at_work = threading.RLock()
        self._paused_by = 0
        self._thread = threading.Thread(target=self._run, name="otel-bridge-worker", daemon=True)

    def start(self) -> None:
        """Start the worker and the destinations."""
        for sink in self._sinks():
            sink.start()
        self._thread.start()
        if self._events.keeps:
            self._standby.start()

    def put(self, span: ReadableSpan) -> None:
        """Hand an ended span over. Called on the application's threads: a bounded append."""
        self._handover.put(span)

    def put_error(self, span: ReadableSpan, live: LiveException | None) -> None:
        """Hand over a span that failed, with the exception if it is at hand."""
        self._handover.put_error(span, live)

    def put_log(self, log: PutLog) -> None:
        """Hand a log record over."""
        self._handover.put_log(log)

    @property
    def is_worker(self) -> bool:
        """Whether the thread that asks is the worker: some code of the host's runs there."""
        return threading.get_ident() == self._handover.worker

    @property
    def scrubber(self) -> Scrubber:
        """The scrub stage. Any thread may use it."""
        return self._pipeline.scrubber

    def snapshot(self) -> dict[str, dict[str, object]]:
        """Return all counts so far, as plain data."""
        counts = self.stats.snapshot()
        sampling = self._pipeline.sampling_report()
        return {**counts, "sampling": {**sampling}} if sampling else counts

    def flush(self, timeout: float) -> bool:
        """See everything that was put so far through to its destination.

        Args:
            timeout: Seconds to spend at the most.

        Returns:
            True only if every destination says that all of it has arrived.
        """
        if self.is_worker:
            return False  # asked by ``before_send``, which the worker waits for
        deadline = self._clock() + timeout
        barrier = self._handover.put_barrier()
        done = self._thread.is_alive() and barrier.passed.wait(timeout) and not barrier.is_lost
        for sink in self._sinks():
            done = sink.flush(max(0.0, deadline - self._clock())) and done
        return done

    def shutdown(self, timeout: float) -> bool:
        """Flush, then stop the worker and the destinations, within ``timeout`` seconds.

        Where errors are to be kept, what is left of them then gets ``RESCUE_S`` more, and what is
        not on disk yet ``send.lane.SAVE_S``.
        """
        deadline = self._clock() + timeout
        try:
            done = self.flush(timeout)
            self._stop_taking()
            if self._thread.is_alive():
                self._thread.join(max(0.0, deadline - self._clock()))
        except BaseException:  # whoever interrupts wants no more waiting; errors are kept
            self._end(self._clock())
            raise
        return self._end(deadline) and done

    def _stop_taking(self) -> None:
        self._handover.refuse()
        self._stopping = True
        self._handover.wake.set()

    def _end(self, deadline: float) -> bool:
        self._stop_taking()
        done = False
        with self.guard("overtime"):
            self._overtime = Overtime(
                self._thread,
                self._custody,
                self._handover,
                self._events,
                self.stats,
                self.guard,
                self._clock,
            )
            done = self._overtime.spend(self._pipeline, self._standby)
        with self.guard("outgoing"):
            self._outgoing.release()
        deadline = max(deadline, self._clock())
        for sink in self._sinks():
            done = sink.shutdown(deadline - self._clock()) and done
        return done

    def let_go(self) -> None:
        """End what is still at work after a shutdown, because the interpreter ends."""
        if self._overtime is not None:
            end_strays(self._overtime.strays(self._pipeline, self._standby))

    def pause_for_fork(self) -> None:
        """Have the worker put its work down, for ``FORK_PATIENCE_S`` seconds at most."""
        if self._at_work.acquire(timeout=FORK_PATIENCE_S):
            self._paused_by = threading.get_ident()

    def resume_after_fork(self) -> None:
        """Let the worker go on, if this thread has paused it."""
        if self._paused_by == threading.get_ident():
            self._paused_by = 0
            self._at_work.release()

    def close_unstarted(self) -> None:
        """Become an engine that takes nothing: that of a child forked after the shutdown."""
        self._handover.close()

    def _sinks(self) -> Iterable[Reporter]:
        return [sink for sink in (self._events, self._batches, self._reporter) if sink is not None]

    def _run(self) -> None:
        self._handover.worker = threading.get_ident()
        with not_instrumented():
            while not self._stopping:
                self._handover.wake.wait(INTERVAL_S)
                self._handover.wake.clear()
                self._contained(self._turn)
            # What ended while the destinations were being flushed waits for its request or trace.
            self._contained(self._drain)

    def _contained(self, step: Callable[[], None]) -> None:
        try:
            step()
        except BaseException:  # noqa: BLE001  # without this thread nothing leaves any more
            if not self._custody.is_over:
                self.guard.tell("worker")

    def _turn(self) -> None:
        looked = self._clock()
        while (taken := self._custody.next()) is not None:
            with self._at_work:
                self._process(taken)
            if (now := self._clock()) - looked >= INTERVAL_S:
                # A queue that is never empty must not make traces and errors wait for ever.
                self._finish_due(now)
                looked = now
        self._finish_due(self._clock())

    def _process(self, taken: Taken) -> None:
        try:
            # Logs first: the span of a request ends after its logs, and completes its event.
            self._process_logs(taken.logs)
            self._process_spans(taken.spans, None, taken.live)
            self._process_spans(taken.unsampled, _HEAD_SAMPLED, taken.live)
            if taken.barrier is not None:
                self._drain()
        finally:
            self._custody.settle(self.guard)
            if taken.barrier is not None:
                taken.barrier.passed.set()

    def _finish_due(self, now: float) -> None:
        """See through what has waited long enough for its request or its trace."""
        if self._custody.is_over:
            return
        with self._at_work:
            self._offer_events(self._pipeline.due(now))
            self._forward(Kind.SPAN, self._pipeline.due_batch(now))
            self._custody.settle(self.guard)
            self._outgoing.due(now)

    def _drain(self) -> None:
        with self._at_work:
            try:
                if not self._custody.is_over:  # for whoever ends this, who does it one by one
                    self._offer_events(self._pipeline.drain())
                self._forward(Kind.SPAN, self._pipeline.drain_batch(self._clock()))
                self._custody.settle(self.guard)
            finally:
                self._custody.settle(self.guard)
                self._outgoing.release()

    def _process_spans(
        self,
        spans: list[ReadableSpan],
        kept_back: tuple[Fate, str] | None,
        live: Mapping[tuple[bytes, bytes], LiveException],
    ) -> None:
        if spans:
            with self.guard("pipeline"):
                batch = self._encoding.spans(spans)
                spans.clear()  # the SDK's objects are large, and go while they are in the cache
                self._accept(Kind.SPAN, batch, kept_back, live)

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
        if self.narrator is not None:
            self.narrator.took(batch)
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
        if self.narrator is not None:
            self.narrator.forwarded(kind, clean, kept_back)
        if kept_back is not None:
            fate, reason = kept_back
            self._custody.book.fate(kind, fate, len(clean), reason=reason)
        else:
            self._custody.add_batch(clean)

    def _gather(self, batch: CleanBatch) -> None:
        self._outgoing.add(batch, self._clock())

    def _offer_events(self, events: Sequence[CleanEvent]) -> None:
        if self.narrator is not None:
            self.narrator.sent(events)
        self._custody.add_events(events)
