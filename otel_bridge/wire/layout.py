"""How groups of records are laid out as one export request.

``ExportTraceServiceRequest`` and ``ExportLogsServiceRequest`` use the same field numbers:
request {1: resource group}, resource group {1: resource, 2: scope group, 3: schema URL},
scope group {1: scope, 2: record, 3: schema URL}.
"""

from collections.abc import Iterable

from otel_bridge.wire.groups import ResourceGroup, ScopeGroup
from otel_bridge.wire.text import utf8
from otel_bridge.wire.varint import Frames, delimited, framed_size

_FIRST = b"\x0a"
_SECOND = Frames(b"\x12")
_THIRD = b"\x1a"


def request_bytes(resources: Iterable[ResourceGroup], unknown: bytes = b"") -> bytes:
    """Return the export request that holds these groups."""
    parts = [delimited(_FIRST, _resource_group(group)) for group in resources]
    parts.append(unknown)
    return b"".join(parts)


def _resource_group(group: ResourceGroup) -> bytes:
    parts = [delimited(_FIRST, group.resource) if group.resource else b""]
    for scope in group.scopes:
        body = _scope_group(scope)
        parts += (_SECOND[len(body)], body)
    parts.append(_schema_url(group.schema_url))
    parts.append(group.unknown)
    return b"".join(parts)


def _scope_group(group: ScopeGroup) -> bytes:
    frames = _SECOND
    parts = [delimited(_FIRST, group.scope) if group.scope else b""]
    for record in group.records:
        raw = record.raw
        parts += (frames[len(raw)], raw)
    parts.append(_schema_url(group.schema_url))
    parts.append(group.unknown)
    return b"".join(parts)


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
