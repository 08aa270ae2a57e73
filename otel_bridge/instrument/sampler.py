"""The head sampler as the OpenTelemetry SDK sees it."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceState, get_current_span
from opentelemetry.util.types import Attributes

from otel_bridge.instrument.guard import Guard
from otel_bridge.sample.context import Parent, Start
from otel_bridge.sample.head import HeadDecision, HeadSampler, TracesSampler
from otel_bridge.sample.options import HeadRule, read_head
from otel_bridge.sample.probability import NOTHING, OtState, format_ot, parse_ot
from otel_bridge.sample.tracestate import MAX_MEMBERS
from otel_bridge.stats import Stats

HEAD = "sampling.head"
"""Attribute of sampled spans without a local parent: who decided that they are."""

_OT = "ot"
_MAX_KEPT = 1024
_INTERNAL = SpanKind.INTERNAL.name.lower()
_KINDS: dict[SpanKind | None, str] = {kind: kind.name.lower() for kind in SpanKind}


class BridgeSampler(Sampler):
    """Decide when a trace starts, by rules, a callable or a rate, and carry the decision along.

    A span with a local parent does what the parent does. A span without any is decided by
    ``traces_sampler``, else by the first rule that fits, else by ``rate``. A remote parent's
    decision holds; ``traces_sampler`` and rules with ``entry`` can only lower it.

    Args:
        rate: The share of traces that is sampled, 0 to 1.
        rules: ``HeadRule`` values or tables; the first that fits decides.
        traces_sampler: Called with a ``SamplingContext``; returns a rate from 0 to 1 or a bool.
        record_errors: Record unsampled spans, so that their exceptions still become error events.
        service: The ``service.name``, for rules that ask for it.
        environment: The deployment environment, for rules that ask for it.
        stats: Where faults of ``traces_sampler`` are counted.

    Raises:
        ConfigError: Every problem with rate and rules, at once.
    """

    def __init__(
        self,
        rate: float = 1.0,
        rules: Iterable[HeadRule | Mapping[str, Any]] = (),
        traces_sampler: TracesSampler | None = None,
        *,
        record_errors: bool = True,
        service: str = "",
        environment: str = "",
        stats: Stats | None = None,
    ) -> None:
        options = read_head(
            {"rate": rate, "rules": list(rules), "record_errors": record_errors}, "BridgeSampler"
        )
        self.stats = stats or Stats()
        self._options = options
        self._unsampled = Decision.RECORD_ONLY if options.record_errors else Decision.DROP
        self._head = HeadSampler(
            options,
            service=service,
            environment=environment,
            traces_sampler=traces_sampler,
            on_fault=Guard(self.stats, time.monotonic).tell,
        )
        self._states: dict[str, TraceState] = {}

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Decide about a span; ``links`` and ``trace_state`` play no part in it."""
        del links, trace_state  # the SDK never passes the latter; it is the parent's that counts
        parent = get_current_span(parent_context).get_span_context()
        if parent.is_valid and not parent.is_remote:
            sampled = parent.trace_flags.sampled
            return SamplingResult(
                Decision.RECORD_AND_SAMPLE if sampled else self._unsampled,
                attributes,
                parent.trace_state,
            )
        remote = parent if parent.is_valid else None
        decision = self._head.decide(
            Start(
                trace_id,
                name,
                _KINDS.get(kind, _INTERNAL),
                attributes or {},
                None if remote is None else _parent(remote),
            )
        )
        state = self._root_state(decision.ot) if remote is None else _with_ot(remote, decision.ot)
        if not decision.sampled:
            return SamplingResult(self._unsampled, attributes, state)
        return SamplingResult(Decision.RECORD_AND_SAMPLE, _explained(attributes, decision), state)

    def get_description(self) -> str:
        """Return the sampler's name, rate and number of rules."""
        return f"BridgeSampler{{rate={self._options.rate},rules={len(self._options.rules)}}}"

    def _root_state(self, ot: OtState) -> TraceState | None:
        value = format_ot(ot)
        if not value:
            return None
        state = self._states.get(value)
        if state is None:
            if len(self._states) >= _MAX_KEPT:
                self._states.clear()
            state = self._states[value] = TraceState([(_OT, value)])
        return state


def _parent(context: SpanContext) -> Parent:
    state = context.trace_state
    value = state.get(_OT) if state else None
    ot = parse_ot(value) if value else NOTHING
    return Parent(context.span_id, context.trace_flags.sampled, ot)


def _with_ot(context: SpanContext, ot: OtState) -> TraceState | None:
    """Return a parent's tracestate with another ``ot`` entry; all others stay."""
    state = context.trace_state
    value = format_ot(ot)
    if not state:
        return TraceState([(_OT, value)]) if value else None
    if state.get(_OT, "") == value:
        return state
    if not value:
        return state.delete(_OT)
    if _OT not in state and len(state) >= MAX_MEMBERS:
        return state
    return state.update(_OT, value)


def _explained(attributes: Attributes, decision: HeadDecision) -> Attributes:
    return {**(attributes or {}), HEAD: decision.reason}
