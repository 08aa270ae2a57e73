"""A stdlib handler that sends records through the bridge, for set-ups that name their handlers."""

import logging

from otel_bridge.logs.intake import INTAKE, Intake, LogSink


class BridgeHandler(logging.Handler):
    """Send log records through the bridge: breadcrumbs, error events, OTLP logs.

    ``otel_bridge.init`` takes records without it. Use it where only some loggers are to be taken,
    with the option ``log_level="off"``.

    Args:
        level: Lowest level that is taken.
        bridge: The bridge; the one of the process by default.
    """

    def __init__(self, level: int | str = logging.NOTSET, bridge: LogSink | None = None) -> None:
        super().__init__(level)
        self._intake = INTAKE if bridge is None else Intake(bridge)

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record."""
        try:
            self._intake.take(record)
        except Exception:  # noqa: BLE001  # what every stdlib handler does with its own faults
            self.handleError(record)
