"""From a stdlib log record to one that the encoder can read.

Not the SDK's own class: it copies attributes twice, checks each, and costs more than all the rest.
"""

import logging
import traceback
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import islice
from pathlib import PurePath
from types import TracebackType
from uuid import UUID

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

_PLAIN = (str, bool, int, float, bytes)
_SHOWN = (date, Decimal, Enum, PurePath, UUID)
_MAX_ATTRIBUTES = 128
"""The specification's default limit of attributes on a log record."""
_MAX_DEPTH = 3
_MAX_NESTED = 50
"""Values of a nested one that are kept: 50 to the power of 3 at the most, which nobody logs."""
_MAX_SCOPES = 256
_TEXTS = {"WARNING": "WARN", "CRITICAL": "FATAL"}
"""Level names that the specification spells otherwise."""

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {
    "message", "asctime", "taskName",
    "trace_id", "span_id", "trace_flags", "error_id", "request_id",
    "otelTraceID", "otelSpanID", "otelTraceSampled", "otelServiceName",
}  # fmt: skip


class LogBody:
    """The part of a log record that the SDK calls ``log_record``."""

    __slots__ = (
        "attributes",
        "body",
        "event_name",
        "observed_timestamp",
        "severity_number",
        "severity_text",
        "span_id",
        "timestamp",
        "trace_flags",
        "trace_id",
    )

    def __init__(self, body: object, severity_number: int, timestamp: int) -> None:
        self.body = body
        self.severity_number = severity_number
        self.severity_text = ""
        self.timestamp = timestamp
        self.observed_timestamp = timestamp
        self.attributes: dict[str, object] = {}
        self.trace_id = 0
        self.span_id = 0
        self.trace_flags = 0
        self.event_name: str | None = None


class EmittedLog:
    """A log record in the shape of the SDK's readable one."""

    __slots__ = ("instrumentation_scope", "log_record", "resource")

    dropped_attributes = 0

    def __init__(
        self, log_record: LogBody, scope: InstrumentationScope | None, resource: Resource | None
    ) -> None:
        self.log_record = log_record
        self.instrumentation_scope = scope
        self.resource = resource


class RecordReader:
    """Reads stdlib records. Keeps one scope for each logger; threads may share it."""

    def __init__(self) -> None:
        self._scopes: dict[str, InstrumentationScope] = {}

    def read(self, record: logging.LogRecord) -> EmittedLog:
        """Return the record as telemetry, without ids and resource."""
        body = LogBody(
            _message(record), severity_number(record.levelno), int(record.created * 1e9)
        )
        body.severity_text = _TEXTS.get(record.levelname, record.levelname)
        attributes = body.attributes
        attributes["code.file.path"] = record.pathname
        attributes["code.line.number"] = record.lineno
        if record.funcName:
            attributes["code.function.name"] = record.funcName
        for name, value in record.__dict__.items():
            if name not in _OWN and name[:1] != "_" and len(attributes) < _MAX_ATTRIBUTES:
                shown = plain(value)
                if shown is not None:
                    attributes[name] = shown
        return EmittedLog(body, self._scope(record.name), None)

    def _scope(self, name: str) -> InstrumentationScope:
        scope = self._scopes.get(name)
        if scope is None:
            if len(self._scopes) >= _MAX_SCOPES:
                self._scopes.clear()
            scope = self._scopes[name] = InstrumentationScope(name)
        return scope


def exc_info_of(record: logging.LogRecord) -> ExcInfo | None:
    """Return the exception that a record tells of."""
    found: object = record.exc_info
    if isinstance(found, tuple) and isinstance(found[1], BaseException):
        return found
    return None


def exception_attributes(exc: BaseException, text: str | None = None) -> dict[str, object]:
    """Return ``exception.type``, ``.message`` and ``.stacktrace``.

    Args:
        exc: The exception.
        text: Its traceback, where somebody has formatted it already.
    """
    kind = type(exc)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return {
        "exception.type": module + kind.__qualname__,
        "exception.message": _said_by(exc),
        "exception.stacktrace": text or _formatted(exc),
    }


def severity_number(level: int) -> int:
    """Return the OpenTelemetry severity of a stdlib level: 10 is 5, 20 is 9, 50 and above 21."""
    if level < logging.DEBUG:
        return 1 if level > 0 else 0
    tens = min(level, 53) // 10
    return 4 * tens + 1 + min(level - 10 * tens, 3)


def plain(value: object) -> object:
    """Return a value that telemetry can hold; None for an object that has no business there.

    Frameworks put requests, users and forms into ``extra``: showing them would run their code and
    tell more than anybody meant to log. Nested values are kept up to a bound.
    """
    return _plain(value, _MAX_DEPTH)


def _plain(value: object, depth: int) -> object:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, _SHOWN):
        return str(value)
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        pairs = islice(value.items(), _MAX_NESTED)
        return {str(key): _plain(item, depth - 1) for key, item in pairs}
    if isinstance(value, Sequence | set | frozenset):
        return [_plain(item, depth - 1) for item in islice(value, _MAX_NESTED)]
    return None


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001  # wrong arguments: the line is not worth the application
        return str(record.msg)


def _said_by(exc: BaseException) -> str:
    try:
        return str(exc)
    except Exception:  # noqa: BLE001  # the host's code; its type is told all the same
        return ""


def _formatted(exc: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(exc))
    except Exception:  # noqa: BLE001  # as above
        return ""
