"""The policies of a tail sampler, in order, and how they come to one verdict."""

from math import ceil
from typing import NamedTuple

from otel_bridge.sample.conditions import (
    Condition,
    Error,
    Latency,
    StatusCode,
    budgets_of,
    keeps_whole,
)
from otel_bridge.sample.facts import Facts
from otel_bridge.sample.limiter import Budget
from otel_bridge.sample.matching import ERROR_BIT, STATUS_BITS, Matcher, compile_condition
from otel_bridge.sample.options import Limit, Policy, TailOptions
from otel_bridge.sample.probability import NEVER, rounded, threshold_of
from otel_bridge.sample.trace import OpenTrace
from otel_bridge.sample.verdict import LIMIT, LIMIT_EMPTY, NO_POLICY, Verdict

_NS_PER_MS = 1_000_000
NO_LATENCY = 1 << 64
"""Longer than any trace."""


class Step(NamedTuple):
    """One policy that was asked on the way to a verdict."""

    policy: str
    threshold: int | None
    """What it makes of the trace; None if the trace does not fit."""


class _Rule:
    """A policy, ready to be asked."""

    __slots__ = ("budgets", "drop", "kept", "matcher", "name", "refused", "threshold")

    def __init__(self, policy: Policy) -> None:
        self.name = policy.name
        self.drop = policy.drop
        self.matcher: Matcher = compile_condition(policy.condition)
        self.threshold = threshold_of(policy.rate)
        self.kept = Verdict(keep=True, reason=policy.name, threshold=self.threshold)
        self.refused = Verdict(
            keep=False, reason=policy.name, threshold=NEVER if policy.drop else self.threshold
        )
        """The two verdicts that come of most traces, made once."""
        self.budgets = [
            Budget(budget.spans_per_second, budget.bytes_per_second)
            for budget in budgets_of(policy.condition)
        ]

    def step(self, threshold: int) -> Step:
        """Return what this policy makes of a trace, before any budget."""
        if threshold == NEVER:
            return Step(self.name, None)
        return Step(self.name, NEVER if self.drop else max(threshold, self.threshold))


class Ruleset:
    """Judge traces. Remembers budgets and what is rare, so two of them can differ.

    Args:
        options: The policies and how they combine.
    """

    def __init__(self, options: TailOptions) -> None:
        self._rules = [_Rule(policy) for policy in options.policies]
        self._first = options.match == "first"
        self._limit = _limit(options.limit)
        self.early = Early(options)

    def judge(self, facts: Facts, now: float, steps: list[Step] | None = None) -> Verdict:
        """Decide about a trace by what is known of it.

        Args:
            facts: The trace.
            now: Seconds on a clock that never goes back.
            steps: Takes the policies that were asked, for an explanation.
        """
        rule, threshold = (self._first_fit if self._first else self._best_fit)(facts, now, steps)
        if rule is None:
            return NO_POLICY
        if rule.drop:
            return rule.refused
        if threshold == rule.threshold and not rule.budgets and not self._limit:
            # Whoever keeps everything need not look at the randomness.
            keep = threshold == 0 or facts.randomness >= threshold
            return rule.kept if keep else rule.refused
        return self.settle(rule.name, threshold, facts, now, rule.budgets)

    def settle(
        self,
        reason: str,
        threshold: int,
        facts: Facts,
        now: float,
        budgets: "list[Budget] | tuple[Budget, ...]" = (),
    ) -> Verdict:
        """Apply budgets to a threshold, and the threshold to a trace."""
        if budgets or self._limit:
            budgets = [*budgets, *self._limit]
            return _within(budgets, reason, max(threshold, facts.upstream), facts, now)
        return Verdict(facts.randomness >= threshold, reason, threshold)

    def charge(self, spans: int, size: int) -> None:
        """Pay from the overall budget for spans that follow an earlier decision."""
        for budget in self._limit:
            budget.charge(spans, size)

    def _first_fit(
        self, facts: Facts, now: float, steps: list[Step] | None
    ) -> tuple[_Rule | None, int]:
        for rule in self._rules:
            threshold = rule.matcher(facts, now)
            if steps is not None:
                steps.append(rule.step(threshold))
            if threshold != NEVER:
                return rule, max(threshold, rule.threshold)
        return None, NEVER

    def _best_fit(
        self, facts: Facts, now: float, steps: list[Step] | None
    ) -> tuple[_Rule | None, int]:
        best: _Rule | None = None
        lowest, lowest_after = NEVER, NEVER + 1
        for rule in self._rules:
            threshold = rule.matcher(facts, now)
            if steps is not None:
                steps.append(rule.step(threshold))
            if threshold == NEVER:
                continue
            if rule.drop:
                return rule, NEVER
            threshold = max(threshold, rule.threshold)
            share = min((budget.share(now) for budget in rule.budgets), default=1.0)
            after = _composed(max(threshold, facts.upstream), share)
            if after < lowest_after:
                best, lowest, lowest_after = rule, threshold, after
        return best, lowest


