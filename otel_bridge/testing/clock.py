"""A clock that stands still until it is told to move."""


class FakeClock:
    """Both clocks of delivery, moved by hand.

    Args:
        now: Seconds since the epoch at the start.
    """

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._now = now
        self._monotonic = 1_000.0

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back."""
        return self._monotonic

    def now(self) -> float:
        """Return seconds since the epoch."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self._monotonic += seconds
        self._now += seconds

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward or back, as an administrator might."""
        self._now += seconds
