"""Gives failures the id of their event while they happen, so that log lines can name it.

The convert stage makes the same id later from the same records (``convert.identity``).
"""

import weakref
from collections.abc import Callable
from functools import partial
from uuid import uuid4

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import SpanContext

from otel_bridge.convert.identity import derived_id
from otel_bridge.logs.correlation import CORRELATION, current_span_context
from otel_bridge.logs.known_errors import KnownError, KnownErrors, LateId, Mark, mark, mark_of
from otel_bridge.wire.text import utf8

_MAX_SAID = 512
_MAX_CHAIN = 20


class ErrorIds:
    """Finds out which event will tell of an exception.

    Args:
        scrub: Takes secrets out of a text; ids are made of clean messages only.
        known: Where failures are remembered by span.
    """

    def __init__(
        self, scrub: Callable[[str], str], known: KnownErrors = CORRELATION.known_errors
    ) -> None:
        self._scrub = scrub
        self._known = known

    def span_ended(self, span: ReadableSpan, exc: BaseException | None) -> None:
        """Note the exceptions that a span recorded.

        Args:
            span: The ended span.
            exc: The exception that is being handled, if any.
        """
        context = span.context
        if context is None:
            return
        for event in span.events:
            facts = event.attributes or {}
            kind = facts.get("exception.type")
            if not isinstance(kind, str):
                continue
            ending = exc if type(exc).__name__ == kind.rpartition(".")[2] else None
            error = self._error_of(event, kind, context, ending)
            self._known.put(context.trace_id, context.span_id, error)
            if span.parent is not None and not span.parent.is_remote:
                self._known.put(context.trace_id, span.parent.span_id, error)
            if ending is not None and not _is_of(mark_of(ending), context.trace_id):
                flags = int(context.trace_flags)
                mark(ending, Mark(context.trace_id, context.span_id, flags, error.id))

    def span_failed(self, span: ReadableSpan, exc: BaseException | None) -> None:
        """Note the exception that ended a span which did not record it.

        Frameworks do so that log it instead, after the span has ended: then it has no other place.

        Args:
            span: The ended span, of status ERROR.
            exc: The exception that is being handled, if any.
        """
        context = span.context
        if context is None or exc is None or not _is_named(exc, span):
            return
        if any(_is_of(known, context.trace_id) for known in _marks(exc)):
            return
        kind, said = type(exc).__name__, _said_by(exc)
        error_id = self._derived(context.trace_id, context.span_id, kind, said)
        self._known.put(
            context.trace_id, context.span_id, KnownError(error_id, kind, said[:_MAX_SAID])
        )
        mark(exc, Mark(context.trace_id, context.span_id, int(context.trace_flags), error_id))

    def note(self, exc: BaseException) -> str:
        """Return the id of the event that tells of an exception, now or later."""
        context = current_span_context()
        for known in _marks(exc):
            if not context.trace_id or _is_of(known, context.trace_id):
                if mark_of(exc) is None:
                    mark(exc, known)
                return known.error_id
        kind, message = type(exc).__name__, _said_by(exc)
        error_id = self.new_id(kind, message)
        mark(exc, Mark(context.trace_id, context.span_id, int(context.trace_flags), error_id))
        if context.trace_id:
            error = KnownError(error_id, kind, message[:_MAX_SAID])
            self._known.put(context.trace_id, context.span_id, error)
        return error_id

    def new_id(self, kind: str, message: str) -> str:
        """Return the id of an event that begins in the current span; without one a random id."""
        context = current_span_context()
        if not context.trace_id:
            return uuid4().hex
        return self._derived(context.trace_id, context.span_id, kind, message)

    def _error_of(
        self, event: Event, kind: str, context: SpanContext, exc: BaseException | None
    ) -> KnownError:
        facts = event.attributes or {}
        short = kind.rpartition(".")[2]
        message, text = facts.get("exception.message"), facts.get("exception.stacktrace")
        said = message if isinstance(message, str) else ""
        marks = [] if exc is None else _marks(exc)
        found = next((m.id for m in marks if _is_of(m, context.trace_id)), None)
        if found is None:
            before = self._known.at(context.trace_id, context.span_id)
            if before is not None and _is_same(before, short, said, text):
                found = before.id
        if found is None:
            place = context.trace_id, context.span_id
            found = LateId(partial(_derived_by, weakref.ref(self), *place, short, said))
            if len(said) > _MAX_SAID:
                found = str(found)  # what is remembered must not hold long messages
        return KnownError(found, short, said[:_MAX_SAID])

    def _derived(self, trace_id: int, span_id: int, kind: str, message: str) -> str:
        # As the record brings it, without surrogates.
        message = self._scrub(utf8(message).decode())
        return derived_id(trace_id.to_bytes(16, "big"), span_id.to_bytes(8, "big"), kind, message)


def _derived_by(
    maker: "weakref.ref[ErrorIds]", trace_id: int, span_id: int, kind: str, message: str
) -> str:
    """Return an id, empty once the bridge is gone: what is remembered must not keep it."""
    alive = maker()
    return "" if alive is None else alive._derived(trace_id, span_id, kind, message)  # noqa: SLF001


def _is_same(before: KnownError, short_type: str, said: str, text: object) -> bool:
    """Whether what comes up from a child is this exception, or one that it was raised from."""
    if (before.short_type, before.message) == (short_type, said[:_MAX_SAID]):
        return True
    first_line = f"{before.short_type}: {before.message}" if before.message else before.short_type
    return isinstance(text, str) and f"{first_line}\n" in text


def _marks(exc: BaseException) -> list[Mark]:
    """Return what is written on an exception and on those that it was raised from."""
    found: list[Mark] = []
    current: BaseException | None = exc
    for _ in range(_MAX_CHAIN):
        if current is None:
            break
        known = mark_of(current)
        if known is not None:
            found.append(known)
        following = current.__cause__
        if following is None and not current.__suppress_context__:
            following = current.__context__
        current = following
    return found


def _is_named(exc: BaseException, span: ReadableSpan) -> bool:
    """Whether a span names the class of an exception as what it failed with."""
    named = (span.attributes or {}).get("error.type")
    kind = type(exc)
    return named in {kind.__name__, kind.__qualname__, f"{kind.__module__}.{kind.__qualname__}"}


def _is_of(known: Mark | None, trace_id: int) -> bool:
    return known is not None and known.trace_id in {0, trace_id}


def _said_by(exc: BaseException) -> str:
    try:
        return str(exc)
    except Exception:  # noqa: BLE001  # the host's code; the type tells enough for an id
        return ""
