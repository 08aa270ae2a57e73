"""Records of what an application tells of itself: exceptions it has handled, messages."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from otel_bridge.convert.own_names import EVENT_ID, EXTRA_PREFIX, MESSAGE_EVENT, TAG_PREFIX
from otel_bridge.instrument.error_ids import ErrorIds
from otel_bridge.logs.correlation import current_span_context
from otel_bridge.logs.known_errors import mark_of
from otel_bridge.logs.record import EmittedLog, LogBody, exception_attributes, plain

_SEVERITIES = {"fatal": 21, "critical": 21, "error": 17, "warning": 13, "info": 9, "debug": 5}
_SCOPE = InstrumentationScope("otel_bridge.capture")
_EXCEPTION_EVENT = "exception"
_MAX_SHOWN = 1024


class Told(Protocol):
    """Takes the record over."""

    error_ids: ErrorIds

    def put_log(self, log: EmittedLog, exc: BaseException | None) -> None:
        """Take a record over, with the exception it tells of."""


def tell_exception(
    logs: Told,
    exc: BaseException,
    level: str,
    tags: Mapping[str, object],
    extra: Mapping[str, object],
) -> str:
    """Put the record of an exception; return the id of its event."""
    body = _body("", level, _EXCEPTION_EVENT)
    body.attributes = exception_attributes(exc) | _facts(tags, extra)
    event_id = logs.error_ids.note(exc)
    known = mark_of(exc)
    if not body.trace_id and known is not None:
        body.trace_id, body.span_id, body.trace_flags, _ = known
    return _put(logs, body, event_id, exc)


def tell_message(
    logs: Told, text: str, level: str, tags: Mapping[str, object], extra: Mapping[str, object]
) -> str:
    """Put the record of a message; return the id of its event."""
    body = _body(text, level, MESSAGE_EVENT)
    body.attributes = _facts(tags, extra)
    return _put(logs, body, logs.error_ids.new_id("", text), None)


def _body(text: str, level: str, event_name: str) -> LogBody:
    body = LogBody(text, _SEVERITIES.get(level, 17), time.time_ns())
    body.severity_text = level.upper()
    body.event_name = event_name
    context = current_span_context()
    body.trace_id, body.span_id = context.trace_id, context.span_id
    body.trace_flags = int(context.trace_flags)
    return body


def _put(logs: Told, body: LogBody, event_id: str, exc: BaseException | None) -> str:
    body.attributes[EVENT_ID] = event_id
    logs.put_log(EmittedLog(body, _SCOPE, None), exc)
    return event_id


def _facts(tags: Mapping[str, object], extra: Mapping[str, object]) -> dict[str, object]:
    facts: dict[str, object] = {
        f"{TAG_PREFIX}{name}": _shown(value, str) for name, value in tags.items()
    }
    for name, value in extra.items():
        kept = plain(value)
        facts[f"{EXTRA_PREFIX}{name}"] = _shown(value, repr) if kept is None else kept
    return facts


def _shown(value: object, show: Callable[[object], str]) -> str:
    try:
        return show(value)[:_MAX_SHOWN]
    except Exception:  # noqa: BLE001  # the host's code; the rest of the event is worth having
        return f"<{type(value).__name__}>"
