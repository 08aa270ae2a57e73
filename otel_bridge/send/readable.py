"""From OTLP messages back to the SDK's spans, for exporters that take nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status as SpanStatus
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import (
    Link,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
)

_SAMPLED = 0x01
_IS_REMOTE = 0x200
_KINDS = {
    Span.SPAN_KIND_SERVER: SpanKind.SERVER,
    Span.SPAN_KIND_CLIENT: SpanKind.CLIENT,
    Span.SPAN_KIND_PRODUCER: SpanKind.PRODUCER,
    Span.SPAN_KIND_CONSUMER: SpanKind.CONSUMER,
}
_STATUSES = {
    SpanStatus.STATUS_CODE_OK: StatusCode.OK,
    SpanStatus.STATUS_CODE_ERROR: StatusCode.ERROR,
}


def readable_spans(request: bytes) -> Iterator[ReadableSpan]:
    """Return the spans of a serialized ``ExportTraceServiceRequest``.

    Raises:
        google.protobuf.message.DecodeError: It is none.
    """
    for group in ExportTraceServiceRequest.FromString(request).resource_spans:
        resource = Resource(_attributes(group.resource.attributes), group.schema_url or None)
        for scope_group in group.scope_spans:
            scope = InstrumentationScope(
                scope_group.scope.name,
                scope_group.scope.version or None,
                scope_group.schema_url or None,
                _attributes(scope_group.scope.attributes),
            )
            for span in scope_group.spans:
                yield _span(span, resource, scope)


def _span(span: Span, resource: Resource, scope: InstrumentationScope) -> ReadableSpan:
    code = _STATUSES.get(span.status.code, StatusCode.UNSET)
    # The SDK takes a description only with an error.
    description = span.status.message if code is StatusCode.ERROR else None
    return ReadableSpan(
        name=span.name,
        # What reached us was sampled; Python's encoder does not send the flag.
        context=_context(span, span.flags | _SAMPLED),
        parent=_parent(span),
        resource=resource,
        attributes=_attributes(span.attributes),
        events=[
            Event(event.name, _attributes(event.attributes), event.time_unix_nano)
            for event in span.events
        ],
        links=[
            Link(_context(link, link.flags), _attributes(link.attributes)) for link in span.links
        ],
        kind=_KINDS.get(span.kind, SpanKind.INTERNAL),
        status=Status(code, description or None),
        start_time=span.start_time_unix_nano,
        end_time=span.end_time_unix_nano,
        instrumentation_scope=scope,
    )


def _context(message: Span | Span.Link, flags: int) -> SpanContext:
    return SpanContext(
        trace_id=int.from_bytes(message.trace_id, "big"),
        span_id=int.from_bytes(message.span_id, "big"),
        is_remote=isinstance(message, Span.Link) and bool(flags & _IS_REMOTE),
        trace_flags=TraceFlags(flags & 0xFF),
        trace_state=TraceState.from_header([message.trace_state]),
    )


def _parent(span: Span) -> SpanContext | None:
    if not span.parent_span_id:
        return None
    return SpanContext(
        trace_id=int.from_bytes(span.trace_id, "big"),
        span_id=int.from_bytes(span.parent_span_id, "big"),
        is_remote=bool(span.flags & _IS_REMOTE),
        trace_flags=TraceFlags(_SAMPLED),
        # OTLP has only the span's own; a child inherits its parent's unless a sampler changes it.
        trace_state=TraceState.from_header([span.trace_state]),
    )


def _attributes(pairs: Iterable[KeyValue]) -> Mapping[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> Any:  # noqa: ANN401  # an attribute can be anything
    match value.WhichOneof("value"):
        case None:
            return None
        case "array_value":
            return tuple(_value(each) for each in value.array_value.values)
        case "kvlist_value":
            return dict(_attributes(value.kvlist_value.values))
        case name:
            return getattr(value, name)
