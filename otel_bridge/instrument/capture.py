"""Errors and messages that the application tells of itself, anywhere, also without a span."""

import sys
from collections.abc import Mapping
from typing import Literal

from otel_bridge.instrument.bridge import current_bridge

Level = Literal["fatal", "error", "warning", "info", "debug"]


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
        return bridge.logs.tell_exception(exc, level, tags or {}, extra or {})
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
        return bridge.logs.tell_message(str(message), level, tags or {}, extra or {})
    except Exception:  # noqa: BLE001  # as above
        bridge.engine.guard.tell("capture_message")
        return None
