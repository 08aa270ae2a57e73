"""A budget per second that turns into a probability, so that what is kept still extrapolates.

The probability is fixed before a trace's randomness is looked at, from what came and went before
it; therefore each kept trace stands for 1/probability traces, without bias, also while the
probability moves. Only when the bucket is really empty is a trace refused outright.
"""

from collections.abc import Iterable

WINDOW_S = 1.0
"""Load is measured over windows of this length."""
_SMOOTHING = 0.5
"""Weight of the newest window in the moving average."""
_KNEE = 0.5
"""Below this fill of the bucket the probability falls …"""
_HALVINGS = 10
"""… by half this many times until the bucket is empty."""


class Limiter:
    """Spread a budget over the load.

    Args:
        per_second: The budget.
        now: Seconds on a clock that never goes back.
    """

    __slots__ = ("_load", "_offered", "_rate", "_refilled", "_tokens", "_window")

    def __init__(self, per_second: float, now: float = 0.0) -> None:
        self._rate = per_second
        self._tokens = per_second * WINDOW_S
        self._refilled = now
        self._window = now
        self._offered = 0.0
        self._load = 0.0

    def share(self, now: float) -> float:
        """Return the probability at which the next trace may be kept; 0 when nothing is left."""
        self._pass_time(now)
        if self._tokens <= 0:
            return 0.0
        share = min(1.0, self._rate / self._load) if self._load else 1.0
        fill = self._tokens / (self._rate * WINDOW_S)
        if fill < _KNEE:
            share *= 0.5 ** (_HALVINGS * (1 - fill / _KNEE))
        return share

    def offer(self, amount: float) -> None:
        """Take notice of a trace that would be kept if there were no budget."""
        self._offered += amount

    def charge(self, amount: float) -> None:
        """Pay for a trace that is kept."""
        self._tokens -= amount

    def _pass_time(self, now: float) -> None:
        passed = now - self._refilled
        if passed > 0:
            self._tokens = min(self._rate * WINDOW_S, self._tokens + passed * self._rate)
            self._refilled = now
        elapsed = now - self._window
        if elapsed >= WINDOW_S:
            load = self._offered / elapsed
            self._load = _SMOOTHING * load + (1 - _SMOOTHING) * self._load if self._load else load
            self._offered = 0.0
            self._window = now


class Budget:
    """Spans and bytes a second, as one probability.

    Args:
        spans_per_second: The budget in spans, or None.
        bytes_per_second: The budget in serialized bytes, or None.
    """

    __slots__ = ("_bytes", "_spans")

    def __init__(self, spans_per_second: float | None, bytes_per_second: float | None) -> None:
        self._spans = Limiter(spans_per_second) if spans_per_second is not None else None
        self._bytes = Limiter(bytes_per_second) if bytes_per_second is not None else None

    def share(self, now: float) -> float:
        """Return the probability at which the next trace may be kept; 0 when nothing is left."""
        return min((limiter.share(now) for limiter in self._limiters()), default=1.0)

    def offer(self, spans: int, size: int) -> None:
        """Take notice of a trace that would be kept if there were no budget."""
        if self._spans is not None:
            self._spans.offer(spans)
        if self._bytes is not None:
            self._bytes.offer(size)

    def charge(self, spans: int, size: int) -> None:
        """Pay for spans that are kept."""
        if self._spans is not None:
            self._spans.charge(spans)
        if self._bytes is not None:
            self._bytes.charge(size)

    def _limiters(self) -> Iterable[Limiter]:
        return (limiter for limiter in (self._spans, self._bytes) if limiter is not None)
