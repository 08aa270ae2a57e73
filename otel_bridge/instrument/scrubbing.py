"""SDK spans and log records without their secrets, for exporters that are not ours."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan

from otel_bridge.instrument.fork_gate import ForkGate
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.send.readable import readable_spans
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.encode_logs import LogEncoder
from otel_bridge.wire.messages import LogRecord
from otel_bridge.wire.values import attributes, to_python


class Scrubbing:
    """Replaces items that hold secrets by copies that do not; the others stay what they are.

    An item that cannot be scrubbed is left out. Any thread may use it.

    Args:
        scrubber: Returns the scrub stage of the process that asks.
        on_fault: Told where an item was lost; called while the exception is handled.
        gate: What a fork waits at.
    """

    def __init__(
        self,
        scrubber: Callable[[], Scrubber],
        on_fault: Callable[[str], None],
        gate: ForkGate | None = None,
    ) -> None:
        self._gate = gate or ForkGate()
        self._scrubber = scrubber
        self._on_fault = on_fault
        self._spans = SpanEncoder()
        self._logs = LogEncoder()

    def spans(self, spans: Iterable[ReadableSpan]) -> list[ReadableSpan]:
        """Return spans without secrets."""
        return [clean for span in spans if (clean := self._guarded(self._span, span)) is not None]

    def logs(self, records: Iterable[Any]) -> list[Any]:
        """Return readable log records without secrets."""
        return [clean for log in records if (clean := self._guarded(self._log, log)) is not None]

    def _guarded(self, scrub: Callable[[Any], Any], item: object) -> Any:  # noqa: ANN401  # as given
        try:
            with self._gate.inside():
                return scrub(item)
        except Exception:  # noqa: BLE001  # fail closed: what cannot be scrubbed does not leave
            self._on_fault("scrub_other_exporters")
            return None

    def _span(self, span: ReadableSpan) -> ReadableSpan | None:
        batch = self._spans.batch([span])
        clean = self._scrubber().batch(batch).batch
        if _is_unchanged(batch, clean):
            return span
        rebuilt = next(readable_spans(clean.to_request()), None)
        if rebuilt is not None:
            # OTLP carries less of them than the SDK's own objects do.
            rebuilt._context, rebuilt._parent = span.context, span.parent  # noqa: SLF001
        return rebuilt

    def _log(self, record: Any) -> Any:  # noqa: ANN401  # the SDK's class changes its name
        batch = self._logs.batch([record])
        clean = self._scrubber().batch(batch).batch
        if _is_unchanged(batch, clean):
            return record
        found = next(clean.records(), None)
        if found is None:
            return None
        message = LogRecord.FromString(found.raw)
        body = copy.copy(record.log_record)
        body.body = to_python(message.body)
        body.attributes = attributes(message.attributes)
        rebuilt = copy.copy(record)
        object.__setattr__(rebuilt, "log_record", body)  # it may be a frozen dataclass
        return rebuilt


def _is_unchanged(batch: Batch, clean: CleanBatch) -> bool:
    """Whether scrubbing has changed nothing: records that stay are the same bytes object."""
    before, after = list(batch.records()), list(clean.records())
    if len(before) != len(after) or any(
        old.raw is not new.raw for old, new in zip(before, after, strict=True)
    ):
        return False
    return _groups(batch) == _groups(clean)


def _groups(batch: Batch) -> list[tuple[bytes, list[bytes]]]:
    return [(group.resource, [scope.scope for scope in group.scopes]) for group in batch.resources]
