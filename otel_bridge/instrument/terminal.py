"""An error event for human eyes: what failed, where in your code, and in which request."""

from collections.abc import Iterator, Mapping
from typing import Any

from otel_bridge.wire.clean import CleanEvent

_BOLD, _RED, _DIM, _YELLOW, _OFF = "\x1b[1m", "\x1b[31m", "\x1b[2m", "\x1b[33m", "\x1b[0m"
_WIDTH = 72
_CONTEXT_LINES = 2


def render_event(event: CleanEvent, *, colour: bool = False) -> str:
    """Return an event as text.

    Exceptions stand in the order they happened, cause first, as in a Python traceback. Frames that
    are not the application's own are counted, not shown.

    Args:
        event: The event payload.
        colour: Whether to use ANSI colours.
    """
    text = "\n".join(_lines(event)) + "\n"
    if colour:
        return text
    for code in (_BOLD, _RED, _DIM, _YELLOW, _OFF):
        text = text.replace(code, "")
    return text


def _lines(event: Mapping[str, Any]) -> Iterator[str]:
    yield f"{_DIM}{'─' * _WIDTH}{_OFF}"
    values = event.get("exception", {}).get("values", [])
    for index, value in enumerate(values):
        if index:
            yield f"{_DIM}  ↓ which led to{_OFF}"
        yield from _exception(value)
    if not values:
        yield f"{_BOLD}{_RED}{event.get('logentry', {}).get('formatted', 'error')}{_OFF}"
    yield ""
    for label, text in _facts(event):
        yield f"  {_DIM}{label:<12}{_OFF}{_printable(text)}"
    yield f"{_DIM}{'─' * _WIDTH}{_OFF}"


def _exception(value: Mapping[str, Any]) -> Iterator[str]:
    kind, message = value.get("type") or "Error", value.get("value", "")
    yield f"{_BOLD}{_RED}{_printable(kind)}{_OFF}{_BOLD}: {_printable(message)}{_OFF}"
    frames = value.get("stacktrace", {}).get("frames", [])
    hidden = 0
    for frame in frames:
        if not frame.get("in_app"):
            hidden += 1
            continue
        if hidden:
            yield f"{_DIM}    … {hidden} frames of libraries{_OFF}"
            hidden = 0
        yield from _frame(frame)
    if hidden:
        yield f"{_DIM}    … {hidden} frames of libraries{_OFF}"


def _frame(frame: Mapping[str, Any]) -> Iterator[str]:
    place = f"{frame.get('filename', '?')}:{frame.get('lineno', '?')}"
    yield f"  {_printable(place)} in {_BOLD}{_printable(frame.get('function', '?'))}{_OFF}"
    number = frame.get("lineno") or 0
    before = frame.get("pre_context", [])[-_CONTEXT_LINES:]
    for offset, line in enumerate(before):
        yield f"{_DIM}    {number - len(before) + offset:>5}   {_printable(line)}{_OFF}"
    if frame.get("context_line"):
        yield f"{_YELLOW}    {number:>5} ▶ {_printable(frame['context_line'])}{_OFF}"
    for offset, line in enumerate(frame.get("post_context", [])[:_CONTEXT_LINES]):
        yield f"{_DIM}    {number + 1 + offset:>5}   {_printable(line)}{_OFF}"


def _facts(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    request = event.get("request", {})
    contexts = event.get("contexts", {})
    if request:
        yield "request", f"{request.get('method', '')} {request.get('url', '')}".strip()
    for label, key in (
        ("route", "transaction"),
        ("release", "release"),
        ("environment", "environment"),
        ("server", "server_name"),
    ):
        if event.get(key):
            yield label, str(event[key])
    if status := contexts.get("response", {}).get("status_code"):
        yield "response", str(status)
    if user := event.get("user", {}).get("id"):
        yield "user", str(user)
    if trace_id := contexts.get("trace", {}).get("trace_id"):
        yield "trace id", trace_id
    if event.get("event_id"):
        yield "event id", event["event_id"]


def _printable(text: object) -> str:
    """Return text that cannot move the cursor or colour the terminal."""
    return "".join(
        char if char.isprintable() or char == "\n" else "�"
        for char in str(text).replace("\t", "    ")
    )
