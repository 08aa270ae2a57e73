"""Whether the application dealt with a failure itself, from what the telemetry gives away.

``exception.escaped`` says nothing: the Python SDK always writes "False", and it is deprecated.
"""

from collections.abc import Sequence

from otel_bridge.convert.event import Frame
from otel_bridge.convert.facts import MOUNTING, Facts
from otel_bridge.convert.own_names import HANDLED
from otel_bridge.convert.request import status_code
from otel_bridge.convert.sighting import Shape, Sighting
from otel_bridge.convert.stack_text import ends_in_library, last_component
from otel_bridge.wire.batch import SpanKind, StatusCode

_FATAL = 21
_SERVER_ERROR = 500
_UNHANDLED_SCOPES = frozenset({"opentelemetry.instrumentation.exceptions"})
"""Instrumentations of the hooks that see only what nobody caught."""
_FRAMEWORKS = frozenset(
    f"@opentelemetry/instrumentation-{name}"
    for name in (
        "connect",
        "express",
        "fastify",
        "hapi",
        "koa",
        "nestjs-core",
        "restify",
        "router",
    )
)
"""Their spans record what the handler inside them threw."""
_SILENT_FRAMEWORKS = frozenset({"@opentelemetry/instrumentation-router", "@fastify/otel"})
"""Of these, the ones whose every layer records what passes: a throw is seen more than once."""
_CELERY = "opentelemetry.instrumentation.celery"
_AIOHTTP = "opentelemetry.instrumentation.aiohttp_server"
_RECORDS_AT_ENTRY = frozenset(
    f"opentelemetry.instrumentation.{name}"
    for name in ("fastapi", "starlette", "flask", "django", "aiohttp_server", "celery", "tornado")
) | {"fastapi"}
"""Their entry span records whatever reaches it; when it did not, nothing did."""


def is_handled(facts: Facts, frames: Sequence[Frame]) -> bool | None:
    """Return whether the failure was handled; None where the telemetry does not tell.

    Args:
        facts: The failure and its surroundings.
        frames: The stack of the thrown exception, outermost call first.
    """
    told = _told_by_logs(facts)
    if told is not None:
        return told
    events = [s for s in facts.sightings if s.shape is Shape.SPAN_EVENT]
    if not events:
        return not _came_from_framework(frames)
    entry = facts.climb.entry
    # A mounted application and work after the answer have spans like an entry below it.
    at_entry = [
        s
        for s in events
        if (entry is not None and s.span_id == entry.record.span_id)
        or facts.scope_of(s) in MOUNTING
    ]
    if at_entry:
        return _at_entry(facts, at_entry, frames)
    framework = [s for s in events if facts.scope_of(s) in _FRAMEWORKS]
    if framework:
        return _in_framework(facts, framework)
    return _below_entry(facts, events)


def _told_by_logs(facts: Facts) -> bool | None:
    for sighting in facts.sightings:
        log = sighting.log
        if log is None:
            continue
        if isinstance(said := sighting.attributes.get(HANDLED), bool):
            return said
        if (
            log.severity_number >= _FATAL
            or log.event_name.endswith(".server.request.exception")
            or facts.scope_of(sighting) in _UNHANDLED_SCOPES
        ):
            return False
    return None


def _at_entry(facts: Facts, events: list[Sighting], frames: Sequence[Frame]) -> bool | None:
    """Judge an exception on the span of the request itself.

    It came out of the application if the framework stands above it on the stack. If the
    application's own code does, that code caught it, unless it is all there is.
    """
    if all(sighting.status == StatusCode.UNSET for sighting in events):
        return True
    if any(sighting.is_cut and ends_in_library(sighting.stacktrace) for sighting in events):
        return False
    if not _is_python(frames) or not _knows_own_code(frames) or _came_from_framework(frames):
        return False
    span = facts.entry_span
    first = facts.first
    if span is not None and span.status.message.startswith(f"{first.short_type}: "):
        return False
    status = status_code(facts.entry)
    if _left_unanswered(facts, status):
        return False
    if facts.entry_scope in _RECORDS_AT_ENTRY or status not in {None, _SERVER_ERROR}:
        return True
    return None


def _left_unanswered(facts: Facts, status: int | None) -> bool:
    """Whether the entry span itself says that the work inside it failed.

    Celery and aiohttp call the application's code right inside their instrumentation: there is no
    frame of theirs on the stack that tells so.
    """
    if facts.entry_scope == _CELERY:
        return facts.entry.get("celery.state") == "FAILURE"
    return facts.entry_scope == _AIOHTTP and status is None


def _in_framework(facts: Facts, events: list[Sighting]) -> bool | None:
    """Judge an exception on the spans of a JavaScript framework's layers."""
    status = status_code(facts.entry)
    if facts.climb.entry is None or status is None:
        return None
    if status < _SERVER_ERROR:
        return True
    if len({sighting.span_id for sighting in events}) > 1:
        # What was thrown passes layer after layer; what was recorded by hand stays where it is.
        return False
    if facts.scope_of(events[0]) in _SILENT_FRAMEWORKS:
        return True
    return False if status == _SERVER_ERROR else None


def _below_entry(facts: Facts, events: list[Sighting]) -> bool | None:
    """Judge an exception that was seen only below the span of the request."""
    if all(sighting.status == StatusCode.UNSET for sighting in events):
        return True
    span = facts.entry_span
    if span is None:
        return None
    if span.status.code != StatusCode.ERROR:
        return True
    kind = facts.entry.get("error.type")
    if isinstance(kind, str) and last_component(kind) == facts.first.short_type:
        return False
    records = span.kind in {SpanKind.SERVER, SpanKind.CONSUMER} and (
        facts.entry_scope in _RECORDS_AT_ENTRY
    )
    return True if records else None


def _knows_own_code(frames: Sequence[Frame]) -> bool:
    return any(frame.in_app for frame in frames)


def _came_from_framework(frames: Sequence[Frame]) -> bool:
    """Whether foreign code called the application's, and it is there that the stack begins.

    Only Python cuts a stack where the exception was caught, so only there it tells something.
    """
    return _is_python(frames) and _knows_own_code(frames) and frames[0].in_app is not True


def _is_python(frames: Sequence[Frame]) -> bool:
    return bool(frames) and (frames[-1].abs_path or "").endswith((".py", ">"))
