"""One record of a failure: where it was seen and what it says."""

from collections.abc import Iterator
from enum import Enum

from otel_bridge.convert.live import LiveException
from otel_bridge.convert.own_names import BREADCRUMB, MESSAGE_EVENT
from otel_bridge.convert.recent import KeptLog, KeptSpan
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


def last_component(name: str) -> str:
    """Return a type name without its module, namespace or enclosing class."""
    return name.rsplit(".", 1)[-1].rsplit("\\", 1)[-1].rsplit("::", 1)[-1]


def innermost_frame(text: str) -> str:
    """Return the line of a stack trace that names the call that failed; empty if there is none.

    It only has to be the same at every level of a trace, in whatever language.
    """
    at = text.rfind(' File "')
    if at >= 0:
        return text[at + 1 :].partition("\n")[0].rstrip()
    for marker in _FRAME_MARKERS:
        at = text.find(marker)
        if at >= 0:
            return text[at:].lstrip("\n").partition("\n")[0].strip()
    return ""


_FRAME_MARKERS = ("\n    at ", "\n\tat ", "\n   at ", "\n at ", "\n\t/", "\n\tfrom ", "\n#0 ")


def same_failure(one: Sighting, other: Sighting) -> bool:
    """Whether two sightings under one entry span tell of the same failure.

    Span events repeat type, message and innermost frame exactly. A log may leave the module out of
    the type, name the class where the span has an error code, and add the causes to the message.
    """
    same_frame = one.innermost == other.innermost
    if not same_frame and one.innermost and other.innermost:
        return False
    same_type = one.short_type == other.short_type
    if same_type and one.said == other.said:
        return True
    if Shape.LOG not in {one.shape, other.shape}:
        return False
    if not same_type and not (same_frame and one.innermost):
        return False
    return _says(one, other) or _says(other, one)


def is_cause(cause: Sighting, thrown: Sighting) -> bool:
    """Whether an exception stands in another's chain, before the one that was thrown."""
    if not cause.short_type or (cause.short_type, cause.said) == (thrown.short_type, thrown.said):
        return False
    placed = cause.innermost in thrown.stacktrace  # also where no place is known
    if placed and _has_headline(thrown.stacktrace, cause):
        return True
    # A stack text that was cut to a limit lost the end; the living chain is whole.
    return thrown.live is not None and any(
        last_component(error.type) == cause.short_type
        and error.message[:_MAX_COMPARED] == cause.said
        for error in thrown.live.errors[:-1]
    )


def _has_headline(text: str, cause: Sighting) -> bool:
    """Whether a line of a stack text, as a whole, names an exception: no part of a longer one."""
    headline = f"{cause.short_type}: {cause.said}" if cause.said else cause.short_type
    at = -1
    for _ in range(_MAX_HEADLINES):
        at = text.find(headline, at + 1)
        if at < 0:
            return False
        end = at + len(headline)
        ends = end == len(text) or text[end] in "\r\n" or len(cause.said) == _MAX_COMPARED
        if ends and _leads(text[max(text.rfind("\n", 0, at) + 1, at - _MAX_COMPARED) : at]):
            return True
    return False


def _leads(before: str) -> bool:
    """Whether what stands on a line before a type belongs to it: margins, words, its module."""
    rest = before.strip(" \t|+-")
    for words in _LEADS:
        rest = rest.removeprefix(words).lstrip()
    return not rest or (" " not in rest and rest[-1] in ".:$\\/")


_MAX_HEADLINES = 16
_LEADS = ("Caused by:", "caused by:", "Suppressed:", "[cause]:", ">", "Unhandled exception.")


def _says(one: Sighting, other: Sighting) -> bool:
    """Whether the message of one is the message of the other, with causes added."""
    message = one.said
    if not message:
        return not one.stacktrace
    if other.said.startswith((message + ": ", message + "\n")):
        return True
    return f": {message}\n" in other.stacktrace + "\n"


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
