"""Stands around the handlers of every stdlib logger: ids before them, telemetry after them.

Not a record factory: fields that a factory sets make ``logger.info(..., extra={"trace_id": …})``
raise in the application. Not a handler of the root logger: with one, ``logging.basicConfig`` would
do nothing, and ``dictConfig`` would remove it.
"""

import logging
from collections.abc import Callable
from typing import Any

from otel_bridge.logs.correlation import CORRELATION, FIELDS
from otel_bridge.logs.formatters import Teacher
from otel_bridge.logs.intake import INTAKE, Intake
from otel_bridge.logs.options import LogOptions

CallHandlers = Callable[[logging.Logger, logging.LogRecord], None]
Fault = Callable[[str], None]

_EMPTY = dict.fromkeys(FIELDS, "")
_OTEL_PYTHON: dict[str, Any] = {
    "otelTraceID": "0",
    "otelSpanID": "0",
    "otelTraceSampled": False,
    "otelServiceName": "",
}


class LogHook:
    """Adds fields to records and hands them to the intake.

    Args:
        options: What is added and taken.
        service_name: For ``otelServiceName``.
        on_fault: Told where something of ours went wrong; called while the exception is handled.
        intake: What takes records as telemetry.
    """

    def __init__(
        self,
        options: LogOptions,
        *,
        service_name: str = "",
        on_fault: Fault = lambda _: None,
        intake: Intake = INTAKE,
    ) -> None:
        self._options = options
        self._level = options.level
        self._otel_python = {**_OTEL_PYTHON, "otelServiceName": service_name}
        self._on_fault = on_fault
        self._intake = intake
        self._teacher = Teacher()
        self._original: CallHandlers = logging.Logger.callHandlers
        self._installed: CallHandlers | None = None
        self._is_active = False

    def install(self) -> None:
        """Begin to add and to take. A second call does nothing."""
        if self._is_active:
            return
        self._is_active = True
        if self._installed is None:
            self._original = logging.Logger.callHandlers
            self._installed = self._around(self._original)
            logging.Logger.callHandlers = self._installed  # type: ignore[assignment,method-assign]  # the hook

    def uninstall(self) -> None:
        """Add and take nothing more."""
        self._is_active = False
        if logging.Logger.callHandlers is self._installed:
            logging.Logger.callHandlers = self._original  # type: ignore[assignment,method-assign]
            self._installed = None

    def _around(self, original: CallHandlers) -> CallHandlers:
        def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
            if not self._is_active:
                original(logger, record)
                return
            try:
                self.before(record)
            except Exception:  # noqa: BLE001  # logging must not fail because of us
                self._on_fault("log")
            self._intake.begin(record)
            try:
                original(logger, record)
            finally:
                self._intake.end()
            if self._level is not None and record.levelno >= self._level:
                try:
                    self._intake.take(record)
                except Exception:  # noqa: BLE001  # as above
                    self._on_fault("log")

        return call_handlers

    def before(self, record: logging.LogRecord) -> None:
        """Add the fields, unless the application has set them itself."""
        exc_info = record.exc_info
        exc = exc_info[1] if isinstance(exc_info, tuple) else None
        if exc is not None and self._level is not None and record.levelno >= self._level:
            self._intake.note(record)
        options = self._options
        if not options.correlate:
            return
        own = record.__dict__
        fields = CORRELATION.fields(exc)
        if options.names == "otel_python":
            self._add_otel_python(own, fields)
        if options.absent == "empty":
            fields = _EMPTY | fields
        elif len(fields) < len(FIELDS):
            self._teacher.look()
        for name, value in fields.items():
            if name not in own:
                own[name] = value

    def _add_otel_python(self, own: dict[str, Any], fields: dict[str, str]) -> None:
        found = dict(self._otel_python)
        if "trace_id" in fields:
            found["otelTraceID"] = fields["trace_id"]
            found["otelSpanID"] = fields["span_id"]
            found["otelTraceSampled"] = bool(int(fields["trace_flags"], 16) & 1)
        for name, value in found.items():
            own.setdefault(name, value)
