"""OTLP/JSON to batches, by the rules of the OTLP specification.

Ids are hexadecimal in any case, enums are numbers, 64-bit numbers are strings or numbers, bytes
are base64, and what is not known is ignored. The shape is checked while it is decoded; wire bytes
are written straight from it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import re2

from otel_bridge.errors import ReceiveError, TooLarge
from otel_bridge.wire import json_shapes as shapes
from otel_bridge.wire.attributes import AttributeField
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.groups import Record, ResourceGroup, ScopeGroup, Signal
from otel_bridge.wire.json_records import RecordWriter
from otel_bridge.wire.json_values import attribute_fields, count_field, text_field
from otel_bridge.wire.receive import MAX_RECORDS

_decode = msgspec.json.Decoder(shapes.Document).decode

# An escaped pair of surrogates, an escaped lone one (the group), any other escape: in this order.
_ESCAPES = re2.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


def read_json(body: bytes, signal: Signal, *, max_records: int = MAX_RECORDS) -> Batch:
    """Read an export request of one signal; an empty object is an empty request.

    Raises:
        ReceiveError: It is not JSON, or not of the shape that OTLP gives it.
        TooLarge: It has more than ``max_records`` groups and records.
    """
    return batch_of(decode_document(body), signal, max_records=max_records)


def decode_document(body: bytes) -> shapes.Document:
    """Decode an export request of any signal. Raises ReceiveError."""
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = error
    if b"\\u" in body:
        try:
            return _decode(_without_lone_surrogates(body))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            problem = error
    raise ReceiveError(f"not OTLP/JSON: {_said(problem)}")


def _said(problem: Exception) -> str:
    """Return what a decoder said, without what it read."""
    if isinstance(problem, UnicodeDecodeError):
        return f"not UTF-8 (byte {problem.start})"
    return "nested too deeply" if isinstance(problem, RecursionError) else str(problem)


def _without_lone_surrogates(body: bytes) -> bytes:
    """Put U+FFFD for surrogates that JSON allows to escape alone and text cannot hold."""
    found: bytes = _ESCAPES.sub(lambda m: rb"\ufffd" if m[1] else m[0], body)
    return found


def batch_of(
    document: shapes.Document, signal: Signal, *, max_records: int = MAX_RECORDS
) -> Batch:
    """Return what a document holds of one signal. Raises as ``read_json``."""
    return Batch(signal, _Reader(signal, max_records).resources(document))


_FIELDS = {
    Signal.TRACES: ("resource_spans", "scope_spans", "spans"),
    Signal.LOGS: ("resource_logs", "scope_logs", "log_records"),
}
_PATHS = {
    Signal.TRACES: "resourceSpans[{}].scopeSpans[{}].spans[{}]",
    Signal.LOGS: "resourceLogs[{}].scopeLogs[{}].logRecords[{}]",
}


class _Reader:
    """Turns one document into groups and counts its records."""

    __slots__ = (
        "_encode",
        "_fields",
        "_left",
        "_path",
        "_resource_attributes",
        "_scope_attributes",
    )

    def __init__(self, signal: Signal, max_records: int) -> None:
        self._fields = _FIELDS[signal]
        self._path = _PATHS[signal]
        self._left = max_records
        writer = RecordWriter()
        self._encode: Callable[[Any], Record] = (
            writer.span if signal is Signal.TRACES else writer.log
        )
        self._resource_attributes = AttributeField(b"\x0a")
        self._scope_attributes = AttributeField(b"\x1a")

    def resources(self, document: shapes.Document) -> list[ResourceGroup]:
        groups = self._counted(getattr(document, self._fields[0]))
        return [self._resource_group(group, i) for i, group in enumerate(groups) if group]

    def _resource_group(self, group: Any, i: int) -> ResourceGroup:  # noqa: ANN401 - of any signal
        scopes = self._counted(getattr(group, self._fields[1]))
        inner = [self._scope_group(scope, i, j) for j, scope in enumerate(scopes) if scope]
        return ResourceGroup(self._resource(group.resource), inner, group.schema_url or "")

    def _scope_group(self, group: Any, i: int, j: int) -> ScopeGroup:  # noqa: ANN401 - the same
        records: list[Record] = []
        for k, record in enumerate(self._counted(getattr(group, self._fields[2]))):
            if record is None:
                continue
            try:
                records.append(self._encode(record))
            except ReceiveError as error:
                raise ReceiveError(error.what, self._path.format(i, j, k)) from None
        return ScopeGroup(self._scope(group.scope), records, group.schema_url or "")

    def _resource(self, resource: shapes.Resource | None) -> bytes:
        if resource is None:
            return b""
        return attribute_fields(self._resource_attributes, resource.attributes) + count_field(
            b"\x10", resource.dropped_attributes_count, "droppedAttributesCount"
        )

    def _scope(self, scope: shapes.Scope | None) -> bytes:
        if scope is None:
            return b""
        return b"".join(
            (
                text_field(b"\x0a", scope.name),
                text_field(b"\x12", scope.version),
                attribute_fields(self._scope_attributes, scope.attributes),
                count_field(b"\x20", scope.dropped_attributes_count, "droppedAttributesCount"),
            )
        )

    def _counted(self, items: Sequence[Any] | None) -> Sequence[Any]:
        self._left -= len(items or ())
        if self._left < 0:
            raise TooLarge("the request has more groups and records than are allowed")
        return items or ()
