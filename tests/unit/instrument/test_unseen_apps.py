import sys
from types import ModuleType, SimpleNamespace

import pytest

from otel_bridge.instrument.unseen_apps import remarks_on_apps, unseen_apps


class Flask:
    """As the framework's: what it has when nobody has touched it."""

    def __init__(self):
        self.wsgi_app = self.answer

    def answer(self):
        """Answer a request."""


class Proxy:
    """As werkzeug's: claims to be an application, and fails when it is looked at."""

    @property
    def __class__(self):
        return Flask


InstrumentedFlask = type("InstrumentedFlask", (Flask,), {"__module__": "opentelemetry.x"})
Middleware = type("Middleware", (), {"__module__": "opentelemetry.instrumentation.wsgi"})


def module(name, **variables):
    made = ModuleType(name)
    vars(made).update(variables)
    return made


def modules(*, app_class=Flask, has_run=None, **variables):
    """What is imported when a module ``shop`` with such variables is."""
    made = {"flask": module("flask", Flask=app_class), "shop": module("shop", **variables)}
    if has_run is not None:
        single = SimpleNamespace(_is_instrumented_by_opentelemetry=has_run)
        kind = SimpleNamespace(_instance=single)
        room = "opentelemetry.instrumentation.flask"
        made[room] = module(room, FlaskInstrumentor=kind)
    return made


def changed(**values):
    app = Flask()
    vars(app).update(values)
    return app


def test_an_application_that_nothing_instruments_is_named_with_the_remedy():
    (said,) = remarks_on_apps(modules(app=Flask()))

    assert said.startswith("shop.app is a Flask application")
    assert "FlaskInstrumentor().instrument_app" in said


def test_one_that_was_made_too_early_is_named_at_once():
    made = modules(app=Flask(), app_class=InstrumentedFlask, has_run=True)

    (said,) = remarks_on_apps(made, only_late=True)

    assert said.startswith("shop.app was made before FlaskInstrumentor().instrument() ran")


def test_one_that_may_still_be_instrumented_gets_its_time():
    assert list(remarks_on_apps(modules(app=Flask()), only_late=True)) == []
    assert list(remarks_on_apps(modules(app=Flask(), has_run=False), only_late=True)) == []


@pytest.mark.parametrize(
    "app",
    [
        changed(_is_instrumented_by_opentelemetry=True),
        changed(is_instrumented_by_opentelemetry=True),
        changed(wsgi_app=Middleware()),
        changed(user_middleware=[SimpleNamespace(cls=Middleware)]),
        Proxy(),
        None,
    ],
    ids=["marked", "marked otherwise", "wsgi", "asgi", "a proxy", "none"],
)
def test_one_that_is_instrumented_in_whatever_way_is_not(app):
    assert list(remarks_on_apps(modules(app=app, has_run=True))) == []


def test_an_application_is_named_once_and_not_where_the_framework_keeps_it():
    app = Flask()
    made = modules(app=app, application=app) | {"flask.globals": module("flask.globals", app=app)}

    assert len(list(remarks_on_apps(made))) == 1


def test_a_framework_that_makes_spans_itself_needs_nothing():
    made = {
        "fastapi": module("fastapi", FastAPI=Flask),
        "starlette.applications": module("starlette.applications", Starlette=Flask),
        "fastapi.telemetry": module("fastapi.telemetry"),
        "shop": module("shop", app=Flask()),
    }

    assert list(remarks_on_apps(made)) == []


@pytest.mark.parametrize(
    ("middleware", "remarks"),
    [([], 1), (["opentelemetry.instrumentation.django.Middleware"], 0)],
    ids=["without", "with"],
)
def test_django_is_named_when_it_serves_without_the_middleware(middleware, remarks):
    settings = SimpleNamespace(configured=True, MIDDLEWARE=middleware)
    made = {
        "django.conf": module("django.conf", settings=settings),
        "django.core.wsgi": module("django.core.wsgi"),
    }

    assert len(list(remarks_on_apps(made))) == remarks
    assert list(remarks_on_apps(made, only_late=True)) == []


def test_an_application_that_cannot_be_looked_at_is_nobodys_trouble(monkeypatch):
    class Odd(Flask):
        __slots__ = ()

        @property
        def __dict__(self):
            raise RuntimeError("outside of a request")

    for name, made in modules(app=Odd()).items():
        monkeypatch.setitem(sys.modules, name, made)

    assert unseen_apps() == []
