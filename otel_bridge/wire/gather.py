"""Take clean batches apart and put clean records together again.

A ``CleanPlace`` can only be had from a clean batch, so what is gathered from places is clean too.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from otel_bridge.wire.batch import Batch
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.groups import ResourceGroup, ScopeGroup, Signal, SpanRecord
from otel_bridge.wire.messages import Resource
from otel_bridge.wire.regroup import GroupIndex
from otel_bridge.wire.values import attributes

MAX_PLACES = 1024
MAX_PLACE_BYTES = 4 * 1024 * 1024
_DECODED = 16
"""Bytes that the attributes of a resource may take as plain values for each byte they had."""

PlaceKey = tuple[bytes, bytes, str, str, bytes, bytes]


class CleanPlace:
    """The resource and scope that clean records belong to. Made only by ``places_of``."""

    __slots__ = ("_attributes", "key", "resource", "scope", "size", "users")

    def __init__(self, resource: ResourceGroup, scope: ScopeGroup, key: PlaceKey) -> None:
        self.resource = ResourceGroup(resource.resource, [], resource.schema_url, resource.unknown)
        self.scope = ScopeGroup(scope.scope, [], scope.schema_url, scope.unknown)
        self.key = key
        self.size = sum(map(len, key)) + _DECODED * len(resource.resource)
        """Bytes that the resource and the scope take, also when the attributes are decoded."""
        self.users = 0
        """Traces that refer to it; for the owner to count."""
        self._attributes: dict[str, object] | None = None

    @property
    def attributes(self) -> Mapping[str, object]:
        """The resource's attributes as plain values, decoded once."""
        if self._attributes is None:
            self._attributes = attributes(Resource.FromString(self.resource.resource).attributes)
        return self._attributes


class Places:
    """Remembers places by what they hold, so that equal ones are the same object.

    Args:
        limit: Places that are remembered; of more, all are forgotten and met anew.
        max_bytes: What they may hold together.
    """

    def __init__(self, limit: int = MAX_PLACES, max_bytes: int = MAX_PLACE_BYTES) -> None:
        self._limit = limit
        self._max_bytes = max_bytes
        self._bytes = 0
        self._known: dict[PlaceKey, CleanPlace] = {}

    def of(self, batch: CleanBatch) -> Iterator[tuple[CleanPlace, list[SpanRecord]]]:
        """Iterate over the places of a batch of spans and the records at each."""
        known = self._known
        for group in batch.resources:
            for scope in group.scopes:
                key = (
                    group.resource,
                    scope.scope,
                    group.schema_url,
                    scope.schema_url,
                    group.unknown,
                    scope.unknown,
                )
                place = known.get(key)
                if place is None:
                    if len(known) >= self._limit or self._bytes >= self._max_bytes:
                        known.clear()
                        self._bytes = 0
                    place = known[key] = CleanPlace(group, scope, key)
                    self._bytes += place.size
                yield place, cast("list[SpanRecord]", scope.records)


def gathered(pieces: Mapping[CleanPlace, list[SpanRecord]]) -> CleanBatch:
    """Return a batch of spans at their places. The lists become the batch's own."""
    index = GroupIndex()
    for place, records in pieces.items():
        index.scope(place.resource, place.scope).records.extend(records)
    return cast("CleanBatch", Batch(Signal.TRACES, index.resources))
