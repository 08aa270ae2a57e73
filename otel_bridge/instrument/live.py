"""Exceptions read while they are alive: at the end of a span, the one that is being handled.

Nothing here calls code of the host: no ``__str__``, ``__repr__`` or property of its classes, which
could hang, raise or change something. What only such code could tell is taken from the text that
the OpenTelemetry SDK has already made.
"""

import sys
import threading
from collections.abc import Iterator, Mapping
from types import FrameType, TracebackType, WrapperDescriptorType
from typing import NamedTuple

from opentelemetry.sdk.trace import ReadableSpan

from otel_bridge.convert.live import LiveError, LiveException, LiveFrame
from otel_bridge.instrument.exception_text import messages_of
from otel_bridge.instrument.local_variables import LocalsBudget, local_variables
from otel_bridge.wire.sdk_fields import attributes_of

_MAX_FRAMES = 1_000
_MAX_ERRORS = 50
_MAX_CONTEXTS = 5
"""Exceptions behind the one being handled that may be the recorded one."""
_SCALARS = frozenset({str, int, float, bool, bytes, type(None)})
_SAFE_INT = 1 << 64
_OUTERMOST, _APPLICATION = "starlette.middleware.errors", "starlette.applications"
_MAX_OUTSIDE = 8
"""Frames between the two: OpenTelemetry's, and a second middleware of the same kind around it."""
_HIDE, _OTHER_HIDE = "__tracebackhide__", "__traceback_hide__"

# Read through the built-in descriptors: a class may define the same names as its own properties.
_cause = BaseException.__dict__["__cause__"].__get__
_context = BaseException.__dict__["__context__"].__get__
_suppresses = BaseException.__dict__["__suppress_context__"].__get__
_traceback = BaseException.__dict__["__traceback__"].__get__
_args = BaseException.__dict__["args"].__get__
_dict = BaseException.__dict__["__dict__"].__get__
_members = BaseExceptionGroup.__dict__["exceptions"].__get__
_errno = OSError.__dict__["errno"].__get__
_filenames = (OSError.__dict__["filename"].__get__, OSError.__dict__["filename2"].__get__)
_mro = type.__dict__["__mro__"].__get__
_qualname = type.__dict__["__qualname__"].__get__
_module = type.__dict__["__module__"].__get__


class _Seen(threading.local):
    """The exception that this thread read last, so that its locals are read only once."""

    def __init__(self) -> None:
        self.exception = 0
        self.trace = 0
        self.frames: dict[tuple[int, int], dict[str, str]] = {}


class LiveReader:
    """Reads the exception behind a span or a log record. Thread-safe.

    Args:
        include_locals: Whether the local variables of each frame are read.
        keep_exception: Whether the object itself is kept, for ``before_send``. It keeps everything
            alive that its frames hold, until the event is made.
    """

    def __init__(self, *, include_locals: bool = False, keep_exception: bool = False) -> None:
        self._include_locals = include_locals
        self._keep_exception = keep_exception
        self._seen = _Seen()

    def read(self, span: ReadableSpan) -> LiveException | None:
        """Return the exception that ends a span; None if it is not at hand.

        It is at hand while it is being handled: when a span's context manager ends the span.
        """
        handled = sys.exc_info()[1]
        if handled is None:
            return None
        for event in reversed(span.events):
            facts = attributes_of(event)
            if facts and "exception.type" in facts:
                exc = _find(handled, facts)
                if exc is not None:
                    context = span.context
                    return self.read_exception(exc, facts, context.trace_id if context else 0)
        return None

    def read_exception(
        self, exc: BaseException, recorded: Mapping[str, object], trace_id: int = 0
    ) -> LiveException:
        """Return all there is to an exception.

        Args:
            exc: The exception.
            recorded: ``exception.message`` and ``exception.stacktrace`` as telemetry has them.
            trace_id: The trace it belongs to.
        """
        reading = _Reading(self._budget(exc, trace_id) if self._include_locals else None)
        told = list(reading.walk(exc))
        messages = _messages([found.exception for found in told], recorded)
        errors = tuple(map(reading.error, told, messages))
        if reading.locals is not None:
            self._seen.frames = reading.locals.known
        return LiveException(
            errors=errors[::-1],
            kind=type(exc),
            exception=exc if self._keep_exception else None,
        )

    def _budget(self, exc: BaseException, trace_id: int) -> LocalsBudget:
        seen = self._seen
        if (seen.exception, seen.trace) != (id(exc), trace_id):
            seen.exception, seen.trace, seen.frames = id(exc), trace_id, {}
        return LocalsBudget(known=dict(seen.frames))


class _Told(NamedTuple):
    """An exception and its place among the others."""

    exception: BaseException
    number: int | None = None
    parent: int | None = None
    source: str | None = None


