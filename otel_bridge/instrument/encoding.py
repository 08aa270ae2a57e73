"""SDK objects to batches, such that one that cannot be encoded costs only itself."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from otel_bridge.instrument.guard import Guard
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.encode_logs import LogEncoder


class _Encoder(Protocol):
    def batch(self, items: Iterable[Any], /) -> Batch: ...


class Encoding:
    """Encodes spans and log records; counts and leaves out what it cannot encode."""

    def __init__(self, stats: Stats, guard: Guard) -> None:
        self._stats = stats
        self._guard = guard
        self._spans = SpanEncoder()
        self._logs = LogEncoder()

    def spans(self, spans: Sequence[Any]) -> Batch:
        """Encode ended spans."""
        return self._encoded(self._spans, spans, Kind.SPAN)

    def logs(self, records: Sequence[Any]) -> Batch:
        """Encode emitted log records."""
        return self._encoded(self._logs, records, Kind.LOG)

    def _encoded(self, encoder: _Encoder, items: Sequence[Any], kind: Kind) -> Batch:
        try:
            return encoder.batch(items)
        except Exception:  # noqa: BLE001  # one bad item must not take the others with it
            good = [item for item in items if self._is_encodable(encoder, item, kind)]
            return encoder.batch(good)

    def _is_encodable(self, encoder: _Encoder, item: object, kind: Kind) -> bool:
        try:
            encoder.batch([item])  # its resource and scope may be what fails
        except Exception:  # noqa: BLE001  # counted, and the others go on
            self._guard.tell("encode")
            self._stats.received(kind)
            self._stats.fate(kind, Fate.REFUSED, reason="not_encodable")
            return False
        return True
