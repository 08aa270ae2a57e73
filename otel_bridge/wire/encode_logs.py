"""OpenTelemetry SDK log records to OTLP bytes, by the same rules as spans."""

from collections.abc import Iterable
from struct import Struct
from typing import Any

from otel_bridge.wire.any_value import Unencodable, encode_text, encode_value
from otel_bridge.wire.attributes import AttributeField
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.groups import LogRecord, Signal
from otel_bridge.wire.sdk_fields import attributes_of, enum_number
from otel_bridge.wire.sdk_groups import GroupCache, Grouping
from otel_bridge.wire.sdk_values import (
    count_field,
    nanoseconds,
    span_id_bytes,
    text_field,
    time_field,
    trace_id_bytes,
    unsigned_32,
)
from otel_bridge.wire.varint import delimited

_NO_TRACE = bytes(16)
_NO_SPAN = bytes(8)

_pack_flags = Struct("<BI").pack


class LogEncoder:
    """Encodes emitted log records. Keeps what repeats, as ``SpanEncoder`` does."""

    __slots__ = ("_attributes", "_groups")

    def __init__(self) -> None:
        self._attributes = AttributeField(b"\x32")
        self._groups = GroupCache()

    def batch(self, records: Iterable[Any]) -> Batch:
        """Encode log records, in order, grouped under their resources and scopes."""
        grouping = Grouping(self._groups)
        for record in records:
            group = grouping.records(record.resource, record.instrumentation_scope)
            group.append(self.record(record))
        return Batch(Signal.LOGS, grouping.resources, is_ours=True)

    def record(self, record: Any) -> LogRecord:
        """Encode a readable log record to a ``LogRecord`` message. Odd data never raises."""
        inner = record.log_record
        time_ns = nanoseconds(inner.timestamp)
        observed_ns = nanoseconds(inner.observed_timestamp)
        severity = enum_number(inner.severity_number)
        trace_id = trace_id_bytes(inner.trace_id) if inner.trace_id else b""
        span_id = span_id_bytes(inner.span_id) if inner.span_id else b""
        flags = unsigned_32(inner.trace_flags)
        parts = [
            time_field(0x09, time_ns),
            count_field(b"\x10", severity),
            text_field(b"\x1a", inner.severity_text),
            delimited(b"\x2a", _body(inner.body)),
        ]
        # A processor may still be changing them: one copy is atomic, a walk is not.
        self._attributes.write(dict(attributes_of(inner)), parts)
        parts.append(count_field(b"\x38", record.dropped_attributes))
        if flags:
            parts.append(_pack_flags(0x45, flags))
        if trace_id:
            parts += (b"\x4a\x10", trace_id)
        if span_id:
            parts += (b"\x52\x08", span_id)
        parts.append(time_field(0x59, observed_ns))
        parts.append(text_field(b"\x62", getattr(inner, "event_name", None)))
        raw = b"".join(parts)
        # What was out of range became the invalid id, which is none.
        trace_id = b"" if trace_id == _NO_TRACE else trace_id
        span_id = b"" if span_id == _NO_SPAN else span_id
        return LogRecord(trace_id, span_id, flags, severity, time_ns or observed_ns, raw)


def _body(body: object) -> bytes:
    try:
        return encode_value(body)
    except Unencodable as problem:
        return encode_text(f"(cannot be encoded: {problem})")
