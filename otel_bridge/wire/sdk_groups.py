"""Sorts encoded records under the resource and the scope of their SDK objects."""

from typing import Any, TypeVar

from otel_bridge.wire.attributes import AttributeField
from otel_bridge.wire.groups import Record, ResourceGroup, ScopeGroup
from otel_bridge.wire.regroup import GroupIndex
from otel_bridge.wire.sdk_fields import attributes_of
from otel_bridge.wire.sdk_values import text_field

_MAX_KEPT = 256
"""Resources and scopes remembered; an application has one resource and tens of scopes."""

_Group = TypeVar("_Group", ResourceGroup, ScopeGroup)


class GroupCache:
    """Encodes each resource and scope once. They are immutable, so identity is enough.

    Their own hashes and comparisons serialize all attributes and cost more than a span does.
    """

    __slots__ = ("_resource_attributes", "_resources", "_scope_attributes", "_scopes")

    def __init__(self) -> None:
        self._resources: dict[int, tuple[object, ResourceGroup]] = {}
        self._scopes: dict[int, tuple[object, ScopeGroup]] = {}
        self._resource_attributes = AttributeField(b"\x0a")
        self._scope_attributes = AttributeField(b"\x1a")

    def resource(self, resource: Any) -> ResourceGroup:
        """Return an empty group for a resource."""
        known = self._resources.get(id(resource))
        if known is None:
            known = resource, self._encode_resource(resource)
            _keep(self._resources, known)
        return known[1]

    def scope(self, scope: Any) -> ScopeGroup:
        """Return an empty group for an instrumentation scope, which may be None."""
        known = self._scopes.get(id(scope))
        if known is None:
            known = scope, self._encode_scope(scope)
            _keep(self._scopes, known)
        return known[1]

    def _encode_resource(self, resource: Any) -> ResourceGroup:
        if not resource:
            return ResourceGroup(b"", [])
        parts: list[bytes] = []
        self._resource_attributes.write(attributes_of(resource), parts)
        return ResourceGroup(b"".join(parts), [], resource.schema_url or "")

    def _encode_scope(self, scope: Any) -> ScopeGroup:
        if not scope:
            return ScopeGroup(b"", [])
        parts = [text_field(b"\x0a", scope.name), text_field(b"\x12", scope.version)]
        self._scope_attributes.write(attributes_of(scope), parts)
        return ScopeGroup(b"".join(parts), [], scope.schema_url or "")


def _keep(known: dict[int, tuple[object, _Group]], entry: tuple[object, _Group]) -> None:
    """Remember a group with the object it came from, so that no other object can take its id."""
    if len(known) >= _MAX_KEPT:
        known.clear()
    known[id(entry[0])] = entry


class Grouping:
    """The groups of one batch while it is being filled."""

    __slots__ = ("_cache", "_index", "_known")

    def __init__(self, cache: GroupCache) -> None:
        self._cache = cache
        self._index = GroupIndex()
        # The objects are kept beside their ids, so that no other object can take an id over.
        self._known: dict[tuple[int, int], tuple[list[Record], object, object]] = {}

    @property
    def resources(self) -> list[ResourceGroup]:
        """The groups so far."""
        return self._index.resources

    def records(self, resource: Any, scope: Any) -> list[Record]:
        """Return the list that takes the records of a resource and scope."""
        known = self._known.get((id(resource), id(scope)))
        if known is not None:
            return known[0]
        group = self._index.scope(self._cache.resource(resource), self._cache.scope(scope))
        self._known[id(resource), id(scope)] = group.records, resource, scope
        return group.records
