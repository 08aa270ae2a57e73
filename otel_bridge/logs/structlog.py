"""Processors for structlog: ids in every entry, entries as telemetry. Imports no structlog."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

from otel_bridge.logs.correlation import CORRELATION
from otel_bridge.logs.intake import INTAKE

EventDict = MutableMapping[str, Any]

_NOT_EXTRA = frozenset({"event", "level", "timestamp", "exc_info", "stack_info", "logger"})
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "warn": logging.WARNING,
    "error": logging.ERROR,
    "exception": logging.ERROR,
    "critical": logging.CRITICAL,
    "fatal": logging.CRITICAL,
}


def add_trace_fields(_logger: object, _method: str, event_dict: EventDict) -> EventDict:
    """Add the ids of trace, span, error and request. Put it before the renderer.

    Fields that the application has set itself are left as they are.
    """
    for name, value in CORRELATION.fields(_exception_in(event_dict)).items():
        event_dict.setdefault(name, value)
    return event_dict


def take_entry(logger: object, method: str, event_dict: EventDict) -> EventDict:
    """Hand the entry to the bridge of the process: breadcrumb, error event, OTLP log.

    Only for structlog set-ups that do not end in stdlib logging, whose records are taken anyway.
    Put it before ``format_exc_info`` and the renderer.
    """
    level = _LEVELS.get(method, logging.INFO)
    exc = _exception_in(event_dict)
    record = logging.LogRecord(
        str(event_dict.get("logger") or getattr(logger, "name", "") or "structlog"),
        level, "", 0, str(event_dict.get("event", "")), None,
        (type(exc), exc, exc.__traceback__) if exc is not None else None,
    )  # fmt: skip
    for name, value in event_dict.items():
        if name not in _NOT_EXTRA:
            record.__dict__.setdefault(name, value)
    INTAKE.note(record)
    INTAKE.take(record)
    return event_dict


def _exception_in(event_dict: EventDict) -> BaseException | None:
    found = event_dict.get("exc_info")
    if isinstance(found, BaseException):
        return found
    if isinstance(found, tuple) and len(found) > 1:
        return found[1] if isinstance(found[1], BaseException) else None
    return sys.exc_info()[1] if found else None
