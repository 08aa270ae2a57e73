"""OTLP export requests in protobuf to batches, without building what no stage looks at.

The outer messages and the few fields that ride beside a record are read through skeletons;
records stay bytes. Then the official messages prove that everything inside can be read: what one
sender spoiled must not spoil the request that its records are forwarded in.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.message import DecodeError

from otel_bridge.errors import ReceiveError, TooLarge
from otel_bridge.wire import messages, skeleton
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.groups import (
    LogRecord,
    Record,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanRecord,
)

MAX_RECORDS = 1_000_000
"""Records of one request: an empty one takes two bytes on the wire and hundreds in memory."""

_new = tuple.__new__  # a NamedTuple's own constructor takes twice as long
_NAMES = {
    Signal.TRACES: ("resource_spans", "scope_spans", "spans"),
    Signal.LOGS: ("resource_logs", "scope_logs", "log_records"),
}
_REQUESTS: dict[Signal, Any] = {
    Signal.TRACES: messages.ExportTraceServiceRequest,
    Signal.LOGS: messages.ExportLogsServiceRequest,
}
_RECORDS: dict[Signal, Any] = {Signal.TRACES: messages.Span, Signal.LOGS: messages.LogRecord}


def read_request(body: bytes, signal: Signal, *, max_records: int = MAX_RECORDS) -> Batch:
    """Read an export request that may come from anyone.

    Raises:
        ReceiveError: Some part of it, however deep, is not the message that OTLP says it is.
        TooLarge: It has more than ``max_records`` records.
    """
    batch = skim_request(body, signal, max_records=max_records)
    try:
        _REQUESTS[signal].FromString(body)
    except DecodeError as error:
        raise _spoiled(batch, error) from None
    return batch


def skim_request(body: bytes, signal: Signal, *, max_records: int = MAX_RECORDS) -> Batch:
    """Read an export request whose records are known to be sound: we wrote it, or checked it.

    Raises:
        ReceiveError: The request, a group or the own fields of a record cannot be read.
        TooLarge: It has more than ``max_records`` records.
    """
    request = _parse(skeleton.Request, body, "the request")
    reader = _Reader(signal, max_records)
    return Batch(signal, reader.resources(list(request.groups)), _unknown(request, "groups"))


def raw_records(body: bytes) -> Iterator[bytes]:
    """Iterate over the serialized records of an export request, of whichever signal.

    Raises:
        ReceiveError: The outer messages cannot be read.
    """
    for group in _parse(skeleton.Request, body, "the request").groups:
        for scope in _parse(skeleton.ResourceGroup, group, "a resource group").scopes:
            yield from _parse(skeleton.ScopeGroup, scope, "a scope group").records


class _Reader:
    """Reads the groups of one request and counts its records."""

    __slots__ = ("_left", "_names", "_read_records")

    def __init__(self, signal: Signal, max_records: int) -> None:
        self._names = _NAMES[signal]
        self._left = max_records
        self._read_records = _spans if signal is Signal.TRACES else _logs

    def resources(self, groups: Sequence[bytes]) -> list[ResourceGroup]:
        self._count(groups)
        return [
            self._resource_group(raw, f"{self._names[0]}[{index}]")
            for index, raw in enumerate(groups)
        ]

    def _resource_group(self, raw: bytes, where: str) -> ResourceGroup:
        message = _parse(skeleton.ResourceGroup, raw, where)
        self._count(message.scopes)
        scopes = [
            self._scope_group(scope, f"{where}.{self._names[1]}[{index}]")
            for index, scope in enumerate(message.scopes)
        ]
        resource, url = b"".join(message.resource), message.schema_url
        unknown = _unknown(message, "resource", "scopes", "schema_url")
        return ResourceGroup(resource, scopes, url, unknown)

    def _scope_group(self, raw: bytes, where: str) -> ScopeGroup:
        message = _parse(skeleton.ScopeGroup, raw, where)
        self._count(message.records)
        where = f"{where}.{self._names[2]}"
        records = list(self._read_records(raw, message.records, where))
        scope, url = b"".join(message.scope), message.schema_url
        unknown = _unknown(message, "scope", "records", "schema_url")
        return ScopeGroup(scope, records, url, unknown)

    def _count(self, items: Sequence[bytes]) -> None:
        self._left -= len(items)
        if self._left < 0:
            raise TooLarge("the request has more groups and records than are allowed")


def _spans(group: bytes, raws: Sequence[bytes], where: str) -> Iterator[Record]:
    """Read the spans of a scope group. To parse it as a whole again is cheaper than every span."""
    spans = _parse(skeleton.Spans, group, where).spans
    for index, (raw, span) in enumerate(zip(raws, spans, strict=True)):
        trace_id, span_id, parent_id = span.trace_id, span.span_id, span.parent_span_id
        if len(trace_id) != 16 or len(span_id) != 8 or (parent_id and len(parent_id) != 8):
            _check_ids(f"{where}[{index}]", trace_id, span_id, parent_id)
        yield _new(
            SpanRecord,
            (
                trace_id,
                span_id,
                parent_id if parent_id != _NO_SPAN else b"",
                span.flags,
                span.kind,
                span.status.code,
                span.start_ns,
                span.end_ns,
                raw,
            ),
        )


def _logs(group: bytes, raws: Sequence[bytes], where: str) -> Iterator[Record]:
    """Read the log records of a scope group."""
    logs = _parse(skeleton.Logs, group, where).logs
    for index, (raw, log) in enumerate(zip(raws, logs, strict=True)):
        trace_id, span_id = log.trace_id, log.span_id
        if trace_id or span_id:
            _check_ids(f"{where}[{index}]", trace_id, span_id, b"")
        yield LogRecord(
            trace_id if trace_id != _NO_TRACE else b"",
            span_id if span_id != _NO_SPAN else b"",
            log.flags,
            log.severity,
            log.time_ns or log.observed_ns,
            raw,
        )


_NO_TRACE = bytes(16)
_NO_SPAN = bytes(8)


def _check_ids(where: str, trace_id: bytes, span_id: bytes, parent_id: bytes) -> None:
    """Refuse ids that have neither their length nor none at all, as the Collector does."""
    named = ("trace_id", trace_id, 16), ("span_id", span_id, 8), ("parent_span_id", parent_id, 8)
    for name, value, size in named:
        if value and len(value) != size:
            raise ReceiveError(f"wanted {size} bytes, found {len(value)}", f"{where}.{name}")


def _parse(message: Any, body: bytes, where: str) -> Any:  # noqa: ANN401 - a class made at run time
    try:
        return message.FromString(body)
    except DecodeError as error:
        raise ReceiveError(f"not a protobuf message ({error})", where) from None


def _unknown(message: Any, *known: str) -> bytes:  # noqa: ANN401 - a class made at run time
    """Return the fields of a message that its skeleton does not declare, as they came in."""
    for name in known:
        message.ClearField(name)
    return message.SerializeToString()  # type: ignore[no-any-return] # bytes


def _spoiled(batch: Batch, error: DecodeError) -> ReceiveError:
    """Find the part of a request that cannot be read."""
    outer, inner, leaf = _NAMES[batch.signal]
    for i, group in enumerate(batch.resources):
        if not _is_sound(messages.Resource, group.resource):
            return ReceiveError("not a Resource message", f"{outer}[{i}].resource")
        for j, scope in enumerate(group.scopes):
            where = f"{outer}[{i}].{inner}[{j}]"
            if not _is_sound(messages.InstrumentationScope, scope.scope):
                return ReceiveError("not an InstrumentationScope message", f"{where}.scope")
            for k, record in enumerate(scope.records):
                if not _is_sound(_RECORDS[batch.signal], record.raw):
                    return ReceiveError("not a readable message", f"{where}.{leaf}[{k}]")
    return ReceiveError(f"not a readable request ({error})")


def _is_sound(message: Any, body: bytes) -> bool:  # noqa: ANN401 - any generated message class
    try:
        message.FromString(body)
    except DecodeError:
        return False
    return True
