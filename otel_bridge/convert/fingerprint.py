"""Grouping rules of the user: which failures belong together, whatever the tracker thinks."""

from collections.abc import Callable

from otel_bridge.convert.event import ErrorEvent, ExceptionValue, Frame
from otel_bridge.convert.options import FingerprintRule

_OPEN = "{{"
_CLOSE = "}}"
_DEFAULT = "{{ default }}"
_MAX_PART = 256


def fingerprint(event: ErrorEvent, rules: tuple[FingerprintRule, ...]) -> list[str] | None:
    """Return the fingerprint of the first rule that fits; None leaves it to the tracker."""
    if not rules:
        return None
    values = _Values(event)
    for rule in rules:
        if all(
            pattern == "*" or matches(pattern, getter(values) or "")
            for pattern, getter in (
                (rule.type, _Values.type),
                (rule.message, _Values.message),
                (rule.module, _Values.module),
                (rule.function, _Values.function),
                (rule.transaction, _Values.transaction),
                (rule.logger, _Values.logger),
                (rule.level, _Values.level),
            )
        ):
            return [_fill(part, values) for part in rule.fingerprint]
    return None


def without_place(event: ErrorEvent, *, is_cut: bool) -> list[str] | None:
    """Return a fingerprint with the route for stacks that name no place of the application's.

    Of an anonymous function without a line of source a tracker sees only the module: whatever
    fails in any handler of that file would be one issue. None where the stack says more.

    Args:
        event: The event, complete but for this.
        is_cut: Whether the stack lost its end, and with it the application's frames.
    """
    if event.transaction is None or event.exception is None:
        return None
    own = [
        frame
        for value in event.exception.values
        if value.stacktrace is not None
        for frame in value.stacktrace.frames
        if frame.in_app
    ]
    if any(map(_is_named, own)) or not (own or is_cut):
        return None
    return [_DEFAULT, event.transaction[:_MAX_PART]]


def _is_named(frame: Frame) -> bool:
    name = (frame.function or "").rpartition(".")[2]
    return frame.context_line is not None or name not in {"", "?", "<anonymous>"}


def matches(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern in which ``*`` stands for anything. Linear in the text."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    if not text.startswith(first):
        return False
    at = len(first)
    *middle, last = rest
    for part in middle:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(last) and text.endswith(last)


class _Values:
    """What rules and variables may ask of an event."""

    def __init__(self, event: ErrorEvent) -> None:
        self._event = event
        values = event.exception.values if event.exception is not None else []
        self._thrown = values[-1] if values else ExceptionValue()
        frames = self._thrown.stacktrace.frames if self._thrown.stacktrace is not None else []
        own = [frame for frame in frames if frame.in_app]
        self._frame = own[-1] if own else frames[-1] if frames else Frame()

    def type(self) -> str | None:
        return self._thrown.type

    def message(self) -> str | None:
        if self._event.logentry is not None:
            return self._event.logentry.message
        return self._thrown.value

    def module(self) -> str | None:
        return self._frame.module

    def function(self) -> str | None:
        return self._frame.function

    def transaction(self) -> str | None:
        return self._event.transaction

    def logger(self) -> str | None:
        return self._event.logger

    def level(self) -> str | None:
        return self._event.level

    def path(self) -> str | None:
        return self._frame.abs_path

    def filename(self) -> str | None:
        return self._frame.filename

    def package(self) -> str | None:
        return self._frame.package

    def tag(self, name: str) -> str | None:
        return self._event.tags.get(name)


_VARIABLES: dict[str, Callable[[_Values], str | None]] = {
    "error.type": _Values.type,
    "type": _Values.type,
    "error.value": _Values.message,
    "value": _Values.message,
    "message": _Values.message,
    "transaction": _Values.transaction,
    "function": _Values.function,
    "stack.function": _Values.function,
    "path": _Values.path,
    "stack.abs_path": _Values.path,
    "stack.filename": _Values.filename,
    "module": _Values.module,
    "stack.module": _Values.module,
    "package": _Values.package,
    "stack.package": _Values.package,
    "level": _Values.level,
    "logger": _Values.logger,
}


def _fill(part: str, values: _Values) -> str:
    """Fill in variables; ``{{ default }}`` and unknown ones are left to the tracker."""
    filled = []
    head, opened, rest = part.partition(_OPEN)
    filled.append(head)
    while opened:
        inside, closed, after = rest.partition(_CLOSE)
        name = inside.strip()
        if not closed:
            filled.append(_OPEN + rest)
            break
        if name == "default":
            filled.append(_DEFAULT)
        elif name.startswith("tags."):
            filled.append(values.tag(name[5:]) or "")
        elif name in _VARIABLES:
            filled.append(_VARIABLES[name](values) or "")
        else:
            filled.append(f"{_OPEN}{inside}{_CLOSE}")
        head, opened, rest = after.partition(_OPEN)
        filled.append(head)
    return "".join(filled)[:_MAX_PART]
