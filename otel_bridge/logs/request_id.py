"""The id that a request came with, for as long as it is being worked on."""

import weakref
from contextvars import ContextVar, Token
from typing import Any

from opentelemetry import baggage
from opentelemetry.context import Context

from otel_bridge.wire.sdk_fields import attributes_of

BAGGAGE_KEY = "request.id"
"""The baggage entry that carries a request id from one service to the next."""

HEADERS = ("http.request.header.x_request_id", "http.request.header.x-request-id")
"""Attributes of a server span: as OpenTelemetry's Python instrumentations and its specification
name the header, where ``OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST`` asks for it."""

_MAX_LENGTH = 200

_request_id: ContextVar[str] = ContextVar("otel_bridge.request_id", default="")


def set_request_id(value: str) -> Token[str]:
    """Give log lines of this context an id; it ends with the task or thread, or on ``reset``.

    Args:
        value: The id; what could break a log line is taken out of it.

    Returns:
        What ``reset_request_id`` needs.
    """
    return _request_id.set(_printable(value))


def reset_request_id(token: Token[str]) -> None:
    """Undo one ``set_request_id``."""
    _request_id.reset(token)


class _Request:
    """The request that a context works on. Its id is kept once it is known, its span is not."""

    __slots__ = ("_span", "id", "trace_id")

    def __init__(self, span: Any) -> None:  # noqa: ANN401  # the SDK's, or one like it
        self.trace_id: int = span.get_span_context().trace_id
        self.id = ""
        self._span = weakref.ref(span)

    def look(self) -> str:
        """Return the id that the span has got by now."""
        span = self._span()
        attributes = {} if span is None else attributes_of(span)
        for name in HEADERS:
            values = attributes.get(name)
            if values:
                value = values if isinstance(values, str) else values[0]
                self.id = _printable(value) if isinstance(value, str) else ""
                break
        return self.id


_request: ContextVar[_Request | None] = ContextVar("otel_bridge.request", default=None)


def note_server_span(span: object) -> None:
    """Know the request that is worked on in this context from now on.

    Called where its span starts. Instrumentations add the headers afterwards, so they are read
    when a line is written.
    """
    _request.set(_Request(span))


def current_request_id(context: Context | None = None, trace_id: int = 0) -> str:
    """Return the id that was set here, else the request's header, else the one in the baggage.

    Args:
        context: The current context, as OpenTelemetry has it.
        trace_id: The current trace; a request of another one is over.
    """
    own = _request_id.get()
    if own:
        return own
    request = _request.get()
    if request is not None and request.trace_id == trace_id:
        own = request.id or request.look()
    if own or context is None:
        return own
    carried = baggage.get_baggage(BAGGAGE_KEY, context)
    return _printable(carried) if isinstance(carried, str) else ""


def _printable(value: str) -> str:
    text = value[:_MAX_LENGTH]
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if char.isascii() and char.isprintable())
