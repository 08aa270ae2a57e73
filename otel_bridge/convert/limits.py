"""The sizes that trackers accept: what is larger is cut, and the event says so.

Sizes are those of the event payload documentation and of Relay; remarks have Relay's form.
"""

from typing import Any

import msgspec

from otel_bridge.convert.event import ErrorEvent, ExceptionValue, Frame, Request, Stacktrace, User
from otel_bridge.convert.frame_maker import is_short

MAX_EVENT_BYTES = 900_000
"""Trackers refuse events of 1 MB and more; headers and what users add need room."""
MAX_VALUE = 1_024
"""Of an exception's message: what every tracker keeps. More of it stands in a context."""
TEXT_CONTEXT = "exception"
"""What has no place of its own: a stack that nobody can read, the whole of a long message."""
_MAX_MESSAGE = 8_192
_MAX_TYPE = 128
_MAX_BAG = 8_192
_MAX_VARS = 2_048
_MAX_DEPTH = 6
_MAX_KEYS = 100
_MAX_TEXT = 2_048
_SHORT = 256
_FRAME_BYTES = 30_000
"""Eleven lines of source of 1,024 characters each, and the locals."""
_CRUMB_BYTES = 12_000
_CONTEXT_BYTES = 10_000
_PLAIN = frozenset({int, bool, type(None)})


class Cutter:
    """Cuts what is too long and remembers where.

    Args:
        event: The event that is made to fit, in place.
        frames_fit: Whether the frames are known to need no cutting.
    """

    def __init__(self, event: ErrorEvent, *, frames_fit: bool = False) -> None:
        self._event = event
        self._frames_fit = frames_fit

    def fit(self) -> None:
        """Bring every part of the event within its limit, then the whole."""
        event = self._event
        event.transaction = self.text(event.transaction, 200, "transaction")
        event.server_name = self.text(event.server_name, 256, "server_name")
        event.logger = self.text(event.logger, 64, "logger")
        if event.logentry is not None:
            event.logentry.message = self.text(
                event.logentry.message, _MAX_MESSAGE, "logentry", "message"
            )
        if event.user is not None:
            self._fit_user(event.user)
        if event.request is not None:
            self._fit_request(event.request)
        if event.exception is not None:
            for index, value in enumerate(event.exception.values):
                self._fit_exception(value, ("exception", "values", str(index)))
        for name, context in event.contexts.items():
            if isinstance(context, dict) and name != TEXT_CONTEXT and not _is_small(context):
                event.contexts[name] = self.bag(context, _MAX_BAG, "contexts", name)
        if event.extra:
            event.extra = self.bag(event.extra, 4 * _MAX_BAG, "extra")
        self._fit_whole()

    def text(self, value: str | None, limit: int, *path: str) -> str | None:
        """Return a text cut to a number of characters."""
        if value is None or len(value) <= limit:
            return value
        self._remark(path, ["!limit", "x", limit - 3, limit], len(value))
        return f"{value[: limit - 3]}..."

    def bag(self, bag: dict[str, Any], limit: int, *path: str) -> dict[str, Any]:
        """Return a mapping whose JSON is about as small as wanted: long texts and late keys go."""
        kept: dict[str, Any] = {}
        room = limit
        for key, value in bag.items():
            small, size = self._shrink(value, room - len(key), 1, (*path, key))
            if size > room - len(key) or len(kept) >= _MAX_KEYS:
                self._remark(path, ["!limit", "x"], len(bag))
                break
            kept[key] = small
            room -= size + len(key) + 6
        return kept

    def _shrink(
        self,
        value: Any,  # noqa: ANN401  # any JSON value
        room: int,
        depth: int,
        path: tuple[str, ...],
    ) -> tuple[Any, int]:
        """Return a value that fits, and about how long it is as JSON."""
        if isinstance(value, str):
            cut = self.text(value, max(4, min(_MAX_TEXT, room)), *path) or ""
            return cut, len(cut) + 2
        if isinstance(value, bytes):
            return self._shrink(value.decode("utf-8", "replace"), room, depth, path)
        if isinstance(value, float) and value - value != 0:
            return str(value), 5
        if isinstance(value, dict | list):
            if depth >= _MAX_DEPTH:
                return "...", 5
            return self._shrink_nested(value, room, depth, path)
        return value, 8

    def _shrink_nested(
        self, value: dict[str, Any] | list[Any], room: int, depth: int, path: tuple[str, ...]
    ) -> tuple[Any, int]:
        used = 2
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        kept: list[tuple[Any, Any]] = []
        for key, item in pairs:
            small, size = self._shrink(item, room - used, depth + 1, (*path, str(key)))
            size += len(key) + 4 if isinstance(key, str) else 1
            if used + size > room or len(kept) >= _MAX_KEYS:
                self._remark(path, ["!limit", "x"], len(value))
                break
            kept.append((key, small))
            used += size
        return (dict(kept) if isinstance(value, dict) else [item for _, item in kept]), used

    def _fit_user(self, user: User) -> None:
        user.id = self.text(user.id, 128, "user", "id")
        user.email = self.text(user.email, 75, "user", "email")
        user.username = self.text(user.username, 128, "user", "username")
        user.name = self.text(user.name, 128, "user", "name")

    def _fit_request(self, request: Request) -> None:
        request.url = self.text(request.url, 2_048, "request", "url")
        request.query_string = self.text(request.query_string, 1_024, "request", "query_string")
        if request.headers and not _is_small(request.headers):
            request.headers = self.bag(request.headers, _MAX_BAG, "request", "headers")

    def _fit_exception(self, value: ExceptionValue, path: tuple[str, ...]) -> None:
        value.type = self.text(value.type, _MAX_TYPE, *path, "type")
        value.value = self.text(value.value, MAX_VALUE, *path, "value")
        value.module = self.text(value.module, 256, *path, "module")
        if value.stacktrace is not None and not self._frames_fit:
            for index, frame in enumerate(value.stacktrace.frames):
                if frame.vars or not is_short(frame):
                    self._fit_frame(frame, (*path, "stacktrace", "frames", str(index)))

    def _fit_frame(self, frame: Frame, path: tuple[str, ...]) -> None:
        frame.function = self.text(frame.function, 512, *path, "function")
        frame.module = self.text(frame.module, 256, *path, "module")
        frame.filename = self.text(frame.filename, 256, *path, "filename")
        frame.abs_path = self.text(frame.abs_path, 1_024, *path, "abs_path")
        if frame.vars:
            frame.vars = self.bag(frame.vars, _MAX_VARS, *path, "vars")

    def _fit_whole(self) -> None:
        """Give up the least useful parts until the whole event is small enough."""
        event = self._event
        if _is_light(event):
            return
        for give_up in (self._drop_context_of_foreign_frames, self._drop_extras, self._drop_more):
            if len(msgspec.json.encode(event)) <= MAX_EVENT_BYTES:
                return
            give_up(event)

    def _drop_context_of_foreign_frames(self, event: ErrorEvent) -> None:
        for frame in _frames(event):
            if not frame.in_app:
                frame.vars = frame.pre_context = frame.post_context = None

    def _drop_extras(self, event: ErrorEvent) -> None:
        event.modules = None
        event.extra = {}
        if event.breadcrumbs is not None:
            event.breadcrumbs.values = event.breadcrumbs.values[-20:]
        for frame in _frames(event):
            frame.vars = frame.pre_context = frame.post_context = None

    def _drop_more(self, event: ErrorEvent) -> None:
        event.breadcrumbs = None
        event.contexts = {
            name: context
            for name, context in event.contexts.items()
            if name in {"trace", "runtime"}
        }
        if event.exception is not None:
            event.exception.values = event.exception.values[-10:]
            for value in event.exception.values:
                if value.stacktrace is not None:
                    value.stacktrace = Stacktrace(value.stacktrace.frames[-30:])

    def _remark(self, path: tuple[str, ...], remark: list[Any], length: int) -> None:
        at = self._event.meta
        for part in path:
            at = at.setdefault(part, {})
        at[""] = {"rem": [remark], "len": length}


