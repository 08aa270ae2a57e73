"""Warnings for the people who run the host, at most one a minute for each subject."""

import logging
import threading

from otel_bridge.send.clock import Clock

_LOGGER = logging.getLogger("otel_bridge.send")


class Notices:
    """Says what goes wrong with one destination, without filling its log.

    Args:
        name: The destination, as people may read it; no secrets.
        clock: The time.
        every_s: The least seconds between two warnings about one subject.
    """

    def __init__(self, name: str, clock: Clock, every_s: float = 60.0) -> None:
        self._name = name
        self._clock = clock
        self._every_s = every_s
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._kept_back: dict[str, int] = {}

    def warn(self, subject: str, message: str) -> bool:
        """Log a warning, unless there was one about the subject within the last minute."""
        now = self._clock.monotonic()
        with self._lock:
            last = self._last.get(subject)
            if last is not None and now - last < self._every_s:
                self._kept_back[subject] = self._kept_back.get(subject, 0) + 1
                return False
            self._last[subject] = now
            kept_back = self._kept_back.pop(subject, 0)
        more = f" ({kept_back} more like this since the last warning)" if kept_back else ""
        _LOGGER.warning("%s: %s%s", self._name, message, more)
        return True

    def debug(self, message: str) -> None:
        """Log for those who look closely."""
        _LOGGER.debug("%s: %s", self._name, message)

    def after_fork_in_child(self) -> None:
        """Replace the lock, which another thread of the parent may have held."""
        self._lock = threading.Lock()
