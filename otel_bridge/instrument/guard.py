"""One guard at each door: our own faults are counted and told, never raised into the host."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from otel_bridge.stats import Stats

logger = logging.getLogger("otel_bridge")

WARN_EVERY_S = 60.0
"""A fault that repeats is told at most once a minute; the counter tells how often it was."""


class Guard:
    """Catch, count and (rarely) log what goes wrong inside the bridge.

    Args:
        stats: Counts each fault by place.
        clock: Seconds on a clock that never goes back.
    """

    def __init__(self, stats: Stats, clock: Callable[[], float]) -> None:
        self._stats = stats
        self._clock = clock
        self._told: dict[str, float] = {}

    @contextmanager
    def __call__(self, place: str) -> Iterator[None]:
        """Keep exceptions of the enclosed code away from the caller."""
        try:
            yield
        except Exception:  # noqa: BLE001  # the one place that must let nothing through
            self.tell(place)

    def tell(self, place: str) -> None:
        """Count a fault, and log the exception being handled if it is time to."""
        self._stats.fault(place)
        now = self._clock()
        if now - self._told.get(place, -WARN_EVERY_S) >= WARN_EVERY_S:
            self._told[place] = now
            with suppress(Exception):  # what fails may be a log handler of the host
                # Without the exception's text: it may quote telemetry that nobody has scrubbed.
                logger.warning(
                    "a fault in %s was contained; the application is not affected", place
                )
                logger.debug("the fault in %s", place, exc_info=True)  # noqa: LOG014  # callers are
