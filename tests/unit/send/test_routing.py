import pytest

from otel_bridge.errors import ConfigError
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.routing import Route, choose, parse_routes

DSN = "https://hunter2@host/1"
EVENT = {
    "transaction": "GET /checkout/{id}",
    "environment": "production",
    "tags": {"area": "payments", "service.name": "shop"},
}


def route(**patterns):
    return Route(dsn=Dsn.parse(DSN), **patterns)


@pytest.mark.parametrize(
    "patterns",
    [
        {"tags": {"area": "payments"}},
        {"tags": {"area": "pay*"}},
        {"service": "shop"},
        {"service": "sh?p"},
        {"route": "GET /checkout/*"},
        {"route": "*{id}"},
        {"environment": "production"},
        {"service": "shop", "environment": "prod*", "tags": {"area": "*"}},
    ],
)
def test_a_route_takes_an_event_to_which_every_pattern_applies(patterns):
    assert route(**patterns).takes(EVENT)


@pytest.mark.parametrize(
    "patterns",
    [
        {"tags": {"area": "pay"}},
        {"tags": {"other": "*"}},
        {"service": "SHOP"},
        {"route": "GET /checkout/.id."},
        {"service": "shop", "environment": "staging"},
    ],
)
def test_a_route_leaves_other_events(patterns):
    assert not route(**patterns).takes(EVENT)


@pytest.mark.parametrize(
    "event",
    [
        {"tags": [["service.name", "shop"]]},
        {"contexts": {"otel": {"resource": {"service.name": "shop"}}}},
    ],
)
def test_the_service_is_found_in_tags_and_resource(event):
    assert route(service="shop").takes(event)


def test_a_pattern_with_many_stars_takes_no_longer_than_another():
    assert not route(service="*a" * 50).takes({"tags": {"service.name": "a" * 10_000 + "b"}})


def test_the_first_route_that_applies_is_chosen():
    routes = [route(service="other"), route(service="shop"), route(environment="production")]

    assert choose(EVENT, routes) == 1
    assert choose({}, routes) is None


def test_routes_are_read_from_tables():
    tables = [{"dsn": DSN, "tags": {"area": "payments"}}, {"dsn": DSN, "service": "shop"}]

    assert parse_routes(tables) == (route(tags={"area": "payments"}), route(service="shop"))


def test_all_that_is_wrong_with_routes_is_told_at_once_and_no_key_is_shown():
    tables = [
        {"dsn": "hunter2", "service": "shop"},
        {"dsn": DSN},
        {"dsn": DSN, "service": 1, "tags": {"a": 2}, "team": "x"},
    ]

    with pytest.raises(ConfigError) as caught:
        parse_routes(tables)

    assert caught.value.problems == (
        "routes[0].dsn: scheme is not http or https; wanted http(s)://PUBLIC_KEY@HOST/PROJECT_ID",
        "routes[1]: found no pattern; wanted service, route, environment or tags",
        "routes[2].team: unknown key",
        "routes[2].service: found 1; wanted a text",
        "routes[2].tags: found {'a': 2}; wanted names and texts",
    )
