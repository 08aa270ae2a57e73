import pytest

from otel_bridge.convert.options import ConvertOptions
from otel_bridge.convert.origin import dist, environment, release, server_name


def options(**given):
    return ConvertOptions(**given)


@pytest.mark.parametrize(
    ("given", "resource", "expected"),
    [
        ({"release": "mine"}, {"service.version": "1"}, "mine"),
        ({}, {"service.version": "1.4", "vcs.ref.head.revision": "abc"}, "1.4"),
        ({}, {"vcs.ref.head.revision": "abc"}, "abc"),
        ({"found_release": "git"}, {}, "git"),
        ({"found_release": "git"}, {"service.version": "1"}, "1"),
        ({"release_names_service": True}, {"service.version": "1", "service.name": "s"}, "s@1"),
        ({}, {"service.version": "latest"}, None),
        ({}, {"service.version": " "}, None),
        ({}, {"service.version": "feature/x\n"}, "feature-x"),
        ({}, {}, None),
    ],
)
def test_a_release_comes_from_the_first_who_knows(given, resource, expected):
    assert release(resource, options(**given)) == expected


@pytest.mark.parametrize(
    ("given", "resource", "expected"),
    [
        ({"environment": "mine"}, {"deployment.environment.name": "staging"}, "mine"),
        ({}, {"deployment.environment.name": "staging"}, "staging"),
        ({}, {"deployment.environment": "old"}, "old"),
        ({}, {"deployment.environment": "None"}, "production"),
        ({}, {"deployment.environment": "a/b"}, "production"),
        ({}, {}, "production"),
    ],
)
def test_an_environment_comes_from_the_first_who_knows(given, resource, expected):
    assert environment(resource, options(**given)) == expected


@pytest.mark.parametrize(
    ("given", "resource", "expected"),
    [
        ({"server_name": "mine"}, {"host.name": "h"}, "mine"),
        ({"found_server_name": "me"}, {"host.name": "h"}, "h"),
        ({"found_server_name": "me"}, {"service.instance.id": "i"}, "me"),
        ({}, {"service.instance.id": "i"}, "i"),
        ({}, {}, None),
    ],
)
def test_a_server_name_comes_from_the_first_who_knows(given, resource, expected):
    assert server_name(resource, options(**given)) == expected


def test_a_build_needs_a_release():
    assert dist(options(dist="7"), "1.4") == "7"
    assert dist(options(dist="7"), None) is None
    assert dist(options(dist="a b"), "1.4") is None
