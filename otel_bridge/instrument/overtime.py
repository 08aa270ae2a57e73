"""What becomes of everything that the worker has not seen through when the time is over."""

import threading
from collections.abc import Callable
from typing import Protocol

from otel_bridge.instrument.custody import Custody
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.handover import HandOver
from otel_bridge.instrument.leftover import Leftover
from otel_bridge.instrument.rescue import Rescue
from otel_bridge.instrument.standby import Standby
from otel_bridge.pipeline import Pipeline, Remains
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.clean import CleanEvent

RESCUE_S = 1.5
"""So long a shutdown may go beyond its time to make events of errors, 1 to 2 ms each."""
_GRACE_S = 0.1
"""Of these the worker has so much to come to the end of a chunk, which mostly takes 10 ms."""
_CONVERTING_S = 0.5
"""And so much if it is where nobody can take over: in the middle of converting."""
_UNKEPT_GRACE_S = 0.05
_LOOK_AGAIN_S = 0.01


class LastingSink(Protocol):
    """The destination of error events, at the end."""

    @property
    def keeps(self) -> bool:
        """Whether what it is offered outlives the process."""

    def offer(self, event: CleanEvent, /) -> None:
        """Take something over."""

    def discarded(self, fate: Fate, reason: str, items: int = 1) -> None:
        """Take note of errors that were given up."""


class Overtime:
    """The last step of an engine whose time is over.

    Args:
        worker: The thread that may still be at work.
        custody: What it has in hand.
        handover: What it has not taken. Refuses what is put by now.
        events: Where error events go.
        stats: Where fates are counted.
        guard: Keeps our faults away from the host.
        clock: Seconds on a clock that never goes back.
    """

    def __init__(
        self,
        worker: threading.Thread,
        custody: Custody,
        handover: HandOver,
        events: LastingSink,
        stats: Stats,
        guard: Guard,
        clock: Callable[[], float],
    ) -> None:
        self._worker = worker
        self._custody = custody
        self._handover = handover
        self._events = events
        self._stats = stats
        self._guard = guard
        self._clock = clock
        self._rescue: Rescue | None = None

    def spend(self, pipeline: Pipeline, standby: Standby) -> bool:
        """Give everything its fate; errors reach a destination that keeps them, if they can.

        Takes ``RESCUE_S`` seconds at most.

        Args:
            pipeline: That of the worker.
            standby: A thread that may hang.

        Returns:
            True if nothing was left.
        """
        begun = self._clock()
        keeps = self._events.keeps
        self._custody.stop()
        self._wait_for_worker(pipeline, begun, keeps=keeps)
        chunks, spent = [], 0
        remains = Remains(pipeline=pipeline, unfinished=[], ready=[], stranded=0)
        if self._worker.is_alive():
            remains = pipeline.succeed()
            in_hand = self._custody.revoke(remains.ready)
            remains.ready = in_hand.events
            if in_hand.taken is not None:
                chunks.append(in_hand.taken)
                taken = in_hand.taken
                spent = in_hand.spans - len(taken.spans) - len(taken.unsampled)
        chunks += self._handover.rest()
        left = Leftover.of(chunks, self._stats, spent)
        self._custody.write_off_held()
        self._rescue = rescue = Rescue(
            remains, left, self._events.offer, self._stats, self._guard, self._clock
        )
        timeout = begun + RESCUE_S - self._clock() if keeps else 0.0
        # Where the worker hangs, this thread may hang as well.
        lost = rescue.run(timeout, standby, may_stay=not self._worker.is_alive())
        standby.dismiss()
        self._lose(lost + remains.stranded)
        return not self._worker.is_alive() and not any(
            each.spans or each.unsampled or each.logs for each in chunks
        )

    def strays(self, pipeline: Pipeline, standby: Standby) -> list[threading.Thread]:
        """Return the threads that may work on, but for those in code of the host's."""
        found = [] if pipeline.is_asking else [self._worker]
        if self._rescue is not None and not self._rescue.is_asking and standby.thread:
            found.append(standby.thread)
        return found

    def _wait_for_worker(self, pipeline: Pipeline, begun: float, *, keeps: bool) -> None:
        grace = _GRACE_S if keeps else _UNKEPT_GRACE_S
        while self._worker.is_alive():
            spent = self._clock() - begun
            if spent >= (_CONVERTING_S if keeps and pipeline.is_converting else grace):
                return
            self._worker.join(_LOOK_AGAIN_S)

    def _lose(self, errors: int) -> None:
        if errors:
            self._stats.received(Kind.ERROR, errors)
            self._stats.fate(Kind.ERROR, Fate.EXPIRED, errors, reason="at_shutdown")
            self._events.discarded(Fate.EXPIRED, "at_shutdown", errors)
