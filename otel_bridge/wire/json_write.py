"""Batches to OTLP/JSON, by the rules of the OTLP specification.

Unknown protobuf fields cannot be written in JSON: whoever must not lose them forwards protobuf.
"""

from base64 import b64encode
from collections.abc import Iterable
from math import isfinite, isnan

import msgspec

from otel_bridge.wire import messages
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.groups import ResourceGroup, ScopeGroup, Signal

_Json = dict[str, object]


def write_json(batch: Batch) -> bytes:
    """Return an export request in OTLP/JSON: ids in hexadecimal, enums as numbers."""
    outer = "resourceSpans" if batch.signal is Signal.TRACES else "resourceLogs"
    groups = [_resource_group(group, batch.signal) for group in batch.resources]
    return msgspec.json.encode({outer: groups})


def _resource_group(group: ResourceGroup, signal: Signal) -> _Json:
    resource = messages.Resource.FromString(group.resource)
    return _present(
        resource=_present(
            attributes=_pairs(resource.attributes),
            droppedAttributesCount=resource.dropped_attributes_count,
        ),
        **{"scopeSpans" if signal is Signal.TRACES else "scopeLogs": [
            _scope_group(scope, signal) for scope in group.scopes
        ]},
        schemaUrl=group.schema_url,
    )  # fmt: skip


def _scope_group(group: ScopeGroup, signal: Signal) -> _Json:
    scope = messages.InstrumentationScope.FromString(group.scope)
    if signal is Signal.TRACES:
        name, records = "spans", [_span(messages.Span.FromString(r.raw)) for r in group.records]
    else:
        name = "logRecords"
        records = [_log(messages.LogRecord.FromString(record.raw)) for record in group.records]
    return _present(
        scope=_present(
            name=scope.name,
            version=scope.version,
            attributes=_pairs(scope.attributes),
            droppedAttributesCount=scope.dropped_attributes_count,
        ),
        **{name: records},
        schemaUrl=group.schema_url,
    )


def _span(span: messages.Span) -> _Json:
    return _present(
        traceId=span.trace_id.hex(),
        spanId=span.span_id.hex(),
        traceState=span.trace_state,
        parentSpanId=span.parent_span_id.hex(),
        flags=span.flags,
        name=span.name,
        kind=span.kind,
        startTimeUnixNano=_wide(span.start_time_unix_nano),
        endTimeUnixNano=_wide(span.end_time_unix_nano),
        attributes=_pairs(span.attributes),
        droppedAttributesCount=span.dropped_attributes_count,
        events=[_event(event) for event in span.events],
        droppedEventsCount=span.dropped_events_count,
        links=[_link(link) for link in span.links],
        droppedLinksCount=span.dropped_links_count,
        status=_present(message=span.status.message, code=span.status.code),
    )


def _event(event: messages.Span.Event) -> _Json:
    return _present(
        timeUnixNano=_wide(event.time_unix_nano),
        name=event.name,
        attributes=_pairs(event.attributes),
        droppedAttributesCount=event.dropped_attributes_count,
    )


def _link(link: messages.Span.Link) -> _Json:
    return _present(
        traceId=link.trace_id.hex(),
        spanId=link.span_id.hex(),
        traceState=link.trace_state,
        attributes=_pairs(link.attributes),
        droppedAttributesCount=link.dropped_attributes_count,
        flags=link.flags,
    )


def _log(log: messages.LogRecord) -> _Json:
    return _present(
        timeUnixNano=_wide(log.time_unix_nano),
        observedTimeUnixNano=_wide(log.observed_time_unix_nano),
        severityNumber=int(log.severity_number),
        severityText=log.severity_text,
        **({"body": _value(log.body)} if log.HasField("body") else {}),
        attributes=_pairs(log.attributes),
        droppedAttributesCount=log.dropped_attributes_count,
        flags=log.flags,
        traceId=log.trace_id.hex(),
        spanId=log.span_id.hex(),
        eventName=log.event_name,
    )


def _present(**fields: object) -> _Json:
    """Return the fields that say something; a body that is there may say nothing."""
    return {name: value for name, value in fields.items() if value or name == "body"}


def _wide(number: int) -> str:
    """Return a 64-bit number as JSON wants it, a string; nothing for zero."""
    return str(number) if number else ""


def _pairs(pairs: Iterable[messages.KeyValue]) -> list[_Json]:
    return [{"key": pair.key, "value": _value(pair.value)} for pair in pairs]


def _value(value: messages.AnyValue) -> _Json:
    match value.WhichOneof("value"):
        case "string_value":
            return {"stringValue": value.string_value}
        case "bool_value":
            return {"boolValue": value.bool_value}
        case "int_value":
            return {"intValue": str(value.int_value)}
        case "double_value":
            return {"doubleValue": _double(value.double_value)}
        case "array_value":
            return {"arrayValue": {"values": [_value(item) for item in value.array_value.values]}}
        case "kvlist_value":
            return {"kvlistValue": {"values": _pairs(value.kvlist_value.values)}}
        case "bytes_value":
            return {"bytesValue": b64encode(value.bytes_value).decode()}
        case _:
            return {}


def _double(number: float) -> float | str:
    """Return a double; JSON has names for what is not finite."""
    if isfinite(number):
        return number
    return "NaN" if isnan(number) else "Infinity" if number > 0 else "-Infinity"
