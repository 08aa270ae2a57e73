"""What must hold for any bytes: they are a batch that can be forwarded, or a ``ReceiveError``."""

from collections.abc import Callable, Mapping

from otel_bridge.errors import MissingComponent, ReceiveError
from otel_bridge.wire.batch import Batch, Signal
from otel_bridge.wire.compress import decompress
from otel_bridge.wire.detect import read_body
from otel_bridge.wire.messages import ExportLogsServiceRequest, ExportTraceServiceRequest
from otel_bridge.wire.otlp_json import read_json
from otel_bridge.wire.receive import read_request

MAX_BYTES = 1 << 20
MAX_RECORDS = 10_000


def _in_any_form(body: bytes) -> list[Batch]:
    return read_body(body, max_bytes=MAX_BYTES, max_records=MAX_RECORDS)


READERS: Mapping[str, Callable[[bytes], list[Batch]]] = {
    "any": _in_any_form,
    "protobuf traces": lambda body: [read_request(body, Signal.TRACES, max_records=MAX_RECORDS)],
    "protobuf logs": lambda body: [read_request(body, Signal.LOGS, max_records=MAX_RECORDS)],
    "JSON traces": lambda body: [read_json(body, Signal.TRACES, max_records=MAX_RECORDS)],
    "JSON logs": lambda body: [read_json(body, Signal.LOGS, max_records=MAX_RECORDS)],
}


def _check_decompression(body: bytes) -> None:
    for encoding in ("gzip", "deflate", "zstd"):
        try:
            size = len(decompress(body, encoding, max_bytes=MAX_BYTES))
        except (ReceiveError, MissingComponent):  # zstd is optional on older Pythons
            continue
        assert size <= MAX_BYTES


def receive(body: bytes) -> int:
    """Read a body in every way; return how many took it. Raises if a rule is broken."""
    _check_decompression(body)
    taken = 0
    for read in READERS.values():
        try:
            batches = read(body)
        except ReceiveError as error:
            if not error.what:
                raise AssertionError("an error must say what was found") from error
            continue
        for batch in batches:
            _check(batch)
        taken += 1
    return taken


def _check(batch: Batch) -> None:
    """Prove that a batch can be forwarded: whole, and in parts."""
    message = (
        ExportTraceServiceRequest if batch.signal is Signal.TRACES else ExportLogsServiceRequest
    )
    message.FromString(batch.to_request())
    parts = batch.split(500, 3)
    assert sum(map(len, parts)) == len(batch)
    for part in parts:
        message.FromString(part.to_request())
    for record in batch.records():
        assert len(record.trace_id) in (0, 16)
        assert len(record.span_id) in (0, 8)
