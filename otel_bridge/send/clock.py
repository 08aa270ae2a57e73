"""The two clocks that delivery needs, as an argument."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back; for waiting and for time limits."""

    def now(self) -> float:
        """Return seconds since the epoch; may jump. For what is written down or sent."""


class SystemClock:
    """The clocks of this machine."""

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back."""
        return time.monotonic()

    def now(self) -> float:
        """Return seconds since the epoch."""
        return time.time()  # noqa: TID251  # this is the clock that others take as an argument
