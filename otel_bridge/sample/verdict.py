"""What was decided about a trace, and why."""

from typing import Final, NamedTuple

from otel_bridge.sample.probability import NEVER, rate_of


class Trigger:
    """What made the moment of a decision. Plain texts, because an enum's hash runs Python code."""

    POLICY: Final = "policy"
    """A policy that nothing later can change was met."""
    ROOT: Final = "root"
    """The root had ended, and the time of grace was over."""
    MAX_WAIT: Final = "max_wait"
    MAX_SPANS: Final = "max_spans"
    MAX_BYTES: Final = "max_bytes"
    FLUSH: Final = "flush"
    EVICTED: Final = "evicted"
    """The buffer was full; the oldest trace had to go."""
    STRESS: Final = "stress"
    """The buffer was nearly full; the trace never entered it."""


class Verdict(NamedTuple):
    """Keep a trace or not, by which policy and at what probability."""

    keep: bool
    reason: str
    """The name of a policy, or ``no_policy``, ``stress``, ``limit``."""
    threshold: int = NEVER
    """What the trace's randomness was compared with."""
    partial: bool = False
    """A late span that is kept although its trace was dropped."""

    @property
    def rate(self) -> float:
        """The probability at which a trace like this one is kept."""
        return rate_of(self.threshold)


NO_POLICY = Verdict(keep=False, reason="no_policy")
STRESS = "stress"
LIMIT = "limit"
LIMIT_EMPTY = "limit_empty"
"""Refused without a chance, which no weight makes up for."""
LATE = "late"
"""Reasons that are not policies."""
