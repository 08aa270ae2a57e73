"""The only place where the stages meet: scrub, then errors, then what is forwarded.

Pure: the clock is an argument, what comes out is returned, and sending it is the caller's work.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.event import ErrorEvent, to_plain
from otel_bridge.convert.live import LiveException
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.batch import Batch, Signal
from otel_bridge.wire.clean import CleanBatch, CleanEvent

BeforeSend = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any] | None]

_KIND = {Signal.TRACES: Kind.SPAN, Signal.LOGS: Kind.LOG}


@dataclass(slots=True)
class Output:
    """What one step of the pipeline hands to the senders."""

    batch: CleanBatch | None = None
    events: list[CleanEvent] = field(default_factory=list)


class Pipeline:
    """Turn batches as they come in into clean batches and error events.

    Not thread-safe: one owner at a time calls it.

    Args:
        scrubber: The scrub stage.
        converter: The convert stage.
        stats: Where every item's fate is counted.
        before_send: The user's last word on each error event.
    """

    def __init__(
        self,
        scrubber: Scrubber,
        converter: Converter,
        stats: Stats,
        before_send: BeforeSend | None = None,
    ) -> None:
        self._scrubber = scrubber
        self._converter = converter
        self._stats = stats
        self._before_send = before_send
        self._duplicates = 0
        self._expected: Counter[str] = Counter()

    def accept(
        self,
        batch: Batch,
        now: float,
        live: Mapping[tuple[bytes, bytes], LiveException] | None = None,
    ) -> Output:
        """Take a batch in.

        Args:
            batch: Telemetry of one signal.
            now: Seconds on a clock that never goes back.
            live: Exceptions still at hand, by trace and span id.

        Returns:
            The clean batch to forward and the error events that are complete by now.
        """
        kind = _KIND[batch.signal]
        self._stats.received(kind, len(batch))
        scrubbed = self._scrubber.batch(batch)
        self._stats.redacted(scrubbed.rules)
        if scrubbed.dropped:
            self._stats.fate(kind, Fate.SCRUB_DROPPED, scrubbed.dropped)
        return Output(
            scrubbed.batch, self._finish(self._errors_in(scrubbed.batch, now, live or {}))
        )

    @property
    def scrubber(self) -> Scrubber:
        """The scrub stage, for what leaves by another way. Any thread may use it."""
        return self._scrubber

    def _errors_in(
        self, batch: CleanBatch, now: float, live: Mapping[tuple[bytes, bytes], LiveException]
    ) -> list[ErrorEvent]:
        try:
            return self._converter.add(batch, now, live)
        except Exception:  # noqa: BLE001  # a fault here must not keep the batch from going on
            self._stats.fault("convert")
            return []

    def due(self, now: float) -> list[CleanEvent]:
        """Return the error events that have waited long enough for their request."""
        return self._finish(self._converter.due(now))

    def drain(self) -> list[CleanEvent]:
        """Return every error event that still waits."""
        return self._finish(self._converter.flush())

    def _finish(self, found: Iterable[ErrorEvent]) -> list[CleanEvent]:
        self._count_what_became_no_event()
        return [clean for event in found if (clean := self._finished(event)) is not None]

    def _count_what_became_no_event(self) -> None:
        converter, stats = self._converter, self._stats
        fates = [(Fate.DUPLICATE, "", converter.duplicates - self._duplicates)]
        self._duplicates = converter.duplicates
        for reason, total in converter.filtered.items():
            fates.append((Fate.FILTERED, reason, total - self._expected[reason]))
            self._expected[reason] = total
        for fate, reason, items in fates:
            if items:
                stats.received(Kind.ERROR, items)
                stats.fate(Kind.ERROR, fate, items, reason=reason)

    def _finished(self, event: ErrorEvent) -> CleanEvent | None:
        """Scrub an event as a whole, ask the user, scrub what the user made of it."""
        self._stats.received(Kind.ERROR)
        clean = self._scrubbed(to_plain(event))
        if clean is None or self._before_send is None:
            return clean
        try:
            answer = _event_or_none(self._before_send(clean, {}))
        except Exception:  # noqa: BLE001  # the user's code; what it would have removed is unknown
            self._stats.fate(Kind.ERROR, Fate.FILTERED, reason="before_send_failed")
            return None
        if answer is None:
            self._stats.fate(Kind.ERROR, Fate.FILTERED, reason="before_send")
            return None
        return self._scrubbed(answer)

    def _scrubbed(self, event: dict[str, Any]) -> CleanEvent | None:
        try:
            clean, rules = self._scrubber.event(event)
        except Exception:  # noqa: BLE001  # fail closed: what cannot be scrubbed does not leave
            self._stats.fate(Kind.ERROR, Fate.SCRUB_DROPPED)
            return None
        self._stats.redacted(rules)
        return clean


def _event_or_none(answer: object) -> dict[str, Any] | None:
    if answer is None or isinstance(answer, dict):
        return answer
    raise TypeError("before_send must return an event or None")
