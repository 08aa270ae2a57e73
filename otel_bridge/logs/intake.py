"""Takes log records as telemetry: reads them where they are written, and hands them over."""

import logging
import threading
from typing import Protocol

from opentelemetry import context as otel_context

from otel_bridge.convert.own_names import BREADCRUMB, EVENT_ID, MESSAGE_EVENT
from otel_bridge.logs.correlation import current_span_context
from otel_bridge.logs.known_errors import mark_of
from otel_bridge.logs.record import (
    EmittedLog,
    RecordReader,
    exc_info_of,
    exception_attributes,
)

TAKEN = "_otel_bridge_taken"
"""Stands on a record that was taken, so that a second handler does not take it again."""
OWN_THREADS = "otel-bridge"
_OWN_LOGGERS = ("otel_bridge", "opentelemetry")
_SUPPRESSED = otel_context._SUPPRESS_INSTRUMENTATION_KEY  # noqa: SLF001  # it has no public name


class LogSink(Protocol):
    """What takes log records over: a bridge."""

    def put_log(self, log: EmittedLog, exc: BaseException | None) -> None:
        """Take a record over, with the exception it tells of; never block, never raise."""

    def note_error(self, exc: BaseException) -> str:
        """Return the id that the error event of an exception has or will have."""


class Intake:
    """Reads stdlib records and hands them over; without a sink it does nothing.

    Args:
        sink: Where records go.
        event_level: Lowest level at which a line without an exception is an event of its own.
    """

    def __init__(self, sink: LogSink | None = None, event_level: int | None = None) -> None:
        self.sink = sink
        self.event_level = event_level
        self._reader = RecordReader()
        self._handling = threading.local()

    def begin(self, record: logging.LogRecord) -> None:
        """Know which record this thread hands to its handlers now."""
        self._handling.record = record

    def end(self) -> None:
        """Forget it."""
        self._handling.record = None

    def claim(self, timestamp: int | None) -> BaseException | None:
        """Tell that a handler has emitted the record being handled as telemetry already.

        Args:
            timestamp: The emitted record's, which OpenTelemetry's handlers take from the original.

        Returns:
            The exception that the record tells of, which those handlers do not pass on.
        """
        record: logging.LogRecord | None = getattr(self._handling, "record", None)
        if record is None or timestamp != int(record.created * 1e9):
            return None
        record.__dict__[TAKEN] = True
        found = exc_info_of(record)
        return None if found is None or record.levelno < logging.ERROR else found[1]

    def note(self, record: logging.LogRecord) -> None:
        """Let the exception of a record have its event's id before the line is written."""
        if self.sink is not None and record.levelno >= logging.ERROR and not _is_ours(record):
            found = exc_info_of(record)
            if found is not None and TAKEN not in record.__dict__:
                self.sink.note_error(found[1])

    def take(self, record: logging.LogRecord) -> None:
        """Hand a record over, once."""
        sink = self.sink
        if sink is None or TAKEN in record.__dict__ or _is_ours(record):
            return
        record.__dict__[TAKEN] = True
        log = self._reader.read(record)
        found = exc_info_of(record)
        exc = None if found is None else found[1]
        _place(log, exc)
        if exc is not None:
            self._add_exception(log, exc, record, sink)
        elif self.event_level is not None and record.levelno >= self.event_level:
            log.log_record.event_name = MESSAGE_EVENT
        sink.put_log(log, exc)

    def _add_exception(
        self, log: EmittedLog, exc: BaseException, record: logging.LogRecord, sink: LogSink
    ) -> None:
        attributes = log.log_record.attributes
        attributes |= exception_attributes(exc, _traceback_of(record))
        if record.levelno >= logging.ERROR:
            attributes[EVENT_ID] = sink.note_error(exc)
        else:
            attributes[BREADCRUMB] = True


INTAKE = Intake()
"""Of the process, for handlers that are made by ``dictConfig`` and know no bridge."""


def _place(log: EmittedLog, exc: BaseException | None) -> None:
    """Give a record the ids of the current span, else of the one that the exception ended."""
    body = log.log_record
    context = current_span_context()
    if context.trace_id:
        body.trace_id, body.span_id = context.trace_id, context.span_id
        body.trace_flags = int(context.trace_flags)
        return
    found = mark_of(exc)
    if found is not None:
        body.trace_id, body.span_id, body.trace_flags, _ = found


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a record tells of telemetry itself, which would go round in circles."""
    if record.name.partition(".")[0] in _OWN_LOGGERS:
        return True
    if (record.threadName or "").startswith(OWN_THREADS):
        return True
    current: otel_context.Context | None = otel_context.get_current()
    return current is not None and bool(current.get(_SUPPRESSED))


def _traceback_of(record: logging.LogRecord) -> str | None:
    """Return the text that a formatter has made of the exception, if it is a traceback."""
    text = record.exc_text
    return text + "\n" if text and text.startswith(("Traceback ", "  + Exception Group")) else None
