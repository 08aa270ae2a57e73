"""Builders of SDK objects and OTLP messages for the tests of the wire."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util import BoundedList
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags, TraceState
from opentelemetry.trace.status import Status

from otel_bridge.wire import messages

TRACE_ID = 0x0AF7651916CD43DD8448EB211C80319C
SPAN_ID = 0xB7AD6B7169203331
PARENT_ID = 0x00F067AA0BA902B7

RESOURCE = Resource({"service.name": "shop"})
SCOPE = InstrumentationScope("checkout", "1.2.3")


def bounded(values: Mapping[str, Any], *, dropped: int = 0) -> BoundedAttributes:
    """Attributes as the SDK keeps them, with exactly these values."""
    attributes = BoundedAttributes(immutable=False)
    attributes._dict.update(values)
    attributes.dropped = dropped
    return attributes


def bounded_list(items: Sequence[Any], *, dropped: int = 0) -> BoundedList:
    """Events or links as the SDK keeps them."""
    kept = BoundedList.from_seq(128, items)
    kept.dropped = dropped
    return kept


def make_context(
    trace_id: int = TRACE_ID,
    span_id: int = SPAN_ID,
    *,
    remote: bool = False,
    state: Sequence[tuple[str, str]] = (),
) -> SpanContext:
    return SpanContext(
        trace_id, span_id, remote, TraceFlags(TraceFlags.SAMPLED), TraceState(list(state))
    )


def make_span(**changes: Any) -> ReadableSpan:
    """An ended span whose attributes, events and links are kept as the SDK keeps them."""
    fields: dict[str, Any] = {
        "name": "GET /cart",
        "context": make_context(),
        "parent": None,
        "resource": RESOURCE,
        "attributes": bounded({"http.request.method": "GET"}),
        "events": bounded_list(()),
        "links": bounded_list(()),
        "kind": SpanKind.SERVER,
        "status": Status(),
        "start_time": 1_700_000_000_000_000_000,
        "end_time": 1_700_000_000_250_000_000,
        "instrumentation_scope": SCOPE,
    }
    return ReadableSpan(**{**fields, **changes})


def make_event(name: str = "exception", timestamp: int = 7, **attributes: Any) -> Event:
    return Event(name, bounded(attributes), timestamp)


def make_link(context: SpanContext, **attributes: Any) -> Link:
    return Link(context, bounded(attributes))


def make_log(**changes: Any) -> Any:
    """A readable log record, of which the encoder must not know more than its attributes."""
    inner = {
        "timestamp": 1_700_000_000_000_000_000,
        "observed_timestamp": 1_700_000_000_000_000_001,
        "trace_id": TRACE_ID,
        "span_id": SPAN_ID,
        "trace_flags": TraceFlags(TraceFlags.SAMPLED),
        "severity_text": "ERROR",
        "severity_number": None,
        "body": "it broke",
        "attributes": bounded({"code.lineno": 7}),
        "event_name": None,
    }
    outer = {
        "resource": RESOURCE,
        "instrumentation_scope": SCOPE,
        "dropped_attributes": 0,
    }
    outer |= {name: changes.pop(name) for name in list(changes) if name in outer}
    return SimpleNamespace(log_record=SimpleNamespace(**{**inner, **changes}), **outer)


def request_of(*spans: messages.Span, **resource: str) -> messages.ExportTraceServiceRequest:
    """A request with the spans under one scope."""
    request = messages.ExportTraceServiceRequest()
    group = request.resource_spans.add()
    for key, value in resource.items():
        group.resource.attributes.add(key=key).value.string_value = value
    group.scope_spans.add().spans.extend(spans)
    return request


def span_message(number: int = 1, **fields: Any) -> messages.Span:
    """A span message with ids made from a number."""
    defaults = {
        "trace_id": number.to_bytes(16, "big"),
        "span_id": number.to_bytes(8, "big"),
        "name": f"span {number}",
    }
    return messages.Span(**{**defaults, **fields})


def without_empty_messages(request: Any) -> Any:
    """A request without messages that say nothing.

    We leave an empty resource or scope out, the official encoder does not; and whether it writes
    an empty body depends on its version.
    """
    (groups,) = (value for _, value in request.ListFields()) if request.ListFields() else ((),)
    for group in groups:
        if not group.resource.ByteSize():
            group.ClearField("resource")
        for scope in getattr(group, "scope_spans", None) or group.scope_logs:
            if not scope.scope.ByteSize():
                scope.ClearField("scope")
            for log in getattr(scope, "log_records", ()):
                if not log.body.ByteSize():
                    log.ClearField("body")
    return request
