"""From the one configuration to the options of the log door.

Not in ``config.stages``: the log door stands above ``config``.
"""

import logging

from otel_bridge.config.options import LogLevel, Options
from otel_bridge.logs.options import LogOptions

_LEVELS: dict[LogLevel, int | None] = {
    "off": None,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}


def log_options(options: Options) -> LogOptions:
    """Return what the log door is told."""
    return LogOptions(
        correlate=options.log_correlation,
        names=options.log_correlation_names,
        absent=options.log_correlation_absent,
        level=_LEVELS[options.log_level],
        event_level=_LEVELS[options.log_event_level],
    )
