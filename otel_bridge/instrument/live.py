"""Exceptions read while they are alive: at the end of a span, the one that is being handled."""

import sys
from types import TracebackType

from opentelemetry.sdk.trace import ReadableSpan

from otel_bridge.convert.live import LiveError, LiveException, LiveFrame

_MAX_FRAMES = 1_000


def read_live(span: ReadableSpan) -> LiveException | None:
    """Return what the exception that ends a span has to tell; None if it is not at hand."""
    exc = sys.exc_info()[1]
    if exc is None:
        return None
    name = type(exc).__qualname__
    for event in span.events:
        facts = event.attributes or {}
        recorded = facts.get("exception.type")
        if isinstance(recorded, str) and recorded.endswith(name):
            message = facts.get("exception.message")
            return read_exception(exc, message if isinstance(message, str) else "")
    return None


def read_exception(exc: BaseException, message: str) -> LiveException | None:
    """Return what an exception at hand has to tell; None if its text tells more."""
    if exc.__cause__ is not None or exc.__context__ is not None:
        return None
    error = LiveError(
        type=type(exc).__qualname__,
        module=_module(type(exc)),
        message=message,
        frames=_frames(exc.__traceback__),
    )
    return LiveException((error,))


def _module(kind: type) -> str | None:
    return None if kind.__module__ == "builtins" else kind.__module__


def _frames(traceback: TracebackType | None) -> tuple[LiveFrame, ...]:
    frames: list[LiveFrame] = []
    while traceback is not None and len(frames) < _MAX_FRAMES:
        code = traceback.tb_frame.f_code
        module = traceback.tb_frame.f_globals.get("__name__")
        frames.append(
            LiveFrame(
                abs_path=code.co_filename,
                lineno=traceback.tb_lineno,
                function=code.co_name,
                module=module if isinstance(module, str) else None,
            )
        )
        traceback = traceback.tb_next
    return tuple(frames)
