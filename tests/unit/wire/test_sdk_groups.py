from types import SimpleNamespace

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from otel_bridge.wire import messages
from otel_bridge.wire.sdk_groups import _MAX_KEPT, GroupCache, Grouping
from otel_bridge.wire.values import attributes
from tests.unit.wire.make import RESOURCE, SCOPE


def test_a_resource_is_encoded_with_its_schema_url():
    group = GroupCache().resource(Resource({"a": 1, "b": "x"}, "https://x/1"))

    assert attributes(messages.Resource.FromString(group.resource).attributes) == {
        "a": 1,
        "b": "x",
    }
    assert group.schema_url == "https://x/1"


def test_a_scope_is_encoded_with_its_attributes_and_schema_url():
    group = GroupCache().scope(InstrumentationScope("lib", "1.0", "https://x/1", {"a": True}))

    scope = messages.InstrumentationScope.FromString(group.scope)
    assert (scope.name, scope.version, attributes(scope.attributes)) == ("lib", "1.0", {"a": True})
    assert group.schema_url == "https://x/1"


def test_missing_and_bare_resources_and_scopes_are_empty():
    cache = GroupCache()
    bare = SimpleNamespace(attributes=None, schema_url=None, name="", version=None)

    assert cache.resource(None).resource == cache.resource(bare).resource == b""
    assert cache.scope(None).scope == cache.scope(bare).scope == b""


def test_resources_are_encoded_once():
    cache = GroupCache()

    assert cache.resource(RESOURCE) is cache.resource(RESOURCE)
    assert cache.scope(SCOPE) is cache.scope(SCOPE)


def test_resources_made_up_without_end_are_not_all_remembered():
    cache = GroupCache()

    for number in range(3 * _MAX_KEPT):
        resource = Resource({"n": number})
        message = messages.Resource.FromString(cache.resource(resource).resource)
        assert attributes(message.attributes) == {"n": number}

    assert len(cache._resources) <= _MAX_KEPT


def test_equal_resources_and_scopes_share_a_group():
    grouping = Grouping(GroupCache())
    equal = Resource({"service.name": "shop"}), InstrumentationScope("checkout", "1.2.3")

    lists = [
        grouping.records(RESOURCE, SCOPE),
        grouping.records(*equal),
        grouping.records(RESOURCE, None),
        grouping.records(Resource({}), SCOPE),
    ]

    assert lists[0] is lists[1]
    assert len({id(records) for records in lists}) == 3
    assert [len(group.scopes) for group in grouping.resources] == [2, 1]
