"""Spans and log records of OTLP/JSON to wire bytes, fields in the order of their numbers."""

from otel_bridge.wire.attributes import AttributeField
from otel_bridge.wire.groups import LogRecord, SpanRecord
from otel_bridge.wire.json_shapes import Event, Link, LogRecord as LogShape, Span, Status
from otel_bridge.wire.json_values import (
    attribute_fields,
    count_field,
    enum_field,
    enum_number,
    fixed32_field,
    fixed64_field,
    id_bytes,
    text_field,
    value_content,
    whole_number,
)
from otel_bridge.wire.messages import SEVERITIES, SPAN_KINDS, STATUS_CODES
from otel_bridge.wire.varint import delimited

_NO_TRACE = bytes(16)
_NO_SPAN = bytes(8)


class RecordWriter:
    """Writes the records of one request, and remembers its keys as long as that takes."""

    __slots__ = ("_events", "_links", "_logs", "_spans")

    def __init__(self) -> None:
        self._spans = AttributeField(b"\x4a")
        self._events = AttributeField(b"\x1a")
        self._links = AttributeField(b"\x22")
        self._logs = AttributeField(b"\x32")

    def span(self, span: Span) -> SpanRecord:
        """Return a span as bytes with what rides beside them."""
        trace_id = id_bytes(span.trace_id, "traceId", 16)
        span_id = id_bytes(span.span_id, "spanId", 8)
        parent_id = id_bytes(span.parent_span_id, "parentSpanId", 8)
        flags = whole_number(span.flags, "flags", 32)
        kind = enum_number(span.kind, "kind", SPAN_KINDS)
        start_ns = whole_number(span.start_time_unix_nano, "startTimeUnixNano", 64)
        end_ns = whole_number(span.end_time_unix_nano, "endTimeUnixNano", 64)
        parts = [
            _bytes_field(b"\x0a", trace_id),
            _bytes_field(b"\x12", span_id),
            text_field(b"\x1a", span.trace_state),
            _bytes_field(b"\x22", parent_id),
            text_field(b"\x2a", span.name),
            enum_field(b"\x30", kind),
            fixed64_field(0x39, start_ns),
            fixed64_field(0x41, end_ns),
            attribute_fields(self._spans, span.attributes),
            count_field(b"\x50", span.dropped_attributes_count, "droppedAttributesCount"),
        ]
        events = [delimited(b"\x5a", self._event(event)) for event in span.events or () if event]
        parts += events
        parts.append(count_field(b"\x60", span.dropped_events_count, "droppedEventsCount"))
        parts += [delimited(b"\x6a", self._link(link)) for link in span.links or () if link]
        parts.append(count_field(b"\x70", span.dropped_links_count, "droppedLinksCount"))
        status = 0
        if span.status is not None:
            status = enum_number(span.status.code, "status.code", STATUS_CODES)
            parts.append(delimited(b"\x7a", _status(span.status, status)))
        if flags:
            parts.append(b"\x85\x01" + flags.to_bytes(4, "little"))
        raw = b"".join(parts)
        parent_id = b"" if parent_id == _NO_SPAN else parent_id
        ids = trace_id, span_id, parent_id
        return SpanRecord(*ids, flags, kind, status, start_ns, end_ns, raw, bool(events))

    def log(self, log: LogShape) -> LogRecord:
        """Return a log record as bytes with what rides beside them."""
        time_ns = whole_number(log.time_unix_nano, "timeUnixNano", 64)
        observed_ns = whole_number(log.observed_time_unix_nano, "observedTimeUnixNano", 64)
        severity = enum_number(log.severity_number, "severityNumber", SEVERITIES)
        flags = whole_number(log.flags, "flags", 32)
        trace_id = id_bytes(log.trace_id, "traceId", 16)
        span_id = id_bytes(log.span_id, "spanId", 8)
        raw = b"".join(
            (
                fixed64_field(0x09, time_ns),
                enum_field(b"\x10", severity),
                text_field(b"\x1a", log.severity_text),
                delimited(b"\x2a", value_content(log.body)) if log.body is not None else b"",
                attribute_fields(self._logs, log.attributes),
                count_field(b"\x38", log.dropped_attributes_count, "droppedAttributesCount"),
                fixed32_field(0x45, flags),
                _bytes_field(b"\x4a", trace_id),
                _bytes_field(b"\x52", span_id),
                fixed64_field(0x59, observed_ns),
                text_field(b"\x62", log.event_name),
            )
        )
        trace_id = b"" if trace_id == _NO_TRACE else trace_id
        span_id = b"" if span_id == _NO_SPAN else span_id
        return LogRecord(trace_id, span_id, flags, severity, time_ns or observed_ns, raw)

    def _event(self, event: Event) -> bytes:
        dropped = event.dropped_attributes_count
        return b"".join(
            (
                fixed64_field(0x09, whole_number(event.time_unix_nano, "event.timeUnixNano", 64)),
                text_field(b"\x12", event.name),
                attribute_fields(self._events, event.attributes),
                count_field(b"\x20", dropped, "event.droppedAttributesCount"),
            )
        )

    def _link(self, link: Link) -> bytes:
        return b"".join(
            (
                _bytes_field(b"\x0a", id_bytes(link.trace_id, "link.traceId", 16)),
                _bytes_field(b"\x12", id_bytes(link.span_id, "link.spanId", 8)),
                text_field(b"\x1a", link.trace_state),
                attribute_fields(self._links, link.attributes),
                count_field(b"\x28", link.dropped_attributes_count, "link.droppedAttributesCount"),
                fixed32_field(0x35, whole_number(link.flags, "link.flags", 32)),
            )
        )


def _status(status: Status, code: int) -> bytes:
    return text_field(b"\x12", status.message) + enum_field(b"\x18", code)


def _bytes_field(tag: bytes, value: bytes) -> bytes:
    return delimited(tag, value) if value else b""
