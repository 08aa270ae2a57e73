"""Builders of telemetry for the tests of the convert stage."""

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.event import to_plain
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.wire.batch import (
    Batch,
    LogRecord,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanKind,
    SpanRecord,
    StatusCode,
)
from otel_bridge.wire.messages import InstrumentationScope, LogRecord as LogMessage, Resource, Span

SECOND = 1_000_000_000
NOW = 1_700_000_000 * SECOND
TRACE = bytes(15) + b"\x07"
PYTHON = {"telemetry.sdk.language": "python"}
STACK = """Traceback (most recent call last):
  File "/srv/shop/orders.py", line 7, in charge
    return rows[order]
TypeError: 'NoneType' object is not subscriptable
"""
OUTER_STACK = STACK.replace(
    '  File "/srv/shop/orders.py"', '  File "/srv/shop/app.py", line 3, in main\n    charge(1)\n'
    '  File "/srv/shop/orders.py"',
)  # fmt: skip


def span_id(number):
    return number.to_bytes(8, "big")


def fill(pairs, facts):
    for name, value in facts.items():
        set_value(pairs.add(key=name).value, value)


def set_value(message, value):
    if isinstance(value, bool):
        message.bool_value = value
    elif isinstance(value, int):
        message.int_value = value
    elif isinstance(value, float):
        message.double_value = value
    elif isinstance(value, list):
        message.array_value.SetInParent()
        for item in value:
            set_value(message.array_value.values.add(), item)
    else:
        message.string_value = value


def exception(
    kind="TypeError",
    message="'NoneType' object is not subscriptable",
    stacktrace=STACK,
    at=NOW,
    **more,
):
    """An exception event: its time and attributes."""
    facts = {"exception.type": kind, "exception.message": message, **more}
    if stacktrace:
        facts["exception.stacktrace"] = stacktrace
    return "exception", at, facts


def make_span(
    number=1,
    *events,
    parent=None,
    remote=False,
    kind=SpanKind.INTERNAL,
    status=StatusCode.ERROR,
    description="",
    name="work",
    trace_id=TRACE,
    start=NOW - SECOND,
    end=NOW + SECOND,
    flags=None,
    more=None,
    **facts,
):
    """A span; ``parent`` is a number, or None for a root."""
    message = Span(
        trace_id=trace_id,
        span_id=span_id(number),
        parent_span_id=b"" if parent is None else span_id(parent),
        name=name,
        kind=kind,
        start_time_unix_nano=start,
        end_time_unix_nano=end,
        flags=(0x300 if remote else 0x100) if flags is None else flags,
    )
    message.status.code = status
    message.status.message = description
    fill(message.attributes, {key.replace("__", "."): value for key, value in facts.items()})
    fill(message.attributes, more or {})
    for event_name, at, attributes in events:
        event = message.events.add(name=event_name, time_unix_nano=at)
        fill(event.attributes, attributes)
    return SpanRecord(
        trace_id,
        message.span_id,
        message.parent_span_id,
        message.flags,
        kind,
        status,
        start,
        end,
        message.SerializeToString(),
    )


def make_entry(number=1, *events, **facts):
    """The SERVER span of a request that failed with 500."""
    defaults = {
        "kind": SpanKind.SERVER,
        "name": "GET /orders/{id}",
        "http__route": "/orders/{id}",
        "http__request__method": "GET",
        "http__response__status_code": 500,
    }
    return make_span(number, *events, **{**defaults, **facts})


def make_log(
    number=1,
    *,
    trace_id=TRACE,
    at=NOW,
    severity=17,
    body="it failed",
    event_name="",
    **facts,
):
    """A log record on the span of that number."""
    message = LogMessage(
        trace_id=trace_id,
        span_id=span_id(number) if trace_id else b"",
        time_unix_nano=at,
        severity_number=severity,
        event_name=event_name,
    )
    message.body.string_value = body
    fill(message.attributes, {key.replace("__", "."): value for key, value in facts.items()})
    return LogRecord(trace_id, message.span_id, 1, severity, at, message.SerializeToString())


def exception_log(number=1, kind="TypeError", stacktrace=STACK, **more):
    """A log record that carries the exception."""
    return make_log(
        number,
        **{
            "exception__type": kind,
            "exception__message": "'NoneType' object is not subscriptable",
            "exception__stacktrace": stacktrace,
            **more,
        },
    )


def nested():
    """One failure, recorded on three spans of a request, innermost first."""
    return (
        make_span(3, exception(at=NOW), parent=2, name="query"),
        make_span(2, exception(at=NOW + 10), parent=1, name="service"),
        make_entry(1, exception(at=NOW + 20, stacktrace=OUTER_STACK)),
    )


def batch_of(*records, resource=PYTHON, scope="shop"):
    """A batch of spans or of logs."""
    signal = Signal.LOGS if isinstance(records[0], LogRecord) else Signal.TRACES
    message = Resource()
    fill(message.attributes, resource)
    group = ScopeGroup(InstrumentationScope(name=scope).SerializeToString(), list(records))
    return Batch(signal, [ResourceGroup(message.SerializeToString(), [group])])


def events_of(*batches, source=None, **options):
    """All events of some batches, as plain data."""
    converter = Converter(ConvertOptions(**options), source)
    events = [event for batch in batches for event in converter.add(batch, 0.0)]
    return [to_plain(event) for event in events + converter.flush()]


def event_of(*records, resource=PYTHON, scope="shop", source=None, **options):
    """The one event of some records."""
    batches = [batch_of(record, resource=resource, scope=scope) for record in records]
    (event,) = events_of(*batches, source=source, **options)
    return event


def thrown(event):
    """The exception that was thrown."""
    return event["exception"]["values"][-1]


class NoSource:
    """A process that has none of the code at hand."""

    def lines(self, _abs_path):
        return None

    def module_name(self, _abs_path):
        return None

    def has_module(self, _name):
        return False

    def installed(self):
        return {"flask": "3"}
