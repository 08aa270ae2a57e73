"""OpenTelemetry SDK spans to OTLP bytes, written by hand: no message object is ever built.

Fields are written in the order of their numbers. The bytes mean exactly what those of the official
encoder mean; what differs on purpose is listed in docs/wire.md.
"""

from collections.abc import Iterable
from struct import Struct
from typing import Any

from otel_bridge.wire.attributes import AttributeField
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.groups import Record, Signal, SpanRecord, StatusCode
from otel_bridge.wire.sdk_fields import (
    HAS_IS_REMOTE,
    IS_REMOTE,
    attributes_of,
    context_fields,
    group_fields,
    span_fields,
)
from otel_bridge.wire.sdk_groups import GroupCache, Grouping
from otel_bridge.wire.sdk_values import (
    count_field,
    nanoseconds,
    text_field,
    time_field,
    trace_state_field,
)
from otel_bridge.wire.text import utf8
from otel_bridge.wire.varint import Frames, delimited

_pack_kind_and_times = Struct("<BBBQBQ").pack
_pack_flags = Struct("<2sI").pack
_pack_link_flags = Struct("<BI").pack
_new = tuple.__new__  # a NamedTuple's own constructor takes twice as long

_NOTHING = object()
_NO_SPAN = bytes(8)
_FLAGS = {
    HAS_IS_REMOTE: _pack_flags(b"\x85\x01", HAS_IS_REMOTE),
    HAS_IS_REMOTE | IS_REMOTE: _pack_flags(b"\x85\x01", HAS_IS_REMOTE | IS_REMOTE),
}
_LINK_FLAGS = (
    _pack_link_flags(0x35, HAS_IS_REMOTE),
    _pack_link_flags(0x35, HAS_IS_REMOTE | IS_REMOTE),
)
# A status is written even if it is empty: the official encoder does so, and one that is missing
# and one that is unset are not the same to every receiver.
_STATUS_FIELDS: dict[int | None, bytes] = {
    StatusCode.UNSET: b"\x7a\x00",
    StatusCode.OK: b"\x7a\x02\x18\x01",
    StatusCode.ERROR: b"\x7a\x02\x18\x02",
}


class SpanEncoder:
    """Encodes ended spans. Keeps what repeats: keys, resources, scopes. Threads may share one."""

    __slots__ = ("_attributes", "_event_attributes", "_groups", "_link_attributes", "_names")

    def __init__(self) -> None:
        self._attributes = AttributeField(b"\x4a")
        self._event_attributes = AttributeField(b"\x1a")
        self._link_attributes = AttributeField(b"\x22")
        self._names = Frames(b"\x2a")
        self._groups = GroupCache()

    def batch(self, spans: Iterable[Any]) -> Batch:
        """Encode spans, in order, grouped under their resources and scopes."""
        grouping = Grouping(self._groups)
        last_resource = last_scope = _NOTHING
        records: list[Record] = []
        for span in spans:
            resource, scope = group_fields(span)
            if resource is not last_resource or scope is not last_scope:
                records = grouping.records(resource, scope)
                last_resource, last_scope = resource, scope
            records.append(self.record(span))
        return Batch(Signal.TRACES, grouping.resources, is_ours=True)

    def record(self, span: Any) -> SpanRecord:
        """Encode one span to a ``Span`` message. Data of a wrong type or range never raises."""
        (
            trace_id,
            span_id,
            trace_state,
            parent_id,
            flags,
            name,
            kind,
            start_ns,
            end_ns,
            attributes,
            dropped_attributes,
            events,
            dropped_events,
            links,
            dropped_links,
            status,
            description,
        ) = span_fields(span)
        parts = [b"\x0a\x10", trace_id, b"\x12\x08", span_id]
        if trace_state:
            parts.append(trace_state_field(b"\x1a", trace_state))
        if parent_id:
            parts += (b"\x22\x08", parent_id)
        if name:
            data = utf8(name if isinstance(name, str) else str(name))
            parts += (self._names[len(data)], data)
        parts.append(_pack_kind_and_times(0x30, kind, 0x39, start_ns, 0x41, end_ns))
        self._attributes.write(attributes, parts)
        if dropped_attributes:
            parts.append(count_field(b"\x50", dropped_attributes))
        if events:
            self._write_events(events, parts)
        if dropped_events:
            parts.append(count_field(b"\x60", dropped_events))
        if links:
            self._write_links(links, parts)
        if dropped_links:
            parts.append(count_field(b"\x70", dropped_links))
        if description or status not in _STATUS_FIELDS:
            parts.append(_status_field(status, description))
        else:
            parts.append(_STATUS_FIELDS[status])
        parts.append(_FLAGS[flags])
        return _new(
            SpanRecord,
            (
                trace_id,
                span_id,
                parent_id if parent_id != _NO_SPAN else b"",
                flags,
                kind,
                status or 0,
                start_ns,
                end_ns,
                b"".join(parts),
                bool(events),
            ),
        )

    def _write_events(self, events: Iterable[Any], parts: list[bytes]) -> None:
        for event in events:
            inner = [
                time_field(0x09, nanoseconds(event.timestamp)),
                text_field(b"\x12", event.name),
            ]
            self._event_attributes.write(attributes_of(event), inner)
            inner.append(count_field(b"\x20", event.dropped_attributes))
            parts.append(delimited(b"\x5a", b"".join(inner)))

    def _write_links(self, links: Iterable[Any], parts: list[bytes]) -> None:
        for link in links:
            trace_id, span_id, is_remote, trace_state = context_fields(link.context)
            inner = [b"\x0a\x10", trace_id, b"\x12\x08", span_id]
            inner.append(trace_state_field(b"\x1a", trace_state))
            self._link_attributes.write(attributes_of(link), inner)
            inner.append(count_field(b"\x28", link.dropped_attributes))
            inner.append(_LINK_FLAGS[bool(is_remote)])
            parts.append(delimited(b"\x6a", b"".join(inner)))


def _status_field(status: int | None, description: Any) -> bytes:
    if status is None:
        return b""
    return delimited(b"\x7a", text_field(b"\x12", description) + count_field(b"\x18", status))
