"""The bounded queue between the application's threads and the worker.

Putting is an append; whatever is not taken is counted. Any thread may put, one takes.
"""

import threading
from collections import deque
from threading import get_ident
from typing import Any, NamedTuple

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import TraceFlags

from otel_bridge.convert.live import LiveException
from otel_bridge.instrument.unsampled import UnsampledGate
from otel_bridge.stats import Fate, Kind, Stats

CHUNK = 512
"""Items that are taken at a time; also what wakes the worker early."""
QUEUE_LIMIT = 8192
"""Ended spans that may wait for the worker. At 5 KB each the SDK's objects hold about 40 MB."""
ERROR_RESERVE = 1024
"""Places beyond the limit for spans with an exception, so that a burst of spans loses no error."""
LOG_LIMIT = QUEUE_LIMIT // 2
"""Log records stop being taken here, so that a flood of them leaves room for spans."""


_SAMPLED = TraceFlags.SAMPLED


class PutError(NamedTuple):
    """A span that carries an exception, on its way to the worker."""

    span: ReadableSpan
    live: LiveException | None
    """The exception, read while it was alive."""


class PutUnsampled(NamedTuple):
    """A span that was not sampled and that an error may need, on its way to the worker."""

    span: ReadableSpan


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


class Barrier:
    """Travels through the queue behind what was put before it."""

    def __init__(self) -> None:
        self.passed = threading.Event()
        """Set once nobody need wait any longer."""
        self.is_lost = False
        """Whether what was before it was not seen through."""

    def lose(self) -> None:
        """Have nobody wait for what does not come any more."""
        self.is_lost = True
        self.passed.set()


_Item = ReadableSpan | PutError | PutUnsampled | PutLog | Barrier


class Taken(NamedTuple):
    """What the worker has in hand."""

    spans: list[ReadableSpan]
    unsampled: list[ReadableSpan]
    """Spans of traces that were not sampled."""
    live: dict[tuple[bytes, bytes], LiveException]
    """Exceptions read while they were alive, by trace and span id."""
    logs: list[PutLog]
    errors: list[PutError]
    """The spans that carry an exception, should somebody else have to see them through."""
    barrier: Barrier | None


