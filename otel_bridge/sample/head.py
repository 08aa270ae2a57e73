"""The decision at the start of a trace: consistent, and never above what upstream decided."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from otel_bridge.sample.context import Parent, SamplingContext, Start
from otel_bridge.sample.globs import Match, as_text, compile_glob
from otel_bridge.sample.options import HeadOptions, HeadRule
from otel_bridge.sample.probability import NOTHING, OtState, rate_of, threshold_of

TracesSampler = Callable[[SamplingContext], object]
"""Returns a rate from 0 to 1, or a bool."""

FAULT_RAISED = "traces_sampler_raised"
FAULT_RESULT = "traces_sampler_result"
FAULT_START = "head_start"


class HeadDecision(NamedTuple):
    """What to do with a trace, and what to tell others about it."""

    sampled: bool
    ot: OtState
    """To be written to the tracestate."""
    reason: str
    """``rule:<label>``, ``traces_sampler``, ``rate`` or ``parent``."""

    @property
    def rate(self) -> float | None:
        """The probability of being sampled; None if it is unknown or the trace is not."""
        return None if self.ot.threshold is None else rate_of(self.ot.threshold)


class HeadSampler:
    """Decide about spans that have no parent in their process.

    Args:
        options: Rate and rules.
        service: The ``service.name``, for rules.
        environment: The deployment environment, for rules.
        traces_sampler: The user's own decision; it goes before rules and rate.
        on_fault: Told when ``traces_sampler`` raises or returns something else than a rate, and
            when a span starts with a name or attributes that are none.
    """

    def __init__(
        self,
        options: HeadOptions,
        *,
        service: str = "",
        environment: str = "",
        traces_sampler: TracesSampler | None = None,
        on_fault: Callable[[str], None] = lambda _fault: None,
    ) -> None:
        self._rate = options.rate
        self._service = service
        self._environment = environment
        self._traces_sampler = traces_sampler
        self._on_fault = on_fault
        self._rules = [
            _Rule(rule, rule.label or str(index))
            for index, rule in enumerate(options.rules)
            if _fits(rule.service, service) and _fits(rule.environment, environment)
        ]

    def decide(self, start: Start) -> HeadDecision:
        """Decide about a span by what is known when it starts. Never raises."""
        try:
            return self._decided(start)
        except Exception:  # noqa: BLE001 - whatever the application calls a name or attributes
            self._on_fault(FAULT_START)
            return self._decided(start._replace(name="", attributes={}))

    def _decided(self, start: Start) -> HeadDecision:
        rate, reason = self._wanted(start)
        if start.parent is None:
            threshold = threshold_of(1.0 if rate is None else rate)
            sampled = start.randomness >= threshold
            return HeadDecision(sampled, OtState(threshold) if sampled else NOTHING, reason)
        return _lowered(start, start.parent, rate, reason)

    def _wanted(self, start: Start) -> tuple[float | None, str]:
        """Return the rate somebody wants, and who; None is to do as the parent did."""
        if self._traces_sampler is not None:
            rate = self._ask(self._traces_sampler, start)
            if rate is not None:
                return rate, "traces_sampler"
        for rule in self._rules:
            if (start.parent is None or rule.entry) and rule.fits(start):
                return rule.rate, rule.reason
        return (self._rate, "rate") if start.parent is None else (None, "parent")

    def _ask(self, traces_sampler: TracesSampler, start: Start) -> float | None:
        try:
            answer = traces_sampler(SamplingContext(start, self._service, self._environment))
        except Exception:  # noqa: BLE001 - the user's code must not fail the user's request
            self._on_fault(FAULT_RAISED)
            return None
        # NaN is in no range.
        if isinstance(answer, bool | int | float) and 0 <= answer <= 1:
            return float(answer)
        self._on_fault(FAULT_RESULT)
        return None


def _lowered(start: Start, parent: Parent, rate: float | None, reason: str) -> HeadDecision:
    """Do as the parent did, or less."""
    if not parent.sampled:
        return HeadDecision(False, parent.ot._replace(threshold=None), reason)  # noqa: FBT003
    upstream = start.upstream
    # The parent's own rate, come back from a ``traces_sampler``, must not be rounded to another.
    follows = rate is None or (upstream is not None and rate >= rate_of(upstream))
    wanted = 0 if rate is None or follows else threshold_of(rate)
    if wanted > (upstream or 0):
        if start.randomness < wanted:
            return HeadDecision(False, parent.ot._replace(threshold=None), reason)  # noqa: FBT003
        upstream = None if upstream is None else wanted
    return HeadDecision(True, parent.ot._replace(threshold=upstream), reason)  # noqa: FBT003


class _Rule:
    """A head rule, ready to be asked; service and environment fit already."""

    __slots__ = ("_attributes", "_kind", "_name", "entry", "rate", "reason")

    def __init__(self, rule: HeadRule, label: str) -> None:
        self.rate = rule.rate
        self.entry = rule.entry
        self.reason = f"rule:{label}"
        self._kind = rule.kind
        self._name = compile_glob(rule.name) if rule.name is not None else None
        self._attributes: list[tuple[str, Match]] = [
            (key, compile_glob(glob)) for key, glob in rule.attributes.items()
        ]

    def fits(self, start: Start) -> bool:
        """Return whether a span is one that this rule is about."""
        if self._kind is not None and start.kind != self._kind:
            return False
        if self._name is not None and not self._name(start.name):
            return False
        return all(_has(start.attributes, key, match) for key, match in self._attributes)


def _has(attributes: Mapping[str, Any], key: str, match: Match) -> bool:
    text = as_text(attributes.get(key))
    return text is not None and match(text)


def _fits(glob: str | None, text: str) -> bool:
    return glob is None or compile_glob(glob)(text)
