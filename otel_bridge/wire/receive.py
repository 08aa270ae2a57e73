"""OTLP export requests in protobuf to batches, without building what no stage looks at.

Groups are read through skeletons; records stay bytes. The few fields that ride beside a record
come from a second parse of its group: through the official messages, which proves that everything
inside can be read, or through skeletons again. What one sender spoiled must not spoil the request
that its records are forwarded in.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

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
from otel_bridge.wire.peek import as_usual

MAX_RECORDS = 1_000_000
"""Groups and records of one request: two bytes on the wire may be hundreds in memory."""

_new = tuple.__new__  # a NamedTuple's own constructor takes twice as long
_NO_TRACE = bytes(16)
_NO_SPAN = bytes(8)


class _Reading(NamedTuple):
    """The messages that a part of a request is read through."""

    resource: Any
    """Proves that a resource can be read; None where that is known."""
    records: Any
    """Reads the records of a scope group."""


_CHECKED: Mapping[Signal, _Reading] = {
    Signal.TRACES: _Reading(messages.Resource, messages.ScopeSpans),
    Signal.LOGS: _Reading(messages.Resource, messages.ScopeLogs),
}
_TRUSTED: Mapping[Signal, _Reading] = {
    Signal.TRACES: _Reading(None, skeleton.Spans),
    Signal.LOGS: _Reading(None, skeleton.Logs),
}
_NAMES = {
    Signal.TRACES: ("resource_spans", "scope_spans", "spans"),
    Signal.LOGS: ("resource_logs", "scope_logs", "log_records"),
}


def read_request(body: bytes, signal: Signal, *, max_records: int = MAX_RECORDS) -> Batch:
    """Read an export request that may come from anyone.

    Raises:
        ReceiveError: Some part of it, however deep, is not the message that OTLP says it is.
        TooLarge: It has more than ``max_records`` groups and records.
    """
    return _Reader(signal, _CHECKED[signal], max_records).batch(body)


def skim_request(body: bytes, signal: Signal, *, max_records: int = MAX_RECORDS) -> Batch:
    """Read an export request whose records are known to be sound: we wrote it, or checked it.

    Raises:
        ReceiveError: The request, a group or the own fields of a record cannot be read.
        TooLarge: It has more than ``max_records`` groups and records.
    """
    return _Reader(signal, _TRUSTED[signal], max_records).batch(body)


def raw_records(body: bytes) -> Iterator[bytes]:
    """Iterate over the serialized records of an export request, of whichever signal.

    Raises:
        ReceiveError: The outer messages cannot be read.
    """
    for group in _parse(skeleton.Request, body, "the request").groups:
        for scope in _parse(skeleton.ResourceGroup, group, "a resource group").scopes:
            yield from _parse(skeleton.ScopeGroup, scope, "a scope group").records


class _Reader:
    """Reads one request and counts its groups and records."""

    __slots__ = ("_left", "_names", "_reading", "_signal")

    def __init__(self, signal: Signal, reading: _Reading, max_records: int) -> None:
        self._signal = signal
        self._reading = reading
        self._names = _NAMES[signal]
        self._left = max_records

    def batch(self, body: bytes) -> Batch:
        request = _parse(skeleton.Request, body, "the request")
        self._count(request.groups)
        resources = [
            self._resource_group(raw, f"{self._names[0]}[{index}]")
            for index, raw in enumerate(request.groups)
        ]
        return Batch(self._signal, resources, _unknown(request, "groups"))

    def _resource_group(self, raw: bytes, where: str) -> ResourceGroup:
        message = _parse(skeleton.ResourceGroup, raw, where)
        self._count(message.scopes)
        scopes = [
            self._scope_group(scope, f"{where}.{self._names[1]}[{index}]")
            for index, scope in enumerate(message.scopes)
        ]
        resource, url = b"".join(message.resource), message.schema_url
        if self._reading.resource is not None:
            _parse(self._reading.resource, resource, f"{where}.resource")
        unknown = _unknown(message, "resource", "scopes", "schema_url")
        return ResourceGroup(resource, scopes, url, unknown)

    def _scope_group(self, raw: bytes, where: str) -> ScopeGroup:
        message = _parse(skeleton.ScopeGroup, raw, where)
        self._count(message.records)
        scope, url, raws = b"".join(message.scope), message.schema_url, list(message.records)
        leaf = self._names[2]
        try:
            parsed = getattr(self._reading.records.FromString(raw), leaf)
        except DecodeError as error:
            raise _spoiled(self._signal, scope, raws, where, error) from None
        if self._reading.records is messages.ScopeSpans:
            raws = list(map(as_usual, raws, parsed))
        read = _spans if self._signal is Signal.TRACES else _logs
        records = read(parsed, raws, f"{where}.{leaf}")
        unknown = _unknown(message, "scope", "records", "schema_url")
        return ScopeGroup(scope, records, url, unknown)

    def _count(self, items: Sequence[bytes]) -> None:
        self._left -= len(items)
        if self._left < 0:
            raise TooLarge("the request has more groups and records than are allowed")


def _spans(parsed: Sequence[Any], raws: Sequence[bytes], where: str) -> list[Record]:
    records: list[Record] = []
    for raw, span in zip(raws, parsed, strict=True):
        trace_id, span_id, parent_id = span.trace_id, span.span_id, span.parent_span_id
        if len(trace_id) != 16 or len(span_id) != 8 or (parent_id and len(parent_id) != 8):
            _check_ids(f"{where}[{len(records)}]", trace_id, span_id, parent_id)
        records.append(
            _new(
                SpanRecord,
                (
                    trace_id,
                    span_id,
                    parent_id if parent_id != _NO_SPAN else b"",
                    span.flags,
                    span.kind,
                    span.status.code,
                    span.start_time_unix_nano,
                    span.end_time_unix_nano,
                    raw,
                    bool(span.events),
                ),
            )
        )
    return records


def _logs(parsed: Sequence[Any], raws: Sequence[bytes], where: str) -> list[Record]:
    records: list[Record] = []
    for raw, log in zip(raws, parsed, strict=True):
        trace_id, span_id = log.trace_id, log.span_id
        if trace_id or span_id:
            _check_ids(f"{where}[{len(records)}]", trace_id, span_id, b"")
        records.append(
            _new(
                LogRecord,
                (
                    trace_id if trace_id != _NO_TRACE else b"",
                    span_id if span_id != _NO_SPAN else b"",
                    log.flags,
                    log.severity_number,
                    log.time_unix_nano or log.observed_time_unix_nano,
                    raw,
                ),
            )
        )
    return records


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


def _spoiled(
    signal: Signal, scope: bytes, records: Sequence[bytes], where: str, error: DecodeError
) -> ReceiveError:
    """Find the part of a scope group that cannot be read."""
    if not _is_sound(messages.InstrumentationScope, scope):
        return ReceiveError("not an InstrumentationScope message", f"{where}.scope")
    record = messages.Span if signal is Signal.TRACES else messages.LogRecord
    for index, raw in enumerate(records):
        if not _is_sound(record, raw):
            return ReceiveError(
                f"not a {record.DESCRIPTOR.name} message", f"{where}.{_NAMES[signal][2]}[{index}]"
            )
    return ReceiveError(f"not a protobuf message ({error})", where)


def _is_sound(message: Any, body: bytes) -> bool:  # noqa: ANN401 - any generated message class
    try:
        message.FromString(body)
    except DecodeError:
        return False
    return True