class HandOver:
    """A queue that bounds what waits and says what became of the rest.

    Args:
        stats: Where the fate of what is not taken is counted.
        unsampled: Tells which spans of unsampled traces are needed all the same.
    """

    def __init__(self, stats: Stats, unsampled: UnsampledGate) -> None:
        self._stats = stats
        self._unsampled = unsampled
        self._queue: deque[_Item] = deque()
        self._closed = self._swept = False
        self.wake = threading.Event()
        self.worker = 0
        """The thread that takes; what it puts itself would come round for ever."""

    def put(self, span: ReadableSpan) -> None:
        """Hand an ended span over, unless it is of an unsampled trace and no error needs it."""
        if _is_sampled(span):
            self.put_sampled(span)
        elif not self._is_unwanted(span):
            self.put_sampled(PutUnsampled(span))

    def put_sampled(self, span: ReadableSpan | PutUnsampled) -> None:
        """Hand a span over that is to be taken. The application pays for each line of this."""
        waiting, was_closed = len(self._queue), self._closed
        if waiting >= QUEUE_LIMIT or was_closed or get_ident() == self.worker:
            self._drop(Kind.SPAN)
            return
        self._queue.append(span)
        if waiting + 1 >= CHUNK and not self.wake.is_set():
            self.wake.set()
        if self._swept:
            self.write_off()

    def put_error(self, span: ReadableSpan, live: LiveException | None) -> None:
        """Hand over a span that failed, with the exception if it is at hand."""
        if not self._is_unwanted(span):
            self._put_urgent(PutError(span, live), Kind.SPAN)

    def put_log(self, log: PutLog) -> None:
        """Hand a log record over."""
        if log.is_urgent:
            self._unsampled.note(_trace_of(log.record))
            self._put_urgent(log, Kind.LOG)
            return
        waiting = len(self._queue)
        if waiting >= LOG_LIMIT or not self._is_open():
            self._drop(Kind.LOG)
            return
        self._queue.append(log)
        if waiting + 1 >= CHUNK and not self.wake.is_set():
            self.wake.set()
        if self._swept:
            self.write_off()

    def put_barrier(self) -> Barrier:
        """Put a mark behind everything that is in the queue, and have the worker get there."""
        barrier = Barrier()
        self._queue.append(barrier)
        self.wake.set()
        if self._swept:
            self.write_off()
        return barrier

    def take(self) -> Taken | None:
        """Return the next items, up to a barrier; None if nothing waits."""
        taken = Taken([], [], {}, [], [], None)
        next_item, add_span = self._queue.popleft, taken.spans.append
        try:
            for _ in range(CHUNK):
                item = next_item()
                if type(item) not in _NO_SPANS:
                    add_span(item)  # type: ignore[arg-type]  # what is none of the others
                elif isinstance(item, Barrier):
                    return taken._replace(barrier=item)
                else:
                    _sort(item, taken)  # type: ignore[arg-type]  # as above
        except IndexError:  # empty, or another thread was faster
            pass
        return taken if taken.spans or taken.unsampled or taken.logs else None

    def refuse(self) -> None:
        """Let nothing more in; what waits can still be taken."""
        self._closed = True

    def rest(self) -> list[Taken]:
        """Return what nobody took, for the last time: what comes in between later has expired."""
        self._closed = self._swept = True
        chunks = list(iter(self.take, None))
        for taken in chunks:
            if taken.barrier is not None:
                taken.barrier.lose()
        return chunks

    def close(self) -> None:
        """Take nothing more; what nobody took has expired."""
        self._closed = self._swept = True
        self.write_off()

    def write_off(self) -> None:
        """Count what waits as expired."""
        while (item := self._next()) is not None:
            if isinstance(item, Barrier):
                item.lose()
                continue
            kind = Kind.LOG if isinstance(item, PutLog) else Kind.SPAN
            self._stats.received(kind)
            self._stats.fate(kind, Fate.EXPIRED, reason="at_shutdown")

    def _next(self) -> _Item | None:
        try:
            return self._queue.popleft()
        except IndexError:  # empty, or another thread was faster
            return None

    def _put_urgent(self, item: PutError | PutLog, kind: Kind) -> None:
        if len(self._queue) >= QUEUE_LIMIT + ERROR_RESERVE or not self._is_open():
            self._drop(kind)
            return
        self._queue.append(item)
        self.wake.set()
        if self._swept:
            self.write_off()

    def _is_open(self) -> bool:
        return not self._closed and threading.get_ident() != self.worker

    def _drop(self, kind: Kind) -> None:
        self._stats.received(kind)
        if self._closed:
            self._stats.fate(kind, Fate.EXPIRED, reason="after_shutdown")
        elif threading.get_ident() == self.worker:
            self._stats.fate(kind, Fate.FILTERED, reason="our_own")
        else:
            self._stats.fate(kind, Fate.QUEUE_FULL)
            self.wake.set()

    def _is_unwanted(self, span: ReadableSpan) -> bool:
        """Return whether a span is of an unsampled trace and no error needs it; count it then."""
        if _is_sampled(span) or self._unsampled.wants(span):
            return False
        self._stats.received(Kind.SPAN)
        self._stats.fate(Kind.SPAN, Fate.SAMPLED_OUT, reason="head")
        return True


_NO_SPANS = frozenset({PutError, PutUnsampled, PutLog, Barrier})


def _is_sampled(span: ReadableSpan) -> bool:
    context = getattr(span, "context", None)
    return context is None or bool(context.trace_flags & _SAMPLED)


def _sort(item: PutError | PutUnsampled | PutLog, taken: Taken) -> None:
    """Put an item where those of its kind are."""
    if isinstance(item, PutLog):
        taken.logs.append(item)
        return
    (taken.spans if _is_sampled(item.span) else taken.unsampled).append(item.span)
    if isinstance(item, PutError):
        taken.errors.append(item)
        _note_live(item, taken.live)


def _note_live(item: PutError, live: dict[tuple[bytes, bytes], LiveException]) -> None:
    context = item.span.context
    if item.live is not None and context is not None:
        ids = context.trace_id.to_bytes(16, "big"), context.span_id.to_bytes(8, "big")
        live[ids] = item.live


def _trace_of(record: Any) -> int:  # noqa: ANN401  # a log record of the SDK, or one like it
    inner = getattr(record, "log_record", record)
    trace_id = getattr(inner, "trace_id", None)
    return trace_id if isinstance(trace_id, int) else 0
