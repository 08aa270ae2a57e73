"""The tail end of the stage as its owner sees it: a sampler, the same in shadow, or neither."""

from collections import Counter
from typing import Protocol

from otel_bridge.sample.options import TailOptions
from otel_bridge.sample.tail import Decided, TailSampler
from otel_bridge.wire.clean import CleanBatch


class BatchSampler(Protocol):
    """Decides about spans."""

    @property
    def decisions(self) -> Counter[tuple[str, bool, str]]:
        """Traces by reason, whether they were kept, and what made the moment."""

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

    @property
    def decisions(self) -> Counter[tuple[str, bool, str]]:
        """Traces by reason, whether they would have been kept, and what made the moment."""
        return self._sampler.decisions

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


def make_sampler(options: TailOptions) -> BatchSampler:
    """Return the tail sampler that the options ask for."""
    sampler = TailSampler(options)
    return ShadowSampler(sampler) if options.shadow else sampler
