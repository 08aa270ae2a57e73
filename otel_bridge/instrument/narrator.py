"""Debug mode: says of every span, log record and error event what happened to it, and why."""

import logging
import sys
from collections import OrderedDict
from collections.abc import Iterable

from otel_bridge.stats import Fate, Kind
from otel_bridge.wire.batch import Batch, Record
from otel_bridge.wire.clean import CleanBatch, CleanEvent
from otel_bridge.wire.messages import LogRecord, Span
from otel_bridge.wire.values import to_python

logger = logging.getLogger("otel_bridge")

_MAX_REMEMBERED = 10_000
_MAX_TEXT = 80


class Narrator:
    """Logs the way of each item. Only clean data is shown. Called by the worker alone."""

    def __init__(self) -> None:
        self._taken: OrderedDict[int, bytes] = OrderedDict()

    def took(self, batch: Batch) -> None:
        """Remember what was taken in, to see later what was changed."""
        for record in batch.records():
            self._taken[id(record.raw)] = record.raw
        while len(self._taken) > _MAX_REMEMBERED:
            self._taken.popitem(last=False)

    def forwarded(self, kind: Kind, clean: CleanBatch, kept: tuple[Fate, str] | None) -> None:
        """Tell of records that leave the pipeline."""
        what = "forwarded" if kept is None else f"not forwarded: {kept[0]} ({kept[1]})"
        for record in clean.records():
            is_whole = self._taken.pop(id(record.raw), None) is not None
            change = "" if is_whole else "redacted, "
            logger.debug("%s %s: %s%s", kind, _shown(kind, record), change, what)

    def sent(self, events: Iterable[CleanEvent]) -> None:
        """Tell of error events."""
        for event in events:
            trace_id = event.get("contexts", {}).get("trace", {}).get("trace_id", "none")
            logger.debug(
                "error event %s of trace %s: %s", event.get("event_id"), trace_id, _title(event)
            )


def show_on_stderr() -> None:
    """Let debug messages be seen where the application has not configured logging for them."""
    logger.setLevel(logging.DEBUG)
    if not logger.hasHandlers():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("otel_bridge: %(message)s"))
        logger.addHandler(handler)


def _shown(kind: Kind, record: Record) -> str:
    if kind is Kind.LOG:
        body = to_python(LogRecord.FromString(record.raw).body)
        name = "" if body is None else str(body)
    else:
        name = Span.FromString(record.raw).name
    text = name if len(name) <= _MAX_TEXT else name[:_MAX_TEXT] + "…"
    return f"{text!r} {record.trace_id.hex()}/{record.span_id.hex()}"


def _title(event: CleanEvent) -> str:
    values = event.get("exception", {}).get("values", [])
    if values:
        return f"{values[-1].get('type')}: {values[-1].get('value')}"[:_MAX_TEXT]
    entry = event.get("logentry", {})
    return str(entry.get("formatted") or entry.get("message") or "")[:_MAX_TEXT]
