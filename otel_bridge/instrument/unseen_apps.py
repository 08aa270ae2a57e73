"""Finds applications of web frameworks whose requests make no spans, though they could.

The usual reason: an instrumentor puts a class of its own in the place of ``flask.Flask``, and the
application was made before that, or from a class that was imported before.
"""

import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, NamedTuple

_ROOM = "opentelemetry.instrumentation"
_MARKS = ("_is_instrumented_by_opentelemetry", "is_instrumented_by_opentelemetry")


class _Framework(NamedTuple):
    module: str
    app: str
    """The class of its applications."""
    instrumentor: str
    own_spans: str = ""
    """A module with which it makes spans of its requests itself."""


# The most special first: an application of FastAPI is one of Starlette, too.
_FRAMEWORKS = (
    _Framework("fastapi", "FastAPI", "FastAPIInstrumentor", "fastapi.telemetry"),
    _Framework("starlette.applications", "Starlette", "StarletteInstrumentor"),
    _Framework("flask", "Flask", "FlaskInstrumentor"),
)


def remarks_on_apps(
    modules: Mapping[str, ModuleType], *, only_late: bool = False
) -> Iterator[str]:
    """Yield a sentence for each application, held by a module, that nothing instruments.

    Args:
        modules: What has been imported so far.
        only_late: Whether to speak only of those whose instrumentor has run already. The others
            may still be on their way to it.
    """
    spoken_of: set[int] = set()
    for framework in _FRAMEWORKS:
        has_run = _has_run(framework, modules)
        if has_run is None or (only_late and not has_run):
            continue
        for place, app in _apps(framework, modules):
            if id(app) in spoken_of:
                continue
            spoken_of.add(id(app))
            if framework.own_spans not in modules and not _is_seen(app):
                yield _remark(framework, place, has_run=has_run)
    if not only_late and _is_django_unseen(modules):
        yield (
            "Django serves requests, and nothing makes spans of them: call "
            "DjangoInstrumentor().instrument() after DJANGO_SETTINGS_MODULE is set and before "
            "get_wsgi_application() or get_asgi_application()"
        )


def _remark(framework: _Framework, place: str, *, has_run: bool) -> str:
    if has_run:
        return (
            f"{place} was made before {framework.instrumentor}().instrument() ran, or from a "
            f"{framework.app} that was imported before: its requests make no spans. Run the "
            f"instrumentor first, or call {framework.instrumentor}().instrument_app on it"
        )
    return (
        f"{place} is a {framework.app} application, and nothing makes spans of its requests: call "
        f"{framework.instrumentor}().instrument_app on it, or start with opentelemetry-instrument"
    )


def _has_run(framework: _Framework, modules: Mapping[str, ModuleType]) -> bool | None:
    """Return whether an instrumentor has run for all applications; None without the framework."""
    if framework.module not in modules:
        return None
    room = modules.get(f"{_ROOM}.{framework.module.partition('.')[0]}")
    kind = getattr(room, framework.instrumentor, None)
    # Instrumentors are singletons; one that was never made has not run.
    single = getattr(kind, "_instance", None)
    return bool(getattr(single, "_is_instrumented_by_opentelemetry", False))


def _apps(
    framework: _Framework, modules: Mapping[str, ModuleType]
) -> Iterator[tuple[str, object]]:
    """Yield the places and applications that are variables of a module of the host."""
    kind = _original(getattr(modules[framework.module], framework.app, None))
    if kind is None:
        return
    for name, module in list(modules.items()):
        if name.partition(".")[0] in {"flask", "fastapi", "starlette", "opentelemetry"}:
            continue
        for variable, value in list(getattr(module, "__dict__", {}).items()):
            # By ``type``: a proxy of werkzeug claims to be an application, and fails when asked.
            if issubclass(type(value), kind):
                yield f"{name}.{variable}", value


def _original(kind: object) -> type | None:
    """Return the framework's class, also where an instrumentor has put its own in its place."""
    if not isinstance(kind, type):
        return None
    bases = (each for each in kind.__mro__ if not each.__module__.startswith("opentelemetry."))
    return next(bases, None)


def _is_seen(app: Any) -> bool:  # noqa: ANN401  # an application of any framework
    held = vars(app)
    if any(held.get(mark) for mark in _MARKS):
        return True
    layers = [getattr(layer, "cls", None) for layer in held.get("user_middleware", ())]
    layers.append(type(held.get("wsgi_app")))
    return any(_ROOM in str(getattr(layer, "__module__", "")) for layer in layers)


def _is_django_unseen(modules: Mapping[str, ModuleType]) -> bool:
    serves = {"django.core.wsgi", "django.core.asgi", "django.core.handlers.wsgi"} & set(modules)
    settings = getattr(modules.get("django.conf"), "settings", None)
    if not serves or settings is None or not settings.configured:
        return False
    return not any(_ROOM in str(layer) for layer in settings.MIDDLEWARE)


def unseen_apps(*, only_late: bool = False) -> list[str]:
    """Return the remarks about this process; none if something about it cannot be read."""
    try:
        return list(remarks_on_apps(sys.modules, only_late=only_late))
    except Exception:  # noqa: BLE001  # the host's objects: what they do when looked at is unknown
        return []
