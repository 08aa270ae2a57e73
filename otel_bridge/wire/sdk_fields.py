"""What the encoders read of OpenTelemetry SDK objects: the only place that knows private fields.

Public properties of the SDK copy or wrap what they return: reading attributes through them costs
more than encoding them. So the fields behind them are read, and the public properties wherever
anything is not as the SDK makes it: a span of another make, an odd value, an SDK that moved on.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from opentelemetry.trace import StatusCode, TraceFlags

from otel_bridge.wire.sdk_values import nanoseconds, span_id_bytes, trace_id_bytes

HAS_IS_REMOTE = 0x100
IS_REMOTE = 0x200

_MAX_64 = (1 << 64) - 1
_ENUM_LIMIT = (1 << 31) - 1
_KINDS = {number: number + 1 for number in range(5)}
"""OTLP numbers begin with "unspecified", those of the SDK with "internal"."""

_ERROR = StatusCode.ERROR
_SAMPLED = int(TraceFlags.SAMPLED)

_new = tuple.__new__  # a NamedTuple's own constructor takes twice as long


class SpanFields(NamedTuple):
    """What an ended span holds, in the types and ranges that OTLP has for it."""

    trace_id: bytes
    span_id: bytes
    trace_state: Mapping[str, str] | None
    parent_id: bytes
    """Empty where the span has no parent."""
    flags: int
    name: Any
    kind: int
    start_ns: int
    end_ns: int
    attributes: Mapping[str, Any]
    dropped_attributes: Any
    events: Iterable[Any]
    dropped_events: Any
    links: Iterable[Any]
    dropped_links: Any
    status: int | None
    description: Any


def span_fields(span: Any) -> SpanFields:
    """Read a span."""
    try:
        attributes, events, links, status = (
            span._attributes,
            span._events,
            span._links,
            span._status,
        )
        trace_id, span_id, _, _, trace_state, _ = span._context  # a tuple
        start_ns, end_ns = span._start_time, span._end_time
        if not 0 <= start_ns | end_ns <= _MAX_64:  # two integers, neither of them negative
            return public_span_fields(span)
        parent = span._parent
        parent_id, flags = b"", HAS_IS_REMOTE
        if parent:
            _, parent_number, is_remote, _, _, _ = parent
            parent_id = parent_number.to_bytes(8, "big")
            if is_remote:
                flags = HAS_IS_REMOTE | IS_REMOTE
        return _new(
            SpanFields,
            (
                trace_id.to_bytes(16, "big"),
                span_id.to_bytes(8, "big"),
                trace_state._dict,
                parent_id,
                flags,
                span._name,
                _KINDS[span._kind._value_],  # ``.value`` is a property written in Python
                start_ns,
                end_ns,
                attributes._dict,
                attributes.dropped,
                events._dq,
                events.dropped,
                links._dq,
                links.dropped,
                status._status_code._value_,
                status._description,
            ),
        )
    except (AttributeError, TypeError, ValueError, KeyError, OverflowError):
        return public_span_fields(span)


def public_span_fields(span: Any) -> SpanFields:
    """Read a span through its public properties alone, whatever they hold."""
    trace_id, span_id, _, trace_state = context_fields(span.context)
    parent_id, flags = b"", HAS_IS_REMOTE
    if span.parent:
        _, parent_id, is_remote, _ = context_fields(span.parent)
        flags |= IS_REMOTE if is_remote else 0
    status = span.status
    return SpanFields(
        trace_id,
        span_id,
        trace_state,
        parent_id,
        flags,
        span.name,
        _KINDS.get(enum_number(span.kind, -1), 0),
        nanoseconds(span.start_time),
        nanoseconds(span.end_time),
        span.attributes or {},
        span.dropped_attributes,
        span.events or (),
        span.dropped_events,
        span.links or (),
        span.dropped_links,
        None if status is None else enum_number(status.status_code),
        None if status is None else status.description,
    )


def group_fields(span: Any) -> tuple[Any, Any]:
    """Read the resource and the instrumentation scope of a span; the scope may be None."""
    try:
        return span._resource, span._instrumentation_scope
    except AttributeError:
        return span.resource, span.instrumentation_scope


def has_events(span: Any) -> bool:
    """Return whether a span has events, without making a copy of them."""
    try:
        return bool(span._events._dq)
    except AttributeError:
        return bool(span.events)


def is_plain(span: Any) -> bool:
    """Return whether an ended span is sampled, has no events and did not fail.

    Nobody need look at it now. Of a span without the private fields that is not known: False.
    """
    try:
        return bool(
            not span._events._dq
            and span._status._status_code is not _ERROR
            and span._context[3] & _SAMPLED
        )
    except (AttributeError, TypeError, IndexError):
        return False


def context_fields(context: Any) -> tuple[bytes, bytes, bool, Any]:
    """Read trace id, span id, is-remote and trace state; invalid ids where there is no context."""
    if context is None:
        return bytes(16), bytes(8), False, None
    return (
        trace_id_bytes(context.trace_id),
        span_id_bytes(context.span_id),
        context.is_remote,
        context.trace_state,
    )


def attributes_of(holder: Any) -> Mapping[str, Any]:
    """Read the attributes of an event, link, resource or scope as a cheap mapping."""
    attributes = holder.attributes
    if not attributes:
        return {}
    inner = getattr(attributes, "_dict", None)
    return inner if isinstance(inner, dict) else attributes


def enum_number(member: Any, default: int = 0) -> int:
    """Return the number of an enum member or a plain number; a default for what is neither."""
    number = getattr(member, "_value_", member)
    return number if isinstance(number, int) and 0 <= number < _ENUM_LIMIT else default
