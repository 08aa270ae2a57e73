"""Decisions in words: what would be kept, by which policy, at what rate, and who was asked."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from otel_bridge.sample.facts import Facts
from otel_bridge.sample.options import TailOptions
from otel_bridge.sample.probability import NEVER, rate_of
from otel_bridge.sample.ruleset import Ruleset, Step
from otel_bridge.sample.trace import OpenTrace
from otel_bridge.sample.verdict import Verdict
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.gather import Places

_NS_PER_MS = 1_000_000
_NS_PER_S = 1_000_000_000


class Explanation(NamedTuple):
    """One trace and what was decided about it, as plain values."""

    trace_id: str
    kept: bool
    reason: str
    rate: float
    """The probability at which traces like this one are kept; 0 if never."""
    spans: int
    duration_ms: float
    service: str
    name: str
    """The route of the local root, else its name."""
    randomness: float
    """Where the trace's randomness lies between 0 and 1; it is kept from 1 - rate on."""
    steps: tuple[tuple[str, float | None], ...]
    """The policies asked, in order, each with the rate it gives; None if it does not fit."""

    def to_plain(self) -> dict[str, Any]:
        """Return JSON types."""
        steps = [{"policy": policy, "rate": rate} for policy, rate in self.steps]
        return {**self._asdict(), "steps": steps}


def explain(batches: Iterable[CleanBatch], options: TailOptions) -> list[Explanation]:
    """Judge recorded traces, each as a whole and at the time when it ended.

    Bounds and waiting times play no part: this tells what the policies mean.

    Args:
        batches: Clean spans; all spans of a trace are put together.
        options: The policies.
    """
    places = Places()
    traces: dict[bytes, OpenTrace] = {}
    for batch in batches:
        for place, records in places.of(batch):
            for record in records:
                trace = traces.get(record.trace_id)
                if trace is None:
                    trace = traces[record.trace_id] = OpenTrace(record.trace_id, 0.0)
                trace.put(record, place)
    rules = Ruleset(options)
    found = []
    for trace in sorted(traces.values(), key=lambda trace: trace.end_ns):
        steps: list[Step] = []
        facts = Facts(trace)
        verdict = rules.judge(facts, trace.end_ns / _NS_PER_S, steps)
        found.append(_explanation(facts, verdict, steps))
    return found


def _explanation(facts: Facts, verdict: Verdict, steps: list[Step]) -> Explanation:
    trace = facts.trace
    return Explanation(
        trace_id=trace.trace_id.hex(),
        kept=verdict.keep,
        reason=verdict.reason,
        rate=verdict.rate,
        spans=facts.spans,
        duration_ms=round(trace.duration_ns / _NS_PER_MS, 3),
        service=facts.service,
        name=facts.name,
        randomness=facts.randomness / NEVER,
        steps=tuple(
            (step.policy, None if step.threshold is None else rate_of(step.threshold))
            for step in steps
        ),
    )
