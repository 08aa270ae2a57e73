"""Makes events of the errors that nobody has come to when the time of a shutdown is over.

It works on a thread of its own, which may hang in what the worker hangs in; whoever waits for it
goes on when its time is over, and then nothing counts that it still does.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan

from otel_bridge.convert.live import LiveException
from otel_bridge.instrument.encoding import Encoding
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.leftover import Item, Leftover
from otel_bridge.instrument.standby import Standby
from otel_bridge.pipeline import Remains
from otel_bridge.send.transport import not_instrumented
from otel_bridge.stats import Kind, Stats
from otel_bridge.wire.clean import CleanEvent

_CONTEXT_AT_ONCE = 64
_CONTEXT_SHARE = 0.25
"""So much of the time goes to the spans around the errors, which tell of their request."""
_LOCK_PATIENCE_S = 0.1

_Live = dict[tuple[bytes, bytes], LiveException]


class Rescue:
    """Sees errors through that are left over, until the time is over.

    Args:
        remains: A pipeline that nobody else uses any more, and what another one had begun with.
        leftover: What to make events of.
        offer: Hands an event on.
        stats: Where it is counted what is seen through.
        guard: Keeps our faults away from the host.
        clock: Seconds on a clock that never goes back.
    """

    def __init__(
        self,
        remains: Remains,
        leftover: Leftover,
        offer: Callable[[CleanEvent], None],
        stats: Stats,
        guard: Guard,
        clock: Callable[[], float],
    ) -> None:
        self._pipeline = remains.pipeline
        self._ready = remains.ready
        self._errors = deque(leftover.errors)
        self._context = deque(_parts(leftover.context, _CONTEXT_AT_ONCE))
        # What one thread hangs in comes last: the next one may hang in it, too.
        self._unfinished = deque([*remains.unfinished[1:], *remains.unfinished[:1]])
        self._offer = offer
        self._stats = stats
        self._guard = guard
        self._clock = clock
        self._book = Stats()
        self._pipeline.count_in(self._book)
        self._encoding = Encoding(Stats(), guard)  # their fate as spans is counted already
        self._lock = threading.Lock()
        self._is_over = False
        self._open = self._count_open()

    @property
    def is_asking(self) -> bool:
        """Whether it is in code of the host's."""
        return self._pipeline.is_asking

    def run(self, timeout: float, standby: Standby, *, may_stay: bool) -> int:
        """Work for so many seconds.

        Args:
            timeout: The seconds.
            standby: The thread to work on.
            may_stay: Whether to work on this thread if there is no other, although it may hang.

        Returns:
            The number of errors that are not seen through: each record that told of one.
        """
        deadline = self._clock() + timeout
        if (self._open or self._context) and timeout > 0:
            done = threading.Event()
            if standby.do(lambda: self._run(deadline, done)):
                done.wait(timeout)
            elif may_stay:
                self._run(deadline, done)
        return self._end()

    def _end(self) -> int:
        # Held while an event is handed on; a disk that hangs there must not hold up the host.
        is_ours = self._lock.acquire(timeout=_LOCK_PATIENCE_S)
        self._is_over = True
        if is_ours:
            self._lock.release()
        return self._open

    def _run(self, deadline: float, done: threading.Event) -> None:
        with not_instrumented():
            try:
                for events in self._steps(deadline):
                    if not self._settle(events) or self._clock() >= deadline:
                        return
            except BaseException:  # noqa: BLE001  # what is left is counted as lost
                if not self._is_over:
                    self._guard.tell("rescue")
            finally:
                done.set()

    def _steps(self, deadline: float) -> Iterator[list[CleanEvent]]:
        begun = self._clock()
        ready, self._ready = self._ready, []
        self._book.received(Kind.ERROR, len(ready))
        yield ready
        while self._context and self._clock() - begun < (deadline - begun) * _CONTEXT_SHARE:
            yield self._convert(self._context.popleft())
        while self._errors:
            # One trace at a time, so that one in which we hang takes no other with it.
            events = self._convert(self._errors[0])
            self._errors.popleft()
            yield events
            yield from self._pipeline.drain_each()
        yield from self._pipeline.drain_each()
        while self._context:  # spans that failed may be errors, too, if that is wanted
            yield self._convert(self._context.popleft())
            yield from self._pipeline.drain_each()
        while self._unfinished:
            events = self._pipeline.finish(self._unfinished[0])
            self._unfinished.popleft()
            yield events

    def _settle(self, events: list[CleanEvent]) -> bool:
        """Hand events on and let them count; False if the time is over."""
        with self._lock:
            if self._is_over:
                return False
            self._stats.absorb(self._book)
            self._open = self._count_open()
            for event in events:
                self._offer(event)
        return True

    def _count_open(self) -> int:
        errors = sum(map(len, self._errors))
        return len(self._ready) + errors + len(self._unfinished) + self._pipeline.waiting

    def _convert(self, items: Iterable[Item]) -> list[CleanEvent]:
        events: list[CleanEvent] = []
        spans: dict[bool, list[ReadableSpan]] = {True: [], False: []}
        live: _Live = {}
        for item in items:
            with self._guard("rescue"):
                if item.kind is Kind.LOG:
                    events += self._convert_log(item.record, item.live)
                else:
                    context = getattr(item.record, "context", None)
                    sampled = context is None or bool(context.trace_flags.sampled)
                    spans[sampled].append(item.record)
                    if item.live is not None and context is not None:
                        live[_ids(context)] = item.live
        for sampled, chosen in spans.items():
            if chosen:
                with self._guard("rescue"):
                    batch = self._encoding.spans(chosen)
                    events += self._pipeline.errors_of(batch, self._clock(), live, sampled=sampled)
        return events

    def _convert_log(self, record: object, live: LiveException | None) -> list[CleanEvent]:
        batch = self._encoding.logs([record])
        found: _Live = {}
        if live is not None:
            found = {(each.trace_id, each.span_id): live for each in batch.records()}
        return self._pipeline.errors_of(batch, self._clock(), found)


def _ids(context: Any) -> tuple[bytes, bytes]:  # noqa: ANN401  # a span context of the SDK
    return context.trace_id.to_bytes(16, "big"), context.span_id.to_bytes(8, "big")


def _parts(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