class Early:
    """What decides a trace at once: later spans cannot make these policies fit less.

    With ``match = "first"`` that holds for the leading policies that keep all that fits them; with
    ``"best"`` for all of those, if nothing drops.
    """

    __slots__ = ("latency_ns", "latency_reason", "statuses", "threshold_reasons")

    def __init__(self, options: TailOptions) -> None:
        self.statuses = 0
        """Bits of span statuses that decide."""
        self.threshold_reasons: dict[int, str] = {}
        self.latency_ns = NO_LATENCY
        """A duration that decides."""
        self.latency_reason = ""
        if options.match == "best" and any(policy.drop for policy in options.policies):
            return
        for policy in options.policies:
            if policy.rate == 1 and not policy.drop and self._add(policy.name, policy.condition):
                continue
            if options.match == "first":
                break

    def reason(self, trace: OpenTrace) -> str | None:
        """Return the name of a policy that has decided this trace by now, or None."""
        for bit, reason in self.threshold_reasons.items():
            if trace.statuses & bit:
                return reason
        return self.latency_reason if trace.duration_ns >= self.latency_ns else None

    def _add(self, name: str, condition: Condition) -> bool:
        """Take a policy in; return whether policies behind it may still decide early."""
        match condition:
            case Error():
                self._add_statuses(name, ERROR_BIT)
            case StatusCode(codes=codes):
                for code in codes:
                    if code != "unset":  # which is not noted while spans come in
                        self._add_statuses(name, STATUS_BITS[code])
            case Latency(min_ms=minimum, max_ms=None, routes=routes):
                longest = ceil(max([minimum, *routes.values()]) * _NS_PER_MS)
                if longest < self.latency_ns:
                    self.latency_ns, self.latency_reason = longest, name
            case _:
                # What fits it is kept, which is what a later policy would have decided early.
                return keeps_whole(condition)
        return True

    def _add_statuses(self, name: str, bit: int) -> None:
        self.statuses |= bit
        self.threshold_reasons.setdefault(bit, name)


def _within(budgets: list[Budget], reason: str, base: int, facts: Facts, now: float) -> Verdict:
    if facts.randomness < base:
        return Verdict(keep=False, reason=reason, threshold=base)
    spans, size = facts.spans, facts.size
    threshold = base
    for budget in budgets:
        share = budget.share(now)
        # What one budget refuses is no load to the next.
        budget.offer(spans, size)
        threshold = _composed(threshold, share)
        if facts.randomness < threshold:
            reason = LIMIT if threshold < NEVER else LIMIT_EMPTY
            return Verdict(keep=False, reason=reason, threshold=threshold)
    for budget in budgets:
        budget.charge(spans, size)
    return Verdict(keep=True, reason=reason, threshold=threshold)


def _composed(threshold: int, share: float) -> int:
    """Return the threshold for a share of what another threshold keeps."""
    return threshold if share >= 1 else rounded(NEVER - int((NEVER - threshold) * share))


def _limit(limit: Limit | None) -> list[Budget]:
    return [] if limit is None else [Budget(limit.spans_per_second, limit.bytes_per_second)]