def _is_light(event: ErrorEvent) -> bool:
    """Whether an event is far from too large, by what its parts may weigh at the most."""
    crumbs = event.breadcrumbs.values if event.breadcrumbs is not None else ()
    weight = len(crumbs) * _CRUMB_BYTES + len(event.contexts) * _CONTEXT_BYTES
    weight += (len(event.modules or ()) + len(event.tags)) * _SHORT + len(event.extra) * _MAX_BAG
    values = event.exception.values if event.exception is not None else ()
    for value in values:
        frames = len(value.stacktrace.frames) if value.stacktrace is not None else 0
        weight += 4 * _MAX_MESSAGE + frames * _FRAME_BYTES
    return weight < MAX_EVENT_BYTES


def _is_small(bag: dict[str, Any]) -> bool:
    """Whether a mapping is so small and flat that no limit can be reached."""
    return _size_of_flat(bag, 2) <= _MAX_BAG


def _size_of_flat(bag: dict[str, Any], depth: int) -> int:
    """Return about how long short texts and numbers are as JSON; too much for all else."""
    size = 0
    for key, value in bag.items():
        kind = type(value)
        if kind is str and len(value) <= _MAX_TEXT:
            size += len(value)
        elif kind is dict and depth:
            size += _size_of_flat(value, depth - 1)
        elif kind not in _PLAIN and not (kind is float and value - value == 0):
            return _MAX_BAG + 1
        size += len(key) + 10
    return size if len(bag) <= _MAX_KEYS else _MAX_BAG + 1


def _frames(event: ErrorEvent) -> list[Frame]:
    values = event.exception.values if event.exception is not None else []
    return [
        frame
        for value in values
        if value.stacktrace is not None
        for frame in value.stacktrace.frames
    ]
