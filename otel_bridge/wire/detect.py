"""Export bodies of unknown make: finds out compression, format and signal, then reads them."""

import msgspec
from google.protobuf.message import DecodeError

from otel_bridge.errors import ReceiveError, TooLarge
from otel_bridge.wire import messages, skeleton
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.compress import decompress, detected_encoding
from otel_bridge.wire.groups import Signal
from otel_bridge.wire.json_shapes import Document
from otel_bridge.wire.otlp_json import batch_of, decode_document
from otel_bridge.wire.receive import MAX_RECORDS, raw_records, read_request


def read_body(data: bytes, *, max_bytes: int, max_records: int = MAX_RECORDS) -> list[Batch]:
    """Read one export body: protobuf, JSON or JSON Lines; compressed or not; traces or logs.

    JSON Lines, as the OTLP file exporter writes them, give a batch for every line and signal;
    lines that hold only metrics are passed over.

    Args:
        data: The body as it was found.
        max_bytes: The most it may have after decompression.
        max_records: The most groups and records of one request.

    Raises:
        ReceiveError: It is none of these, or damaged; says what was found, and where.
        TooLarge: It exceeds a limit.
        MissingComponent: It is compressed with something that is not installed.
    """
    body = decompress(data, detected_encoding(data), max_bytes=max_bytes)
    if not body.strip():
        raise ReceiveError("the body is empty")
    if body[:1] == _GROUP_TAG:  # the tag of a protobuf request, and a line feed
        try:
            return [read_request(body, _signal_of(body), max_records=max_records)]
        except TooLarge:
            raise
        except ReceiveError:
            if not _opens_object(body):
                raise
    if _opens_object(body):
        return _read_json(body.removeprefix(_BYTE_ORDER_MARK), max_records)
    raise ReceiveError("neither OTLP protobuf nor JSON", "byte 0")


_GROUP_TAG = b"\x0a"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def _opens_object(body: bytes) -> bool:
    """Return whether the first byte that is no white space is a brace."""
    return body[:1024].removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"{")


def _signal_of(body: bytes) -> Signal:
    """Return the signal that the records of a protobuf request show; one without any is traces."""
    record = b""
    for record in raw_records(body):
        if _is_span(record):
            return Signal.TRACES
        if _is_log(record):
            return Signal.LOGS
    if record:
        raise ReceiveError("the records are neither spans nor log records", "the request")
    return Signal.TRACES


def _is_span(record: bytes) -> bool:
    """Return whether a record has both ids of a span, of the right length."""
    try:
        span = skeleton.Span.FromString(record)
    except DecodeError:
        return False
    return len(span.trace_id) == 16 and len(span.span_id) == 8


def _is_log(record: bytes) -> bool:
    """Return whether a record has what only a log record has: its times, a severity, a body."""
    try:
        log = messages.LogRecord.FromString(record)
    except DecodeError:
        return False
    known = log.time_unix_nano or log.observed_time_unix_nano or log.severity_number
    return bool(known or log.HasField("body")) and not skeleton.Span.FromString(record).trace_id


def _read_json(body: bytes, max_records: int) -> list[Batch]:
    """Read one document, or one a line where the first line is one by itself."""
    try:
        return _batches(decode_document(body), body, max_records)
    except ReceiveError:
        lines = body.splitlines()
        if not _is_document(next(line for line in lines if line.strip())):
            raise
    return _read_lines(lines, max_records)


def _read_lines(lines: list[bytes], max_records: int) -> list[Batch]:
    batches: list[Batch] = []
    left = max_records
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found = _batches(decode_document(line), line, left)
        except ReceiveError as error:
            where = f"line {number}, {error.where}" if error.where else f"line {number}"
            raise type(error)(error.what, where) from None
        left -= sum(map(len, found))
        batches += found
    return batches


def _is_document(line: bytes) -> bool:
    try:
        decode_document(line)
    except ReceiveError:
        return False
    return True


def _batches(document: Document, body: bytes, max_records: int) -> list[Batch]:
    """Return a batch for every signal that a document names."""
    found = [
        batch_of(document, signal, max_records=max_records)
        for signal, groups in (
            (Signal.TRACES, document.resource_spans),
            (Signal.LOGS, document.resource_logs),
        )
        if groups is not None
    ]
    if not found and document.resource_metrics is None and not _is_empty_object(body):
        raise ReceiveError("wanted resourceSpans or resourceLogs, found neither")
    return found


def _is_empty_object(body: bytes) -> bool:
    return not msgspec.json.decode(body, type=dict[str, msgspec.Raw])