class _Reading:
    """One exception being read, with everything it came from, as the native SDK walks it."""

    def __init__(self, locals_: LocalsBudget | None) -> None:
        self.locals = locals_
        self._next = 0
        self._visited: set[int] = set()

    def walk(self, exc: BaseException) -> Iterator[_Told]:
        """Yield the thrown exception, what caused it, and the members of a group."""
        if _is_group(exc):
            yield from self._tree(exc, None, None)
            return
        found: BaseException | None = exc
        while found is not None and id(found) not in self._visited and self._next < _MAX_ERRORS:
            self._visited.add(id(found))
            self._next += 1
            yield _Told(found)
            found = _cause(found) if _suppresses(found) else _context(found)

    def _tree(self, exc: BaseException, parent: int | None, source: str | None) -> Iterator[_Told]:
        if id(exc) in self._visited or self._next >= _MAX_ERRORS:
            return
        self._visited.add(id(exc))
        number = self._next
        self._next += 1
        yield _Told(exc, number, parent, source)
        from_cause = bool(_suppresses(exc))
        behind = _cause(exc) if from_cause else _context(exc)
        if behind is not None:
            # The native Python SDK counts every cause as held by the group at the top.
            yield from self._tree(behind, 0, "__cause__" if from_cause else "__context__")
        if _is_group(exc):
            for index, member in enumerate(_members(exc)):
                yield from self._tree(member, number, f"exceptions[{index}]")

    def error(self, told: _Told, message: str) -> LiveError:
        """Read all of an exception but its message."""
        exc = told.exception
        kind = type(exc)
        module = _module(kind)
        errno = _errno(exc) if issubclass(kind, OSError) else None
        return LiveError(
            type=_qualname(kind),
            module=module if isinstance(module, str) and module != "builtins" else None,
            message=message,
            frames=self._frames(_traceback(exc)),
            source=told.source,
            exception_id=told.number,
            parent_id=told.parent,
            is_group=_is_group(exc),
            errno=errno if type(errno) is int else None,
        )

    def _frames(self, entry: TracebackType | None) -> tuple[LiveFrame, ...]:
        # Plain and without helpers: this runs on the application's thread.
        frames = self._outside(entry)
        while entry is not None and len(frames) < _MAX_FRAMES:
            frame = entry.tb_frame
            code = frame.f_code
            names = code.co_varnames
            if not ((_HIDE in names or _OTHER_HIDE in names) and _is_hidden(frame)):
                module = dict.get(frame.f_globals, "__name__")
                frames.append(
                    LiveFrame(
                        code.co_filename,
                        entry.tb_lineno,
                        code.co_name,
                        module if type(module) is str else None,
                        None if self.locals is None else local_variables(entry, self.locals),
                    )
                )
            entry = entry.tb_next
        return tuple(frames)

    def _outside(self, entry: TracebackType | None) -> list[LiveFrame]:
        """Return the call of the application around Starlette's outermost middleware.

        That answers, which ends the span, before it raises the exception again; the native SDK,
        which stands around both, sees it pass there.
        """
        frame = entry.tb_frame if entry is not None else None
        if frame is None or dict.get(frame.f_globals, "__name__") != _OUTERMOST:
            return []
        for _ in range(_MAX_OUTSIDE):
            frame = frame.f_back
            module = None if frame is None else dict.get(frame.f_globals, "__name__")
            if frame is None or type(module) is not str:
                return []
            if module == _APPLICATION:
                code = frame.f_code
                return [LiveFrame(code.co_filename, frame.f_lineno, code.co_name, module)]
            if module != _OUTERMOST and not module.startswith("opentelemetry."):
                return []
        return []


def _is_hidden(frame: FrameType) -> bool:
    found = frame.f_locals
    return found.get(_HIDE) is True or found.get(_OTHER_HIDE) is True


def _find(handled: BaseException, recorded: Mapping[str, object]) -> BaseException | None:
    """Return the recorded exception: the one being handled, or one that was, behind it."""
    found: BaseException | None = handled
    for _ in range(_MAX_CONTEXTS):
        if found is None:
            return None
        if _qualified(type(found)) == recorded.get("exception.type"):
            message, said = _safe_message(found), recorded.get("exception.message")
            # The SDK may have cut the message to a limit.
            if message is None or not isinstance(said, str) or message.startswith(said):
                return found
        found = _context(found)
    return None


def _qualified(kind: type) -> str:
    module = _module(kind)
    name: str = _qualname(kind)
    return f"{module}.{name}" if isinstance(module, str) and module != "builtins" else name


def _is_group(exc: BaseException) -> bool:
    return BaseExceptionGroup in _mro(type(exc))


def _messages(errors: list[BaseException], recorded: Mapping[str, object]) -> list[str]:
    """Return the messages: the recorded one, what is safe to ask, else what the text says."""
    messages = []
    said: list[str] | None = None
    for index, exc in enumerate(errors):
        known = recorded.get("exception.message") if index == 0 else None
        message = known if isinstance(known, str) else _safe_message(exc)
        if message is None:
            if said is None:
                said = messages_of(recorded, [_qualname(type(error)) for error in errors])
            messages.append(said[index])
        else:
            messages.append("\n".join([message, *_notes(exc)]))
    return messages


def _notes(exc: BaseException) -> list[str]:
    notes = _dict(exc).get("__notes__")
    return [note for note in notes if type(note) is str] if type(notes) is list else []


def _safe_message(exc: BaseException) -> str | None:
    """Return ``str(exc)`` if that runs no code of the host; None if it would."""
    kind = type(exc)
    to_text = next(base.__dict__["__str__"] for base in _mro(kind) if "__str__" in base.__dict__)
    if type(to_text) is not WrapperDescriptorType:
        return None
    values = _args(exc)
    if issubclass(kind, OSError):
        values = (*values, *(get(exc) for get in _filenames))
    elif issubclass(kind, BaseExceptionGroup):
        values = values[:1]
    return str(exc) if all(map(_is_plain, values)) else None


def _is_plain(value: object) -> bool:
    kind = type(value)
    if kind is int:
        return -_SAFE_INT < value < _SAFE_INT  # type: ignore[operator]
    return kind in _SCALARS
