"""Errors and messages that the application tells of itself, anywhere, also without a span."""

import sys
import time
from collections.abc import Mapping
from typing import Literal

from opentelemetry import trace
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from otel_bridge.convert.own_names import EVENT_ID, EXTRA_PREFIX, MESSAGE_EVENT, TAG_PREFIX
from otel_bridge.instrument.bridge import Bridge, current_bridge
from otel_bridge.logs.known_errors import mark_of
from otel_bridge.logs.record import EmittedLog, LogBody, exception_attributes, plain

Level = Literal["fatal", "error", "warning", "info", "debug"]

_SEVERITIES = {"fatal": 21, "critical": 21, "error": 17, "warning": 13, "info": 9, "debug": 5}
_SCOPE = InstrumentationScope("otel_bridge.capture")
_EVENT_NAME = "exception"
_MAX_SHOWN = 1024


def capture_exception(
    exc: BaseException | None = None,
    *,
    tags: Mapping[str, object] | None = None,
    extra: Mapping[str, object] | None = None,
    level: Level = "error",
) -> str | None:
    """Tell of an exception that was handled. Never raises, never waits; any thread or task.

    Args:
        exc: The exception; by default the one that is being handled.
        tags: Short facts to search by.
        extra: Anything else worth knowing; scrubbed like everything.
        level: How bad it is.

    Returns:
        The id of the event, 32 hexadecimal digits; None without a bridge or an exception.
    """
    bridge = current_bridge()
    exc = exc if exc is not None else sys.exc_info()[1]
    if bridge is None or not isinstance(exc, BaseException):
        return None
    try:
        attributes = exception_attributes(exc) | _facts(tags, extra)
        return _send(bridge, "", level, _EVENT_NAME, attributes, exc)
    except Exception:  # noqa: BLE001  # an error about an error must not become one of the host's
        bridge.engine.guard.tell("capture_exception")
        return None


def capture_message(
    message: str,
    level: Level = "info",
    *,
    tags: Mapping[str, object] | None = None,
    extra: Mapping[str, object] | None = None,
) -> str | None:
    """Tell of something worth an event that is no exception. Never raises, never waits.

    Args:
        message: What happened.
        level: How bad it is.
        tags: Short facts to search by.
        extra: Anything else worth knowing; scrubbed like everything.

    Returns:
        The id of the event, 32 hexadecimal digits; None if no bridge runs.
    """
    bridge = current_bridge()
    if bridge is None:
        return None
    try:
        return _send(bridge, str(message), level, MESSAGE_EVENT, _facts(tags, extra), None)
    except Exception:  # noqa: BLE001  # as above
        bridge.engine.guard.tell("capture_message")
        return None


def _send(
    bridge: Bridge,
    text: str,
    level: str,
    event_name: str,
    attributes: dict[str, object],
    exc: BaseException | None,
) -> str:
    body = LogBody(text, _SEVERITIES.get(level, 17), time.time_ns())
    body.severity_text = level.upper()
    body.event_name = event_name
    body.attributes = attributes
    context = trace.get_current_span().get_span_context()
    body.trace_id, body.span_id = context.trace_id, context.span_id
    body.trace_flags = int(context.trace_flags)
    if exc is None:
        event_id = bridge.logs.error_ids.new_id("", text)
    else:
        event_id = bridge.logs.note_error(exc)
        known = mark_of(exc)
        if not context.trace_id and known is not None:
            body.trace_id, body.span_id, body.trace_flags, _ = known
    attributes[EVENT_ID] = event_id
    bridge.logs.put_log(EmittedLog(body, _SCOPE, None), exc)
    return event_id


def _facts(
    tags: Mapping[str, object] | None, extra: Mapping[str, object] | None
) -> dict[str, object]:
    facts: dict[str, object] = {
        f"{TAG_PREFIX}{name}": str(value) for name, value in (tags or {}).items()
    }
    for name, value in (extra or {}).items():
        shown = plain(value)
        facts[f"{EXTRA_PREFIX}{name}"] = _shown(value) if shown is None else shown
    return facts


def _shown(value: object) -> str:
    try:
        return repr(value)[:_MAX_SHOWN]
    except Exception:  # noqa: BLE001  # the host's code; the rest of the event is worth having
        return f"<{type(value).__name__}>"
