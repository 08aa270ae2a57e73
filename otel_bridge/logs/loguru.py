"""For loguru: ids in every record, records as telemetry. Imports no loguru."""

import logging
from typing import Any

from otel_bridge.logs.correlation import CORRELATION
from otel_bridge.logs.intake import INTAKE


def add_trace_fields(record: Any) -> None:  # noqa: ANN401  # loguru's record, a TypedDict of its own
    """Add the ids of trace, span, error and request to ``extra``.

    Use it as ``logger.configure(patcher=add_trace_fields)``: a patcher runs where the line is
    written, so it is right with ``enqueue=True``, too.
    """
    extra = record["extra"]
    for name, value in CORRELATION.fields(_exception_in(record)).items():
        extra.setdefault(name, value)


def take_record(message: Any) -> None:  # noqa: ANN401  # loguru's message, a str with a record
    """Hand the record to the bridge of the process: breadcrumb, error event, OTLP log.

    Use it as ``logger.add(take_record)``, without ``enqueue``: a span is current only where the
    line is written.
    """
    found = message.record
    exc = _exception_in(found)
    record = logging.LogRecord(
        found["name"] or "loguru", found["level"].no, found["file"].path, found["line"],
        found["message"], None,
        (type(exc), exc, exc.__traceback__) if exc is not None else None, found["function"],
    )  # fmt: skip
    record.levelname = found["level"].name
    for name, value in found["extra"].items():
        record.__dict__.setdefault(name, value)
    INTAKE.note(record)
    INTAKE.take(record)


def _exception_in(record: Any) -> BaseException | None:  # noqa: ANN401  # as above
    found = record["exception"]
    return None if found is None else found.value
