import sys
from types import ModuleType, SimpleNamespace

import pytest

from otel_bridge.instrument.surroundings import remarks

FLASK = "opentelemetry.instrumentation.flask"


def modules(*names, **more):
    return {name: ModuleType(name) for name in names} | more


def sentry(*, active=True, dsn="http://key@host/1"):
    client = SimpleNamespace(is_active=lambda: active, dsn=dsn)
    return SimpleNamespace(get_client=lambda: client)


def test_nothing_odd_is_worth_no_word():
    assert list(remarks(modules("flask", "os"), lambda name: name == FLASK)) == []


@pytest.mark.parametrize(
    ("framework", "package"),
    [
        ("flask", "opentelemetry-instrumentation-flask"),
        ("django", "opentelemetry-instrumentation-django"),
        ("aiohttp.web", "opentelemetry-instrumentation-aiohttp-server"),
        ("starlette", "opentelemetry-instrumentation-starlette"),
    ],
)
def test_a_framework_whose_work_nobody_sees_is_named_with_the_remedy(framework, package):
    (said,) = remarks(modules(framework), lambda _: False)

    assert said.startswith(f"{framework} was imported")
    assert said.endswith(f"pip install {package}")


def test_a_framework_that_makes_spans_itself_needs_nothing():
    seen = modules("fastapi", "starlette")

    assert list(remarks(seen, lambda name: name == "fastapi.telemetry")) == []
    assert [said.split()[0] for said in remarks(seen, lambda _: False)] == ["fastapi"]


def test_a_second_sdk_that_sends_errors_is_named():
    (said,) = remarks(modules(sentry_sdk=sentry()), lambda _: True)

    assert said.startswith("sentry-sdk is active")


@pytest.mark.parametrize(
    "module",
    [sentry(active=False), sentry(dsn=None), ModuleType("sentry_sdk")],
    ids=["not-initialised", "no-dsn", "another-version"],
)
def test_one_that_sends_nothing_is_not(module):
    assert list(remarks(modules(sentry_sdk=module), lambda _: True)) == []


def test_the_modules_of_this_process_can_be_looked_at():
    list(remarks(sys.modules, lambda _: True))
