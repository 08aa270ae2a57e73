"""The shape of OTLP/JSON: what a decoder checks while it reads.

Every field may be missing or null; fields that are not named here are ignored. Numbers are
looked at later, because OTLP writes 64-bit numbers as strings or as numbers.
"""

from msgspec import Struct

Number = int | float | str | None


class AnyValue(Struct, rename="camel", gc=False):
    """One value; at most one member is set, and none means null."""

    string_value: str | None = None
    bool_value: bool | None = None
    int_value: Number = None
    double_value: Number = None
    array_value: "ArrayValue | None" = None
    kvlist_value: "KeyValueList | None" = None
    bytes_value: str | None = None


class KeyValue(Struct, rename="camel", gc=False):
    """One attribute."""

    key: str | None = None
    value: AnyValue | None = None


class ArrayValue(Struct, rename="camel", gc=False):
    """A list of values."""

    values: list[AnyValue | None] | None = None


class KeyValueList(Struct, rename="camel", gc=False):
    """A mapping."""

    values: list[KeyValue | None] | None = None


class Resource(Struct, rename="camel", gc=False):
    """What produced the telemetry."""

    attributes: list[KeyValue | None] | None = None
    dropped_attributes_count: Number = None


class Scope(Struct, rename="camel", gc=False):
    """The instrumentation scope."""

    name: str | None = None
    version: str | None = None
    attributes: list[KeyValue | None] | None = None
    dropped_attributes_count: Number = None


class Status(Struct, rename="camel", gc=False):
    """How a span ended."""

    message: str | None = None
    code: Number = None


class Event(Struct, rename="camel", gc=False):
    """Something that happened during a span."""

    time_unix_nano: Number = None
    name: str | None = None
    attributes: list[KeyValue | None] | None = None
    dropped_attributes_count: Number = None


class Link(Struct, rename="camel", gc=False):
    """A span that caused this one, or belongs to it in another way."""

    trace_id: str | None = None
    span_id: str | None = None
    trace_state: str | None = None
    attributes: list[KeyValue | None] | None = None
    dropped_attributes_count: Number = None
    flags: Number = None


class Span(Struct, rename="camel", gc=False):
    """One span."""

    trace_id: str | None = None
    span_id: str | None = None
    trace_state: str | None = None
    parent_span_id: str | None = None
    flags: Number = None
    name: str | None = None
    kind: Number = None
    start_time_unix_nano: Number = None
    end_time_unix_nano: Number = None
    attributes: list[KeyValue | None] | None = None
    dropped_attributes_count: Number = None
    events: list[Event | None] | None = None
    dropped_events_count: Number = None
    links: list[Link | None] | None = None
    dropped_links_count: Number = None
    status: Status | None = None


class LogRecord(Struct, rename="camel", gc=False):
    """One log record."""

    time_unix_nano: Number = None
    observed_time_unix_nano: Number = None
    severity_number: Number = None
    severity_text: str | None = None
    body: AnyValue | None = None
    attributes: list[KeyValue | None] | None = None
    dropped_attributes_count: Number = None
    flags: Number = None
    trace_id: str | None = None
    span_id: str | None = None
    event_name: str | None = None


class ScopeSpans(Struct, rename="camel", gc=False):
    """The spans of one scope."""

    scope: Scope | None = None
    spans: list[Span | None] | None = None
    schema_url: str | None = None


class ResourceSpans(Struct, rename="camel", gc=False):
    """The spans of one resource."""

    resource: Resource | None = None
    scope_spans: list[ScopeSpans | None] | None = None
    schema_url: str | None = None


class ScopeLogs(Struct, rename="camel", gc=False):
    """The log records of one scope."""

    scope: Scope | None = None
    log_records: list[LogRecord | None] | None = None
    schema_url: str | None = None


class ResourceLogs(Struct, rename="camel", gc=False):
    """The log records of one resource."""

    resource: Resource | None = None
    scope_logs: list[ScopeLogs | None] | None = None
    schema_url: str | None = None


class Document(Struct, rename="camel", gc=False):
    """An export request of any signal; a file may hold requests of several kinds."""

    resource_spans: list[ResourceSpans | None] | None = None
    resource_logs: list[ResourceLogs | None] | None = None
    resource_metrics: object = None
