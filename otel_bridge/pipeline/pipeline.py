"""The order of the stages: scrub, then errors, then what is forwarded.

Pure: the clock is an argument, what comes out is returned, and sending it is the caller's work.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.event import ErrorEvent
from otel_bridge.convert.live import LiveException
from otel_bridge.pipeline.approval import Approval, BeforeSend, OnLoss
from otel_bridge.sample.sampling import Sampling
from otel_bridge.sample.tail import Decided
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.batch import Batch, Signal
from otel_bridge.wire.clean import CleanBatch, CleanEvent

_KIND = {Signal.TRACES: Kind.SPAN, Signal.LOGS: Kind.LOG}


@dataclass(slots=True)
class Output:
    """What one step of the pipeline hands to the senders."""

    batch: CleanBatch | None = None
    events: list[CleanEvent] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Remains:
    """What is left of a pipeline whose owner does not come back."""

    pipeline: "Pipeline"
    """Goes on in its place."""
    unfinished: list[ErrorEvent]
    """Events that were not seen through; the owner may be stuck in the first one."""
    ready: list[CleanEvent]
    """Events that were, and may have been handed out since."""
    stranded: int
    """Failures that nobody can get at, because the owner is in the middle of converting."""


class Pipeline:
    """Turn batches as they come in into clean batches and error events.

    Not thread-safe: one owner at a time calls it.

    Args:
        scrubber: The scrub stage.
        converter: The convert stage.
        stats: Where every item's fate is counted.
        before_send: The user's last word on each error event.
        sampling: What may be left out; by default nothing is.
        on_loss: Told of each error that is given up, and why.
        send_meta: Whether events keep their ``_meta``, the notes on what was redacted or cut.
    """

    def __init__(
        self,
        scrubber: Scrubber,
        converter: Converter,
        stats: Stats,
        before_send: BeforeSend | None = None,
        sampling: Sampling | None = None,
        *,
        on_loss: OnLoss | None = None,
        send_meta: bool = False,
    ) -> None:
        self._scrubber = scrubber
        self._converter = converter
        self._stats = stats
        self._sampling = sampling or Sampling()
        self._approval = Approval(
            scrubber,
            self._sampling.errors,
            stats,
            before_send,
            on_loss=on_loss,
            send_meta=send_meta,
        )
        self._now = 0.0
        self._duplicates = converter.duplicates
        self._broken = converter.broken
        self._expected = Counter(converter.filtered)
        self._unfinished: deque[ErrorEvent] = deque()
        self._ready: list[CleanEvent] = []
        self._converting = False
        self._left = False

    def count_in(self, stats: Stats) -> None:
        """Count in another book from now on."""
        self._stats = self._approval.stats = stats

    @property
    def is_asking(self) -> bool:
        """Whether the user's ``before_send`` is being asked. Any thread may look."""
        return self._approval.is_asking

    def sampling_report(self) -> dict[str, int]:
        """Return what was decided about traces so far, as counts. Any thread may ask."""
        batches = self._sampling.batches
        return {} if batches is None else batches.report()

    @property
    def counts_requests(self) -> bool:
        """Whether every request is to be seen, also those of traces that were not sampled."""
        return self._sampling.red is not None

    def accept(
        self,
        batch: Batch,
        now: float,
        live: Mapping[tuple[bytes, bytes], LiveException] | None = None,
        *,
        sampled: bool = True,
    ) -> Output:
        """Take a batch in.

        Args:
            batch: Telemetry of one signal.
            now: Seconds on a clock that never goes back.
            live: Exceptions still at hand, by trace and span id.
            sampled: Whether the spans' traces were sampled when they started. The others are here
                for their errors only, and come back as they are.

        Returns:
            The clean batch to forward, which may hold spans that came before, and the error events
            that are complete by now.
        """
        self._now = now
        kind = _KIND[batch.signal]
        self._stats.received(kind, len(batch))
        scrubbed = self._scrubber.batch(batch)
        self._stats.redacted(scrubbed.rules)
        if scrubbed.dropped:
            self._stats.fate(kind, Fate.SCRUB_DROPPED, scrubbed.dropped)
        if not sampled:
            self._sampling.errors.note_unsampled(scrubbed.batch, now)
        # Errors first: whatever becomes of the trace, they have been seen.
        events = self._finish(lambda: self._errors_in(scrubbed.batch, now, live or {}))
        if batch.signal is not Signal.TRACES:
            return Output(scrubbed.batch, events)
        return Output(self._kept(scrubbed.batch, now, sampled=sampled), events)

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
        self._now = now
        return self._finish(lambda: self._converter.due(now))

    def due_batch(self, now: float) -> CleanBatch | None:
        """Return the spans of traces that have waited long enough to be judged, and are kept."""
        batches = self._sampling.batches
        return None if batches is None else self._decided(lambda: batches.due(now))

    def drain(self) -> list[CleanEvent]:
        """Return every error event that still waits."""
        return self._finish(self._converter.flush)

    def errors_of(
        self,
        batch: Batch,
        now: float,
        live: Mapping[tuple[bytes, bytes], LiveException],
        *,
        sampled: bool = True,
    ) -> list[CleanEvent]:
        """Take in a batch for its errors only: the fate of what it holds is not counted here.

        Args:
            batch: As for ``accept``, and so are the others.
            now: Seconds on a clock that never goes back.
            live: Exceptions still at hand, by trace and span id.
            sampled: Whether the spans' traces were sampled when they started.
        """
        self._now = now
        scrubbed = self._scrubber.batch(batch)
        self._stats.redacted(scrubbed.rules)
        if not sampled:
            self._sampling.errors.note_unsampled(scrubbed.batch, now)
        return self._finish(lambda: self._errors_in(scrubbed.batch, now, live))

    def drain_each(self) -> Iterator[list[CleanEvent]]:
        """Do what ``drain`` does failure by failure, for those whose time is short."""
        for found in self._converter.flush_each():
            yield self._finish(lambda found=found: found)  # type: ignore[misc]  # bound, not captured

    def finish(self, event: ErrorEvent) -> list[CleanEvent]:
        """See an event through that another pipeline left unfinished."""
        return self._finish(lambda: [event])

    @property
    def waiting(self) -> int:
        """Records of failures that wait for their request. Any thread may ask."""
        return self._converter.waiting

    @property
    def is_converting(self) -> bool:
        """Whether its owner is in the middle of converting. Any thread may ask."""
        return self._converting

    def succeed(self) -> Remains:
        """Return what can go on in place of this one, whose owner hangs. Any thread may ask.

        From now on nothing comes out of this one. What it has seen goes over to its successor,
        unless the owner is in the middle of it.
        """
        # In this order: who begins to convert says so before looking whether that is still wanted.
        self._left = True
        is_free = not self._converting
        converter = self._converter if is_free else self._converter.renewed()
        approval = self._approval
        successor = Pipeline(
            self._scrubber,
            converter,
            self._stats,
            approval.before_send,
            Sampling(errors=self._sampling.errors),
            on_loss=approval.on_loss,
            send_meta=approval.send_meta,
        )
        return Remains(
            pipeline=successor,
            unfinished=list(self._unfinished),
            ready=list(self._ready),
            stranded=0 if is_free else self._converter.waiting,
        )

    def drain_batch(self, now: float) -> CleanBatch | None:
        """Judge every trace that still waits; return the spans of those that are kept."""
        batches = self._sampling.batches
        return None if batches is None else self._decided(lambda: batches.flush(now))

    def _kept(self, batch: CleanBatch, now: float, *, sampled: bool) -> CleanBatch | None:
        """Sum requests up, then hand the spans to the sampler and return what it lets go."""
        if self._sampling.red is not None:
            try:
                self._sampling.red.add(batch)
            except Exception:  # noqa: BLE001  # a sum is not worth a span
                self._stats.fault("red")
        batches = self._sampling.batches
        if batches is None or not sampled:
            return batch
        try:
            return self._told(batches.add(batch, now))
        except Exception:  # noqa: BLE001  # better forwarded unsampled than lost
            self._stats.fault("sample")
            return batch

    def _decided(self, decide: Callable[[], Decided]) -> CleanBatch | None:
        try:
            return self._told(decide())
        except Exception:  # noqa: BLE001  # as above; what waits is asked for again
            self._stats.fault("sample")
            return None

    def _told(self, decided: Decided) -> CleanBatch | None:
        for reason, spans in decided.dropped.items():
            self._stats.fate(Kind.SPAN, Fate.SAMPLED_OUT, spans, reason=f"tail:{reason}")
        return decided.kept

    def _finish(self, convert: Callable[[], Iterable[ErrorEvent]]) -> list[CleanEvent]:
        """See what is found through, such that a successor can take over at any moment."""
        self._converting = True
        if self._has_left():
            return []
        try:
            self._ready = []
            self._unfinished.extend(convert())
            self._count_what_became_no_event()
        finally:
            self._converting = False
        while self._unfinished and not self._has_left():
            self._see_through(self._unfinished[0])
            self._unfinished.popleft()
        return [] if self._has_left() else list(self._ready)

    def _has_left(self) -> bool:
        return self._left  # another thread may have changed it since it was last looked at

    def _see_through(self, event: ErrorEvent) -> None:
        try:
            exc = self._converter.exception_of(event.event_id)
            clean = self._approval.see_through(event, exc, self._now)
        except Exception:  # noqa: BLE001  # one odd event must not keep the others from leaving
            self._stats.fault("finish")
            self._approval.lose(Fate.REFUSED, "internal_error", None)
            return
        if clean is not None:
            self._ready.append(clean)

    def _count_what_became_no_event(self) -> None:
        converter, stats = self._converter, self._stats
        fates = [(Fate.DUPLICATE, "", converter.duplicates - self._duplicates)]
        fates.append((Fate.REFUSED, "not_convertible", converter.broken - self._broken))
        self._duplicates, self._broken = converter.duplicates, converter.broken
        for reason, total in converter.filtered.items():
            fates.append((Fate.FILTERED, reason, total - self._expected[reason]))
            self._expected[reason] = total
        for fate, reason, items in fates:
            if items:
                stats.received(Kind.ERROR, items)
                self._approval.lose(fate, reason, None, items)
