"""Single spans to try samplers on: all that does not matter has a default."""

from collections.abc import Sequence

from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.groups import SpanKind, SpanRecord
from otel_bridge.wire.messages import Span
from otel_bridge.wire.values import attributes
from tests.simulation.traffic import START_NS, Template, clean_batch, resource_of

MS = 1_000_000
ERROR = 2

SERVICE = resource_of("shop")


def trace_id(number: int, *, randomness: float = 0.5) -> bytes:
    """A trace id with a chosen place between 0 and 1."""
    return number.to_bytes(9, "big") + int(randomness * (1 << 56)).to_bytes(7, "big")


def span_id(number: int) -> bytes:
    return number.to_bytes(8, "big")


def make_span(  # the options of a span are many
    trace: bytes,
    number: int = 1,
    *,
    parent: int = 0,
    remote: bool = False,
    name: str = "GET /orders/{id}",
    kind: int = SpanKind.SERVER,
    status: int = 0,
    start_ms: float = 0,
    duration_ms: float = 10,
    state: str = "",
    exception: bool = False,
    **attribute_values: str | int,
) -> SpanRecord:
    """A span; attribute names are written with ``__`` for dots."""
    values = {key.replace("__", "."): value for key, value in attribute_values.items()}
    extra = Span()
    if exception:
        extra.events.add(name="exception", time_unix_nano=START_NS)
    return Template(name, kind, values).record(
        trace,
        span_id(number),
        span_id(parent) if parent else b"",
        remote=remote,
        start_ns=START_NS + int(start_ms * MS),
        duration_ns=int(duration_ms * MS),
        status=status,
        state=state.encode(),
        extra=extra.SerializeToString(),
    )


def batch_of(*records: SpanRecord, service: str = "shop") -> CleanBatch:
    """A clean batch of spans of one service."""
    return clean_batch([(resource_of(service), records)])


def ids(batch: CleanBatch | None) -> list[tuple[bytes, bytes]]:
    """The trace and span ids in a batch."""
    return (
        [] if batch is None else [(record.trace_id, record.span_id) for record in batch.records()]
    )


def attributes_of(record: SpanRecord) -> dict[str, object]:
    return attributes(Span.FromString(record.raw).attributes)


def state_of(record: SpanRecord) -> str:
    return Span.FromString(record.raw).trace_state


def spans_of(batch: CleanBatch | None) -> Sequence[SpanRecord]:
    return [] if batch is None else list(batch.records())
