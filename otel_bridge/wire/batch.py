"""A batch of telemetry: serialized records grouped under resource and scope."""

from collections.abc import Callable, Iterable, Iterator
from typing import Self

from otel_bridge.wire.groups import (
    LogRecord,
    Record,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanKind,
    SpanRecord,
    StatusCode,
)
from otel_bridge.wire.layout import request_bytes, request_size
from otel_bridge.wire.regroup import by_trace, joined, kept, parts_within

__all__ = [
    "Batch",
    "LogRecord",
    "Record",
    "ResourceGroup",
    "ScopeGroup",
    "Signal",
    "SpanKind",
    "SpanRecord",
    "StatusCode",
]


class Batch:
    """Telemetry of one signal, as received or encoded, not yet scrubbed.

    Methods that return batches return the type they were called on: parts of a clean batch are
    clean.
    """

    __slots__ = ("is_ours", "resources", "signal", "unknown")

    def __init__(
        self,
        signal: Signal,
        resources: list[ResourceGroup],
        unknown: bytes = b"",
        *,
        is_ours: bool = False,
    ) -> None:
        self.signal = signal
        self.resources = resources
        self.unknown = unknown
        self.is_ours = is_ours
        """Whether our own encoder wrote the records: each field once, a key before its value."""

    def __len__(self) -> int:
        """Return the number of records."""
        return sum(len(scope.records) for group in self.resources for scope in group.scopes)

    def __bool__(self) -> bool:
        """Return whether there is anything to send: a record, or a field we do not know."""
        return bool(self.unknown) or any(
            scope.records for group in self.resources for scope in group.scopes
        )

    def records(self) -> Iterator[Record]:
        """Iterate over the records of all groups, in order."""
        for group in self.resources:
            for scope in group.scopes:
                yield from scope.records

    def to_request(self) -> bytes:
        """Return one export request: the records as they are, framed by their groups."""
        return request_bytes(self.resources, self.unknown)

    def requests(self, max_bytes: int, max_items: int) -> Iterator[tuple[int, bytes]]:
        """Yield the export requests that this batch makes, each with its number of records.

        They are cut as ``split`` does; a batch that is small enough, as most are, is one request.
        """
        items = len(self)
        if items <= max_items and len(body := self.to_request()) <= max_bytes:
            if self:
                yield items, body
            return
        for part in self.split(max_bytes, max_items):
            yield len(part), part.to_request()

    def split(self, max_bytes: int, max_items: int) -> list[Self]:
        """Cut into batches of at most ``max_items`` records and ``max_bytes`` of request.

        A record that exceeds ``max_bytes`` by itself becomes a batch of its own, too large still.
        """
        if len(self) <= max_items and request_size(self.resources, self.unknown) <= max_bytes:
            return [self]
        parts = [self._alike(part) for part in parts_within(self.resources, max_bytes, max_items)]
        if self.unknown:
            parts.append(type(self)(self.signal, [], self.unknown))
        return parts

    def merge(self, others: Iterable[Self]) -> Self:
        """Return one batch of this one and others; equal resources and scopes come together.

        Raises:
            ValueError: A batch is of another signal.
        """
        batches = [self, *others]
        if any(batch.signal is not self.signal for batch in batches):
            raise ValueError(f"wanted batches of {self.signal.value} only")
        merged = self._alike(joined(batch.resources for batch in batches))
        merged.unknown = b"".join(batch.unknown for batch in batches)
        return merged

    def keep(self, wanted: Callable[[Record], bool]) -> Self:
        """Return the wanted records, without groups that this leaves empty and unknown fields."""
        return self._alike(kept(self.resources, wanted))

    def by_trace(self) -> dict[bytes, Self]:
        """Return a batch for every trace id, in order of appearance; ``b""`` is for none."""
        return {
            trace_id: self._alike(resources)
            for trace_id, resources in by_trace(self.resources).items()
        }

    def _alike(self, resources: list[ResourceGroup]) -> Self:
        return type(self)(self.signal, resources)
