"""What in this process keeps a set-up from doing what was meant, told in one sentence each."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from types import ModuleType

from otel_bridge.instrument.unseen_apps import unseen_apps

logger = logging.getLogger("otel_bridge")

_FRAMEWORKS = ("flask", "django", "celery", "aiohttp.web", "tornado.web", "fastapi", "starlette")
_OWN_TELEMETRY = {"fastapi": "fastapi.telemetry"}
"""Frameworks that make spans of their requests themselves, and the module that does it."""
_ROOM = "opentelemetry.instrumentation"


_SETTLED_AFTER_S = 5.0
"""So long after the start an application is set up: who was to instrument it has done so."""


def say_what_is_odd() -> None:
    """Warn of what is odd now, and of what still is when the application is set up."""
    said = {*remarks(sys.modules, _is_installed), *unseen_apps(only_late=True)}
    for remark in sorted(said):
        logger.warning("%s", remark)
    later = threading.Timer(_SETTLED_AFTER_S, _say_what_was_left_out, (said,))
    later.daemon = True
    later.name = "otel-bridge-second-look"
    try:
        later.start()
    except RuntimeError:  # "can't start new thread": at exit, or at the limit of the process
        return


def _say_what_was_left_out(said: set[str]) -> None:
    for remark in unseen_apps():
        if remark not in said:
            logger.warning("%s", remark)


def installed_without_spans() -> list[str]:
    """Return a sentence for each framework that is installed and of whose work nothing is seen."""
    found = {name: ModuleType(name) for name in _FRAMEWORKS if _is_installed(name)}
    return [
        f"{framework} is installed, and nothing that is installed makes spans of its work: "
        f"pip install opentelemetry-instrumentation-{_package(framework)}"
        for framework in _without_spans(found, _is_installed)
    ]


def remarks(
    modules: Mapping[str, ModuleType], is_installed: Callable[[str], bool]
) -> Iterator[str]:
    """Yield a sentence for each thing that is odd.

    Args:
        modules: What has been imported so far.
        is_installed: Whether a module could be imported.
    """
    if _is_sentry_active(modules.get("sentry_sdk")):
        yield (
            "sentry-sdk is active in this process and sends errors, too: every failure is told "
            "twice; remove sentry_sdk.init, or leave errors to it and give otel_bridge no dsn"
        )
    for framework in _without_spans(modules, is_installed):
        yield (
            f"{framework} was imported, and nothing that is installed makes spans of its work: "
            f"pip install opentelemetry-instrumentation-{_package(framework)}"
        )


def _without_spans(
    modules: Mapping[str, ModuleType], is_installed: Callable[[str], bool]
) -> Iterator[str]:
    for framework in _FRAMEWORKS:
        if framework not in modules:
            continue
        if framework == "starlette" and "fastapi" in modules:
            continue
        own = _OWN_TELEMETRY.get(framework)
        if own is not None and is_installed(own):
            continue
        if not is_installed(f"{_ROOM}.{_module(framework)}"):
            yield framework


def _module(framework: str) -> str:
    return {"aiohttp.web": "aiohttp_server", "tornado.web": "tornado"}.get(framework, framework)


def _package(framework: str) -> str:
    return _module(framework).replace("_", "-")


def _is_sentry_active(sentry: ModuleType | None) -> bool:
    if sentry is None:
        return False
    try:
        client = sentry.get_client()
        return bool(client.is_active() and client.dsn)
    except Exception:  # noqa: BLE001  # another version: what it does is unknown
        return False


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
