"""Export bodies of unknown make: finds out compression, format and signal, then reads them."""

from collections.abc import Iterator

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
        return []  # an empty protobuf request, which exporters do send, is valid
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
    is_empty = True
    for record in raw_records(body):
        is_empty = False
        if _is_span(record):
            return Signal.TRACES
        if _is_log(record):
            return Signal.LOGS
    if is_empty:
        return Signal.TRACES
    raise ReceiveError("the records are neither spans nor log records", "the request")


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
        has_trace_id_of_span = bool(skeleton.Span.FromString(record).trace_id)
    except DecodeError:
        return False
    known = log.time_unix_nano or log.observed_time_unix_nano or log.severity_number
    return bool(known or log.HasField("body")) and not has_trace_id_of_span


def _read_json(body: bytes, max_records: int) -> list[Batch]:
    batches: list[Batch] = []
    metrics = False
    for where, document in _documents(body):
        metrics = metrics or document.resource_metrics is not None
        try:
            found = _batches(document, max_records)
        except ReceiveError as error:
            raise _at(where, error) from None
        max_records -= sum(map(len, found))
        batches += found
    if metrics and not batches:
        raise ReceiveError("wanted traces or logs, found only metrics")
    return batches


def _documents(body: bytes) -> Iterator[tuple[str, Document]]:
    """Iterate over one document, or one a line where the first line is one by itself."""
    try:
        whole = _document(body)
    except ReceiveError:
        lines = body.splitlines()
        if not _is_document(next(line for line in lines if line.strip())):
            raise
    else:
        yield "", whole
        return
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                document = _document(line)
            except ReceiveError as error:
                raise _at(f"line {number}", error) from None
            yield f"line {number}", document


def _document(body: bytes) -> Document:
    """Decode a document, and refuse one that names no signal unless it names nothing at all."""
    document = decode_document(body)
    if document == _NOTHING and not _is_empty_object(body):
        raise ReceiveError("wanted resourceSpans or resourceLogs, found neither")
    return document


_NOTHING = Document()


def _is_empty_object(body: bytes) -> bool:
    try:
        return not msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):  # in a part that was passed over before
        return False


def _is_document(line: bytes) -> bool:
    try:
        decode_document(line)
    except ReceiveError:
        return False
    return True


def _batches(document: Document, max_records: int) -> list[Batch]:
    """Return a batch for every signal that a document names."""
    named = (Signal.TRACES, document.resource_spans), (Signal.LOGS, document.resource_logs)
    return [
        batch_of(document, signal, max_records=max_records)
        for signal, groups in named
        if groups is not None
    ]


def _at(where: str, error: ReceiveError) -> ReceiveError:
    """Return an error with its place in one document placed in a file of several."""
    return type(error)(error.what, ", ".join(filter(None, (where, error.where))))
