"""What an error event has to pass before it leaves: budget, scrubber, the user, a rate."""

from collections.abc import Callable, Mapping
from typing import Any

from otel_bridge.convert.event import ErrorEvent, to_plain
from otel_bridge.sample.error_gate import ErrorGate
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.clean import CleanEvent

BeforeSend = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any] | None]

_MAX_DEPTH = 32
"""As deep as the scrubber looks unless told otherwise; deeper values are cut there."""

OnLoss = Callable[[Fate, str, int, Mapping[str, Any] | None], None]
"""Told of errors that are given up: the fate, the reason, how many, and the event if there is one,
which is not scrubbed: to be looked at, not kept."""


class Approval:
    """Decides about one error event at a time. Not thread-safe.

    Args:
        scrubber: Takes secrets out of events.
        gate: The budget of errors and the rate at which they are kept.
        stats: Where the fate of what does not leave is counted.
        before_send: The user's last word.
        on_loss: Told of each error that is given up, and why.
        send_meta: Whether events keep their ``_meta``.
    """

    def __init__(
        self,
        scrubber: Scrubber,
        gate: ErrorGate,
        stats: Stats,
        before_send: BeforeSend | None,
        *,
        on_loss: OnLoss | None,
        send_meta: bool,
    ) -> None:
        self._scrubber = scrubber
        self._gate = gate
        self.stats = stats
        self.before_send = before_send
        self.on_loss = on_loss
        self.send_meta = send_meta
        self.is_asking = False
        """Whether ``before_send`` is being asked. Any thread may look."""

    def see_through(self, event: ErrorEvent, exc: object, now: float) -> CleanEvent | None:
        """Return an event as it may leave, None if it may not.

        Args:
            event: What was made of a failure.
            exc: The exception itself, if it is still at hand: ``before_send`` is shown it.
            now: Seconds on a clock that never goes back.
        """
        self.stats.received(Kind.ERROR)
        plain = to_plain(event)
        if not self._gate.admit(plain, now):
            self.lose(Fate.SAMPLED_OUT, "error_budget", plain)
            return None
        # What ``before_send`` changes in place must not change what is looked at afterwards.
        shown = plain if self.before_send is None else to_plain(event)
        clean = self._approved(shown, plain, _hint(exc))
        if clean is not None and not self.send_meta:
            clean.pop("_meta", None)
        if clean is not None and not self._gate.keeps(clean):
            # The last thing of all, as in sentry-sdk: the user has seen the event.
            self.lose(Fate.SAMPLED_OUT, "sample_rate", plain)
            clean = None
        if clean is None:
            self._gate.give_back(plain, now)
        return clean

    def lose(
        self, fate: Fate, reason: str, event: Mapping[str, Any] | None, items: int = 1
    ) -> None:
        """Count errors that are given up, and say so to whoever wants to know."""
        self.stats.fate(Kind.ERROR, fate, items, reason=reason)
        if self.on_loss is not None:
            self.on_loss(fate, reason, items, event)

    def _approved(
        self, shown: dict[str, Any], event: Mapping[str, Any], hint: dict[str, Any]
    ) -> CleanEvent | None:
        """Scrub an event as a whole, ask the user, scrub what the user made of it."""
        clean = self._scrubbed(shown)
        if clean is None or self.before_send is None:
            return clean
        self.is_asking = True
        try:
            answer = _event_or_none(self.before_send(clean, hint))
            if answer is not None:
                answer = _apart(answer)
        except BaseException:  # noqa: BLE001  # the user's code, and what it would have removed
            self.lose(Fate.FILTERED, "before_send_failed", event)
            return None
        finally:
            self.is_asking = False
        if answer is None:
            self.lose(Fate.FILTERED, "before_send", event)
            return None
        return self._scrubbed(answer)

    def _scrubbed(self, event: dict[str, Any]) -> CleanEvent | None:
        try:
            clean, rules = self._scrubber.event(event)
        except Exception:  # noqa: BLE001  # fail closed: what cannot be scrubbed does not leave
            self.lose(Fate.SCRUB_DROPPED, "", event)
            return None
        self.stats.redacted(rules)
        return clean


def _hint(exc: object) -> dict[str, Any]:
    """Return what ``before_send`` is told besides the event, as sentry-sdk does."""
    if not isinstance(exc, BaseException):
        return {}
    return {"exc_info": (type(exc), exc, exc.__traceback__)}


def _event_or_none(answer: object) -> dict[str, Any] | None:
    if answer is None or isinstance(answer, dict):
        return answer
    raise TypeError("before_send must return an event or None")


def _apart(value: Any, depth: int = 0) -> Any:  # noqa: ANN401  # any JSON
    """Copy objects and lists: what the host put in and still changes is not to be sent unseen."""
    if depth > _MAX_DEPTH:
        return value
    # Most of an event is text, which is not worth a call.
    if isinstance(value, dict):
        return {
            key: each if type(each) is str else _apart(each, depth + 1)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [each if type(each) is str else _apart(each, depth + 1) for each in value]
    return value
