"""What is added to log lines, and which of them become telemetry."""

import logging
from dataclasses import dataclass
from typing import Literal

from otel_bridge.errors import ConfigError

Names = Literal["standard", "otel_python"]
Absent = Literal["omit", "empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOptions:
    """Options of the log door.

    Raises:
        ConfigError: A name is not one of those that can be chosen.
    """

    correlate: bool = True
    """Whether stdlib log records get the fields."""
    names: Names = "standard"
    """``otel_python`` means those of ``opentelemetry-instrumentation-logging``, in addition."""
    absent: Absent = "omit"
    """Whether fields that are not known are left out or empty."""
    level: int | None = logging.INFO
    """Lowest level that is taken as breadcrumbs and telemetry; None takes nothing."""
    event_level: int | None = None
    """Lowest level at which a line without an exception is an error event of its own."""

    def __post_init__(self) -> None:
        problems = [
            f"{name}: found {found!r}, wanted {' or '.join(wanted)}"
            for name, found, wanted in (
                ("names", self.names, ("standard", "otel_python")),
                ("absent", self.absent, ("omit", "empty")),
            )
            if found not in wanted
        ]
        if problems:
            raise ConfigError(problems)
