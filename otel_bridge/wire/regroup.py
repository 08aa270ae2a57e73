"""Splits, joins and filters groups of records. Records are shared, the groups are new."""

from collections.abc import Callable, Iterable, Iterator

from otel_bridge.wire.groups import Record, ResourceGroup, ScopeGroup
from otel_bridge.wire.layout import resource_overhead, scope_overhead
from otel_bridge.wire.varint import framed_size


class GroupIndex:
    """Resource groups found by what they hold, so that equal ones are opened once."""

    __slots__ = ("_known", "resources")

    def __init__(self) -> None:
        self.resources: list[ResourceGroup] = []
        self._known: dict[
            tuple[bytes, str, bytes],
            tuple[ResourceGroup, dict[tuple[bytes, str, bytes], ScopeGroup]],
        ] = {}

    def scope(self, group: ResourceGroup, scope: ScopeGroup) -> ScopeGroup:
        """Return this index's own group for records of a scope of a resource."""
        scopes = self.resource(group)[1]
        key = scope.scope, scope.schema_url, scope.unknown
        mine = scopes.get(key)
        if mine is None:
            mine = scopes[key] = _emptied_scope(scope)
            self.resource(group)[0].scopes.append(mine)
        return mine

    def resource(
        self, group: ResourceGroup
    ) -> tuple[ResourceGroup, dict[tuple[bytes, str, bytes], ScopeGroup]]:
        """Return this index's own group for a resource, with its scopes by content."""
        key = group.resource, group.schema_url, group.unknown
        entry = self._known.get(key)
        if entry is None:
            entry = self._known[key] = _emptied_resource(group), {}
            self.resources.append(entry[0])
        return entry


def joined(pieces: Iterable[Iterable[ResourceGroup]]) -> list[ResourceGroup]:
    """Return all groups of several batches, equal resources and scopes brought together."""
    index = GroupIndex()
    for resources in pieces:
        for group in resources:
            index.resource(group)
            for scope in group.scopes:
                index.scope(group, scope).records.extend(scope.records)
    return index.resources


def kept(
    resources: Iterable[ResourceGroup], wanted: Callable[[Record], bool]
) -> list[ResourceGroup]:
    """Return groups with the records that are wanted, without groups that this leaves empty."""
    filling = _Filling()
    for group, scope, record in _walk(resources):
        if wanted(record):
            filling.add(group, scope, record)
    return filling.resources


def by_trace(resources: Iterable[ResourceGroup]) -> dict[bytes, list[ResourceGroup]]:
    """Return the groups of every trace."""
    fillings: dict[bytes, _Filling] = {}
    for group, scope, record in _walk(resources):
        filling = fillings.get(record.trace_id)
        if filling is None:
            filling = fillings[record.trace_id] = _Filling()
        filling.add(group, scope, record)
    return {trace_id: filling.resources for trace_id, filling in fillings.items()}


def parts_within(
    resources: Iterable[ResourceGroup], max_bytes: int, max_items: int
) -> Iterator[list[ResourceGroup]]:
    """Cut groups into parts of at most ``max_items`` records and ``max_bytes`` of request."""
    filling = _Filling()
    size = items = 0
    for group, scope, record in _walk(resources):
        cost = framed_size(record.raw) + filling.overhead(group, scope)
        if items and (items >= max_items or size + cost > max_bytes):
            yield filling.resources
            filling = _Filling()
            size = items = 0
            cost = framed_size(record.raw) + filling.overhead(group, scope)
        filling.add(group, scope, record)
        size += cost
        items += 1
    if items:
        yield filling.resources


class _Filling:
    """Groups being filled with records that come in their old order."""

    __slots__ = ("_group", "_records", "_scope", "resources")

    def __init__(self) -> None:
        self.resources: list[ResourceGroup] = []
        self._group: ResourceGroup | None = None
        self._scope: ScopeGroup | None = None
        self._records: list[Record] = []

    def overhead(self, group: ResourceGroup, scope: ScopeGroup) -> int:
        """Return the most bytes that groups add to the next record."""
        if scope is self._scope:
            return 0
        if group is self._group:
            return scope_overhead(scope)
        return scope_overhead(scope) + resource_overhead(group)

    def add(self, group: ResourceGroup, scope: ScopeGroup, record: Record) -> None:
        """Put a record under groups like those it came from."""
        if scope is not self._scope:
            if group is not self._group:
                self._group = group
                self.resources.append(_emptied_resource(group))
            self._scope = scope
            mine = _emptied_scope(scope)
            self.resources[-1].scopes.append(mine)
            self._records = mine.records
        self._records.append(record)


def _walk(
    resources: Iterable[ResourceGroup],
) -> Iterator[tuple[ResourceGroup, ScopeGroup, Record]]:
    for group in resources:
        for scope in group.scopes:
            for record in scope.records:
                yield group, scope, record


def _emptied_resource(group: ResourceGroup) -> ResourceGroup:
    return ResourceGroup(group.resource, [], group.schema_url, group.unknown)


def _emptied_scope(scope: ScopeGroup) -> ScopeGroup:
    return ScopeGroup(scope.scope, [], scope.schema_url, scope.unknown)
