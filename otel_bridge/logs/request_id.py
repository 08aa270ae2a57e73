"""The id that a request came with, for as long as it is being worked on."""

from contextvars import ContextVar, Token

from opentelemetry import baggage
from opentelemetry.context import Context

BAGGAGE_KEY = "request.id"
"""The baggage entry that carries a request id from one service to the next."""

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


def current_request_id(context: Context | None = None) -> str:
    """Return the id that was set here, else the one in the baggage, else an empty text.

    Args:
        context: The current context, as OpenTelemetry has it.
    """
    own = _request_id.get()
    if own or context is None:
        return own
    carried = baggage.get_baggage(BAGGAGE_KEY, context)
    return _printable(carried) if isinstance(carried, str) else ""


def _printable(value: str) -> str:
    text = value[:_MAX_LENGTH]
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if char.isascii() and char.isprintable())
