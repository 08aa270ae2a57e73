"""Several destinations behind the interface of one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from otel_bridge.send.clock import Clock, SystemClock
from otel_bridge.send.routing import Route, choose
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.clean import CleanBatch, CleanEvent

_T_contra = TypeVar("_T_contra", contravariant=True)


class Destination(Protocol[_T_contra]):
    """Takes things to one place."""

    def start(self) -> None:
        """Begin to work."""

    def offer(self, thing: _T_contra, /) -> None:
        """Take something over; never block, never raise."""

    def hurry(self) -> None:
        """Try everything now, without waiting for it."""

    def flush(self, timeout: float) -> bool:
        """Deliver what was offered so far; True if that was possible within so many seconds."""

    def shutdown(self, timeout: float) -> bool:
        """Flush and stop."""

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child."""


class EventDestination(Destination[CleanEvent], Protocol):
    """Takes error events to one place, and tells it of those that it will not get."""

    @property
    def keeps(self) -> bool:
        """Whether what it is offered outlives the process."""

    def discarded(
        self, fate: Fate, reason: str, items: int = 1, event: Mapping[str, Any] | None = None
    ) -> None:
        """Take note of errors that were given up before they were offered.

        Args:
            fate: Their fate, which is counted already.
            reason: Why.
            items: How many.
            event: What is known of the one it is about; it is read here, and never sent.
        """


class Group(Generic[_T_contra]):
    """What all groups do alike with their members.

    Args:
        members: The destinations; each works on its own, so waiting for one is waiting for all.
        clock: The time.
    """

    def __init__(
        self, members: Sequence[Destination[_T_contra]], clock: Clock | None = None
    ) -> None:
        self._members = tuple(members)
        self._clock = clock or SystemClock()

    def start(self) -> None:
        """Begin to work."""
        for member in self._members:
            member.start()

    def hurry(self) -> None:
        """Have all try everything now."""
        for member in self._members:
            member.hurry()

    def flush(self, timeout: float) -> bool:
        """Have all deliver within one time limit; True if all could."""
        self.hurry()
        return self._all(lambda member, left: member.flush(left), timeout)

    def shutdown(self, timeout: float) -> bool:
        """Flush and stop all within one time limit; True if all delivered everything."""
        self.hurry()
        return self._all(lambda member, left: member.shutdown(left), timeout)

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child."""
        for member in self._members:
            member.after_fork_in_child()

    def _all(self, ask: Callable[[Destination[_T_contra], float], bool], timeout: float) -> bool:
        deadline = self._clock.monotonic() + timeout
        answers = [ask(member, deadline - self._clock.monotonic()) for member in self._members]
        return all(answers)


class RoutedDestination(Group[CleanEvent]):
    """Gives each event to the project whose rule takes it.

    Args:
        routes: Rules with their destinations; the first that applies counts.
        default: Where all other events go; without one they are dropped.
        stats: Where the fate of those is counted.
        clock: The time.
    """

    def __init__(
        self,
        routes: Sequence[tuple[Route, EventDestination]],
        default: EventDestination | None,
        stats: Stats,
        clock: Clock | None = None,
    ) -> None:
        self._routes = tuple(route for route, _ in routes)
        self._targets = tuple(target for _, target in routes)
        self._default = default
        self._stats = stats
        super().__init__([*self._targets, *([default] if default else [])], clock)

    def offer(self, event: CleanEvent) -> None:
        """Give an event to the destination it belongs to."""
        target = self._target_of(event)
        if target is None:
            self._stats.fate(Kind.ERROR, Fate.FILTERED, reason="no_route")
        else:
            target.offer(event)

    def discarded(
        self, fate: Fate, reason: str, items: int = 1, event: Mapping[str, Any] | None = None
    ) -> None:
        """Tell the destination that would have got the event."""
        target = self._target_of(event or {})
        if target is not None:
            target.discarded(fate, reason, items)

    @property
    def keeps(self) -> bool:
        """Whether one of them does."""
        targets = [*self._targets, *([self._default] if self._default else [])]
        return any(target.keeps for target in targets)

    def _target_of(self, event: Mapping[str, Any]) -> EventDestination | None:
        try:
            number = choose(event, self._routes)
        except (TypeError, ValueError, AttributeError):
            # A user's before_send can give any shape to any part of an event.
            self._stats.fault("routing")
            number = None
        return self._default if number is None else self._targets[number]


class Tee(Group[CleanEvent]):
    """Gives each event to a destination and a copy to others, which count for nothing.

    Args:
        first: Its answers are the group's answers.
        copies: Such as a viewer on the developer's machine.
        clock: The time.
    """

    def __init__(
        self,
        first: EventDestination,
        copies: Sequence[Destination[CleanEvent]],
        clock: Clock | None = None,
    ) -> None:
        self._first = first
        self._copies = tuple(copies)
        super().__init__([first, *copies], clock)

    def offer(self, event: CleanEvent) -> None:
        """Give an event to all."""
        self._first.offer(event)
        for copy in self._copies:
            copy.offer(event)

    @property
    def keeps(self) -> bool:
        """Whether the first one does."""
        return self._first.keeps

    def discarded(
        self, fate: Fate, reason: str, items: int = 1, event: Mapping[str, Any] | None = None
    ) -> None:
        """Tell the first one."""
        self._first.discarded(fate, reason, items, event)

    def flush(self, timeout: float) -> bool:
        """Have the first one deliver; the copies get no time of their own."""
        self.hurry()
        return self._first.flush(timeout)

    def shutdown(self, timeout: float) -> bool:
        """Flush and stop all; the copies get no time of their own."""
        self.hurry()
        done = self._first.shutdown(timeout)
        for copy in self._copies:
            copy.shutdown(0.0)
        return done


class BySignal(Group[CleanBatch]):
    """Gives traces and logs to different receivers.

    Args:
        targets: The receiver of each signal; a signal without one is dropped.
        stats: Where the fate of what is dropped is counted.
        clock: The time.
    """

    def __init__(
        self,
        targets: Mapping[Signal, Destination[CleanBatch]],
        stats: Stats,
        clock: Clock | None = None,
    ) -> None:
        self._targets = dict(targets)
        self._stats = stats
        super().__init__(list(self._targets.values()), clock)

    def offer(self, batch: CleanBatch) -> None:
        """Give a batch to the receiver of its signal."""
        target = self._targets.get(batch.signal)
        if target is None:
            kind = Kind.LOG if batch.signal is Signal.LOGS else Kind.SPAN
            self._stats.fate(kind, Fate.FILTERED, len(batch), reason="no_endpoint")
        else:
            target.offer(batch)
