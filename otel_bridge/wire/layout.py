"""How groups of records are laid out as one export request.

``ExportTraceServiceRequest`` and ``ExportLogsServiceRequest`` use the same field numbers:
request {1: resource group}, resource group {1: resource, 2: scope group, 3: schema URL},
scope group {1: scope, 2: record, 3: schema URL}.
"""

from collections.abc import Iterable

from otel_bridge.wire.groups import ResourceGroup, ScopeGroup
from otel_bridge.wire.text import utf8
from otel_bridge.wire.varint import Frames, delimited, framed_size, varint

_FIRST = b"\x0a"
_SECOND = Frames(b"\x12")
_THIRD = b"\x1a"


def request_bytes(resources: Iterable[ResourceGroup], unknown: bytes = b"") -> bytes:
    """Return the export request that holds these groups. Every record is copied once."""
    parts: list[bytes] = []
    for group in resources:
        size, inner = _resource_group(group)
        parts.append(_FIRST + varint(size))
        parts += inner
    parts.append(unknown)
    return b"".join(parts)


def _resource_group(group: ResourceGroup) -> tuple[int, list[bytes]]:
    """Return a resource group in pieces, and how large they are together."""
    parts = [_message(group.resource)]
    total = 0
    for scope in group.scopes:
        size, inner = _scope_group(scope)
        frame = _SECOND[size]
        parts.append(frame)
        parts += inner
        total += len(frame) + size
    ends = [_schema_url(group.schema_url), group.unknown]
    return total + len(parts[0]) + sum(map(len, ends)), parts + ends


def _scope_group(group: ScopeGroup) -> tuple[int, list[bytes]]:
    """Return a scope group in pieces, and how large they are together."""
    raws = [record.raw for record in group.records]
    frames = list(map(_SECOND.__getitem__, map(len, raws)))
    parts = [b""] * (2 * len(raws))
    parts[::2] = frames
    parts[1::2] = raws
    ends = [_message(group.scope), _schema_url(group.schema_url), group.unknown]
    size = sum(map(len, raws)) + sum(map(len, frames)) + sum(map(len, ends))
    return size, [ends[0], *parts, *ends[1:]]


def _message(body: bytes) -> bytes:
    """Return the first field of a group; a resource or scope that says nothing is left out."""
    return delimited(_FIRST, body) if body else b""


def _schema_url(url: str) -> bytes:
    return delimited(_THIRD, utf8(url)) if url else b""


def request_size(resources: Iterable[ResourceGroup], unknown: bytes = b"") -> int:
    """Return the most bytes that ``request_bytes`` can have: exact but for a few a group."""
    size = len(unknown)
    for group in resources:
        size += resource_overhead(group)
        for scope in group.scopes:
            size += scope_overhead(scope)
            size += sum(framed_size(record.raw) for record in scope.records)
    return size


_LENGTH = 10
"""The most bytes that a tag and the length of an enclosing message can take."""


def scope_overhead(group: ScopeGroup) -> int:
    """Return the most bytes that a scope group takes besides its records."""
    url = _schema_url(group.schema_url)
    return _LENGTH + framed_size(group.scope) + len(url) + len(group.unknown)


def resource_overhead(group: ResourceGroup) -> int:
    """Return the most bytes that a resource group takes besides its scope groups."""
    url = _schema_url(group.schema_url)
    return _LENGTH + framed_size(group.resource) + len(url) + len(group.unknown)
