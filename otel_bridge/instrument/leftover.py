"""What of the hand-over is left when the time is over: errors, and what tells of their request."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from otel_bridge.convert.live import LiveException
from otel_bridge.instrument.handover import Taken
from otel_bridge.stats import Fate, Kind, Stats

_LARGE_BYTES = 64 * 1024
"""Errors with longer texts come last, others are left out: scrubbing them may take too long."""
_MAX_GROUP = 64
"""So many errors of one trace are converted at once, some 50 ms of work."""


class Item(NamedTuple):
    """A span or log record."""

    kind: Kind
    record: Any
    """Of the SDK, or shaped like it."""
    live: LiveException | None


@dataclass(slots=True)
class Leftover:
    """Items that nobody has seen through."""

    errors: list[list[Item]] = field(default_factory=list)
    """By trace: a failure is told by several spans, and is one event."""
    context: list[Item] = field(default_factory=list)
    """Other items of the traces that the errors are in, and spans that failed."""
    _found: list[Item] = field(default_factory=list)
    _others: list[tuple[int, Item]] = field(default_factory=list)

    @classmethod
    def of(cls, chunks: Iterable[Taken], stats: Stats, spent: int = 0) -> "Leftover":
        """Sort chunks; all that is in them has come in and expired, as spans and log records.

        Args:
            chunks: What nobody has seen through.
            stats: Where that is counted.
            spent: Spans that were in the chunks and are not any more.
        """
        left = cls()
        spans, logs = spent, 0
        for taken in chunks:
            spans, logs = spans + len(taken.spans) + len(taken.unsampled), logs + len(taken.logs)
            with suppress(Exception):  # whatever the host calls a span; it is counted as one
                left._sort_chunk(taken)
        for kind, count in ((Kind.SPAN, spans), (Kind.LOG, logs)):
            if count:
                stats.received(kind, count)
                stats.fate(kind, Fate.EXPIRED, count, reason="at_shutdown")
        with suppress(Exception):  # as above
            left._finish()
        return left

    def _sort_chunk(self, taken: Taken) -> None:
        for log in taken.logs:
            self._sort(Item(Kind.LOG, log.record, log.live), is_error=log.is_urgent)
        known = set()
        for error in taken.errors:
            known.add(id(error.span))
            self._sort(Item(Kind.SPAN, error.span, error.live), is_error=True)
        for span in (*taken.spans, *taken.unsampled):
            if id(span) not in known:
                self._sort(Item(Kind.SPAN, span, None), is_error=_has_exception(span))

    def _sort(self, item: Item, *, is_error: bool) -> None:
        if is_error:
            self._found.append(item)
        else:
            self._others.append((_trace_of(item), item))

    def _finish(self) -> None:
        groups: dict[object, list[Item]] = {}
        for item in self._found:
            trace = _trace_of(item)
            group = groups.setdefault(trace or id(item.record), [])
            group.append(item)
            if len(group) >= _MAX_GROUP:
                self.errors.append(groups.pop(trace or id(item.record)))
        self.errors += groups.values()
        failing = {_trace_of(item) for item in self._found} - {0}
        self.context = [
            item
            for trace, item in self._others
            if (trace in failing or _failed(item)) and _size(item) <= _LARGE_BYTES
        ]
        self._found, self._others = [], []
        # In the order in which they came, but what may take long after all others.
        self.errors.sort(key=lambda group: sum(map(_size, group)) > _LARGE_BYTES)


def _has_exception(span: ReadableSpan) -> bool:
    return any(event.name == "exception" for event in getattr(span, "events", ()))


def _failed(item: Item) -> bool:
    """Whether it may be a request that failed without an exception, which can be made an event."""
    status = getattr(getattr(item.record, "status", None), "status_code", None)
    return status is StatusCode.ERROR


def _trace_of(item: Item) -> int:
    inner = getattr(item.record, "log_record", item.record)
    found = getattr(getattr(inner, "context", None), "trace_id", None)
    if item.kind is Kind.LOG:
        found = getattr(inner, "trace_id", None)
    return found if isinstance(found, int) else 0


def _size(item: Item) -> int:
    """Return about how many characters there are to be scrubbed."""
    inner = getattr(item.record, "log_record", item.record)
    facts = [getattr(inner, "attributes", None), *_facts_of_events(inner)]
    texts = [len(value) for each in facts if each for value in each.values() if _has_length(value)]
    body = getattr(inner, "body", None)
    return sum(texts) + (len(body) if isinstance(body, str) else 0)


def _facts_of_events(record: Any) -> list[Any]:  # noqa: ANN401  # of the SDK
    return [event.attributes for event in getattr(record, "events", ())]


def _has_length(value: object) -> bool:
    return isinstance(value, str | bytes)
