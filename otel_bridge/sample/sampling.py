"""The stage as its owner sees it: what becomes of batches, and what errors may leave."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from otel_bridge.sample.annotate import Annotator
from otel_bridge.sample.budget import ErrorBudget, ErrorRate, ErrorSampler
from otel_bridge.sample.error_gate import ErrorGate
from otel_bridge.sample.options import BudgetOptions, SamplingOptions
from otel_bridge.sample.red import RedMetrics
from otel_bridge.sample.tail import Decided, TailSampler
from otel_bridge.sample.verdict import Verdict
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.gather import CleanPlace, Places, gathered
from otel_bridge.wire.groups import SpanRecord

HEAD = Verdict(keep=True, reason="head", threshold=0)
"""What is noted on spans that only a head sampler has decided about."""


class BatchSampler(Protocol):
    """Decides about spans."""

    def report(self) -> dict[str, int]:
        """Return what was decided so far, as counts by name. Any thread may ask."""

    def add(self, batch: CleanBatch, now: float) -> Decided:
        """Take spans in."""

    def due(self, now: float) -> Decided:
        """Return what has waited long enough."""

    def flush(self, now: float) -> Decided:
        """Return everything that waits."""


class ShadowSampler:
    """Let everything pass as it is, and note what would have been kept.

    Args:
        sampler: Judges the same spans.
    """

    def __init__(self, sampler: TailSampler) -> None:
        self._sampler = sampler
        self.kept = 0
        """Spans that would have been kept."""
        self.dropped: Counter[str] = Counter()
        """Spans that would have been dropped, by reason."""

    def report(self) -> dict[str, int]:
        """Return what would have been decided: traces, and spans by what had become of them."""
        spans = {f"shadow:spans:dropped:{reason}": n for reason, n in dict(self.dropped).items()}
        traces = {f"shadow:{name}": count for name, count in self._sampler.report().items()}
        return {**traces, "shadow:spans:kept": self.kept, **spans}

    def add(self, batch: CleanBatch, now: float) -> Decided:
        """Judge spans, and return them all."""
        self._note(self._sampler.add(batch, now))
        return Decided(batch, Counter())

    def due(self, now: float) -> Decided:
        """Judge what has waited long enough."""
        return self._note(self._sampler.due(now))

    def flush(self, now: float) -> Decided:
        """Judge everything that waits."""
        return self._note(self._sampler.flush(now))

    def _note(self, decided: Decided) -> Decided:
        self.kept += 0 if decided.kept is None else len(decided.kept)
        self.dropped += decided.dropped
        return Decided(None, Counter())


class HeadNotes:
    """Let everything pass, and note on sampled spans at what rate they were."""

    def __init__(self) -> None:
        self._annotator = Annotator(assume_all_upstream=False)
        self._places = Places()

    def report(self) -> dict[str, int]:
        """Return nothing: nothing is decided here."""
        return {}

    def add(self, batch: CleanBatch, now: float) -> Decided:
        """Return the spans; those that carry ``ot=th`` with reason and rate."""
        del now
        pieces: dict[CleanPlace, list[SpanRecord]] = {}
        for place, records in self._places.of(batch):
            noted = self._annotator.sampled_only(records, HEAD)
            pieces.setdefault(place, []).extend(noted)
        return Decided(gathered(pieces), Counter())

    def due(self, now: float) -> Decided:
        """Return nothing: nothing waits."""
        del now
        return Decided(None, Counter())

    def flush(self, now: float) -> Decided:
        """Return nothing: nothing waits."""
        return self.due(now)


@dataclass(slots=True, kw_only=True)
class Sampling:
    """Everything a pipeline needs of this stage; by default nothing is left out."""

    batches: BatchSampler | None = None
    red: RedMetrics | None = None
    errors: ErrorGate = field(default_factory=ErrorGate)


def make_sampling(
    options: SamplingOptions | None = None,
    budget: BudgetOptions | None = None,
    *,
    sample_rate: float = 1.0,
    error_sampler: ErrorSampler | None = None,
    on_fault: Callable[[str], None] = lambda _fault: None,
    forwards: bool = True,
) -> Sampling:
    """Build what the options ask for.

    Args:
        options: The sampling of traces.
        budget: The error budget.
        sample_rate: The share of error events that is sent.
        error_sampler: The user's own decision about each error event.
        on_fault: Told what failed and was contained.
        forwards: Whether spans and sums go anywhere. If not, no span is held and nothing is summed
            up; only in shadow are traces judged all the same.
    """
    gate = ErrorGate(
        None if budget is None else ErrorBudget(budget),
        ErrorRate(sample_rate, error_sampler, on_fault),
        on_fault,
    )
    sampling = Sampling(errors=gate)
    if options is None:
        return sampling
    if forwards or (options.tail is not None and options.tail.shadow):
        sampling.batches = _batch_sampler(options)
    if forwards and options.red is not None:
        sampling.red = RedMetrics(options.red)
    return sampling


def _batch_sampler(options: SamplingOptions) -> BatchSampler:
    if options.tail is None:
        return HeadNotes()
    sampler = TailSampler(options.tail)
    return ShadowSampler(sampler) if options.tail.shadow else sampler
