"""Stress relief: when the buffer is nearly full, new traces no longer enter it."""

from otel_bridge.sample.options import StressOptions


class Stress:
    """Whether relief is on; it goes off later than it went on.

    Args:
        options: At which fill it goes on and off.
    """

    __slots__ = ("_options", "_since", "active")

    def __init__(self, options: StressOptions) -> None:
        self._options = options
        self._since = 0.0
        self.active = False

    def update(self, fill: float, now: float) -> None:
        """Take the fill of the buffer, from 0 to 1, into account."""
        options = self._options
        if not self.active:
            if fill >= options.activate:
                self.active = True
                self._since = now
        elif fill < options.deactivate and now - self._since >= options.min_s:
            self.active = False
