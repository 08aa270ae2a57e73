"""One record of a failure: where it was seen and what it says."""

from collections.abc import Iterator
from enum import Enum

from otel_bridge.convert.live import LiveException
from otel_bridge.convert.own_names import BREADCRUMB, MESSAGE_EVENT
from otel_bridge.convert.recent import KeptLog, KeptSpan
from otel_bridge.convert.stack_text import innermost_frame, last_component, lost_its_end
from otel_bridge.wire.batch import StatusCode
from otel_bridge.wire.messages import LogRecord, Span
from otel_bridge.wire.values import attributes, to_python

_SERVER_ERROR = 500
_MAX_COMPARED = 512
"""Characters of a message that tell failures apart."""


class Shape(Enum):
    """The ways in which telemetry tells of a failure."""

    SPAN_EVENT = "span_event"
    LOG = "log_record"
    FAILED_SPAN = "span_status"
    MESSAGE = "message"


class Sighting:
    """One record of a failure. Several of them, at most levels of a trace, are one failure."""

    __slots__ = (
        "arrived",
        "attributes",
        "innermost",
        "is_cut",
        "live",
        "log",
        "message",
        "resource",
        "said",
        "scope",
        "shape",
        "short_type",
        "span",
        "span_id",
        "stacktrace",
        "status",
        "time_ns",
        "trace_id",
        "type",
    )

    def __init__(self, shape: Shape, kept: KeptSpan | KeptLog, facts: dict[str, object]) -> None:
        self.shape = shape
        self.trace_id = kept.record.trace_id
        self.span_id = kept.record.span_id
        self.resource = kept.resource
        self.scope = kept.scope
        self.attributes = facts
        self.type = _text(facts.get("exception.type"))
        self.message = _text(facts.get("exception.message"))
        self.stacktrace = _text(facts.get("exception.stacktrace"))
        self.said = self.message[:_MAX_COMPARED]
        self.short_type = last_component(self.type)
        self.innermost = innermost_frame(self.stacktrace)[:_MAX_COMPARED]
        self.is_cut = lost_its_end(self.stacktrace, self.short_type)
        self.time_ns = 0
        self.arrived = 0.0
        self.status = StatusCode.UNSET
        self.span: Span | None = None
        self.log: LogRecord | None = None
        self.live: LiveException | None = None

    def brief(self) -> "Sighting":
        """Return what is needed to recognise this failure later, and nothing heavy."""
        brief = Sighting.__new__(Sighting)
        brief.shape = self.shape
        brief.trace_id = self.trace_id
        brief.span_id = self.span_id
        brief.said = self.said
        brief.short_type = self.short_type
        brief.innermost = self.innermost
        brief.is_cut = self.is_cut
        text = self.stacktrace
        keep = 2 * _MAX_COMPARED
        brief.stacktrace = text if len(text) <= 2 * keep else f"{text[:keep]}\n{text[-keep:]}"
        return brief

    @property
    def size(self) -> int:
        """Bytes held, about."""
        return 500 + len(self.stacktrace) + len(self.message)


def span_sightings(kept: KeptSpan) -> Iterator[Sighting]:
    """Yield the exceptions that a span recorded as events."""
    span = Span.FromString(kept.record.raw)
    for event in span.events:
        facts = attributes(event.attributes)
        if event.name != "exception" and "exception.type" not in facts:
            continue
        if not facts.get("exception.type") and not facts.get("exception.message"):
            continue
        sighting = Sighting(Shape.SPAN_EVENT, kept, facts)
        sighting.time_ns = event.time_unix_nano or span.end_time_unix_nano
        sighting.status = kept.record.status
        sighting.span = span
        yield sighting


def failed_span_sighting(kept: KeptSpan) -> Iterator[Sighting]:
    """Yield an entry span that failed on its own account: 5xx, or an ``error.type``."""
    span = Span.FromString(kept.record.raw)
    facts = attributes(span.attributes)
    status = facts.get("http.response.status_code", facts.get("http.status_code"))
    code = status if isinstance(status, int) else None
    kind = facts.get("error.type")
    if (code is not None and code < _SERVER_ERROR) or (code is None and not kind):
        return
    sighting = Sighting(Shape.FAILED_SPAN, kept, {})
    name = _text(kind)
    sighting.type = sighting.short_type = (
        name if name and not name.isdigit() else f"HTTP {code}" if code else name
    )
    sighting.message = sighting.said = span.status.message or span.name
    sighting.time_ns = span.end_time_unix_nano
    sighting.status = kept.record.status
    sighting.span = span
    yield sighting


def log_sighting(kept: KeptLog) -> Iterator[Sighting]:
    """Yield the exception or the message that a log record carries, if any."""
    log = LogRecord.FromString(kept.record.raw)
    facts = attributes(log.attributes)
    if facts.get(BREADCRUMB) is True:
        return
    if facts.get("exception.type") or facts.get("exception.message"):
        sighting = Sighting(Shape.LOG, kept, facts)
    elif log.event_name == MESSAGE_EVENT:
        sighting = Sighting(Shape.MESSAGE, kept, facts)
        sighting.message = _text(to_python(log.body))
    else:
        return
    sighting.time_ns = kept.record.time_ns
    sighting.log = log
    yield sighting


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
