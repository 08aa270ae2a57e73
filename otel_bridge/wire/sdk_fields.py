"""What the encoders read of OpenTelemetry SDK objects: the only place that knows private fields.

Public properties of the SDK copy or wrap what they return: reading attributes through them costs
more than encoding them. So the fields behind them are read, and the public properties wherever
a field is missing: a span of another make, or an SDK that moved it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class SpanFields(NamedTuple):
    """What a ``ReadableSpan`` holds. Spans are built by anyone, so nothing is sure of its type."""

    name: Any
    context: Any
    parent: Any
    kind: Any
    start: Any
    end: Any
    attributes: Mapping[str, Any]
    dropped_attributes: int
    events: Iterable[Any]
    dropped_events: int
    links: Iterable[Any]
    dropped_links: int
    status: Any


def span_fields(span: Any) -> SpanFields:
    """Read a span."""
    try:
        attributes, events, links = span._attributes, span._events, span._links
        return _new(
            SpanFields,
            (
                span._name,
                span._context,
                span._parent,
                span._kind,
                span._start_time,
                span._end_time,
                attributes._dict,
                attributes.dropped,
                events._dq,
                events.dropped,
                links._dq,
                links.dropped,
                span._status,
            ),
        )
    except AttributeError:
        return public_span_fields(span)


_new = tuple.__new__  # a NamedTuple's own constructor takes twice as long


def public_span_fields(span: Any) -> SpanFields:
    """Read a span through its public properties alone."""
    return SpanFields(
        span.name,
        span.context,
        span.parent,
        span.kind,
        span.start_time,
        span.end_time,
        span.attributes or {},
        span.dropped_attributes,
        span.events or (),
        span.dropped_events,
        span.links or (),
        span.dropped_links,
        span.status,
    )


def status_fields(status: Any) -> tuple[int, Any]:
    """Read the code and the description of a span status."""
    try:
        return enum_number(status._status_code), status._description
    except AttributeError:
        return enum_number(status.status_code), status.description


def group_fields(span: Any) -> tuple[Any, Any]:
    """Read the resource and the instrumentation scope of a span; the scope may be None."""
    try:
        return span._resource, span._instrumentation_scope
    except AttributeError:
        return span.resource, span.instrumentation_scope


def attributes_of(holder: Any) -> Mapping[str, Any]:
    """Read the attributes of an event, link, resource or scope as a cheap mapping."""
    attributes = holder.attributes
    if not attributes:
        return {}
    inner = getattr(attributes, "_dict", None)
    return inner if isinstance(inner, dict) else attributes


def enum_number(member: Any) -> int:
    """Return the number of an enum member, or a plain number; 0 for what no enum can hold."""
    number = getattr(member, "_value_", member)  # ``.value`` is a property written in Python
    return number if isinstance(number, int) and 0 <= number < _ENUM_LIMIT else 0


_ENUM_LIMIT = (1 << 31) - 1


def context_fields(context: Any) -> tuple[int, int, bool, Any]:
    """Read trace id, span id, is-remote, trace state; zeros where there is no context."""
    try:
        trace_id, span_id, is_remote, _, state, _ = context  # a tuple, if the SDK made it
    except (TypeError, ValueError):
        if context is None:
            return 0, 0, False, None
        return context.trace_id, context.span_id, context.is_remote, context.trace_state
    return trace_id, span_id, is_remote, getattr(state, "_dict", state)
