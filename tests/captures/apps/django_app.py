"""A shop on Django. Instrumented from outside, served by Django's own server."""

import logging
import os
import sys

from django.conf import settings
from django.http import Http404, JsonResponse
from django.urls import path
from opentelemetry import trace

logger = logging.getLogger("shop")
tracer = trace.get_tracer("shop")


class PaymentError(Exception):
    pass


def charge(order):
    try:
        return {}[order]
    except KeyError as error:
        raise PaymentError(f"card refused for order {order}") from error


def ok(request):
    return JsonResponse({"ok": True})


def throw(request, order):
    return JsonResponse(charge(order))


async def throw_async(request, order):
    return JsonResponse(charge(order))


def nested(request, order):
    with tracer.start_as_current_span("checkout"), tracer.start_as_current_span("payment"):
        charge(order)


def handled(request, order):
    try:
        charge(order)
    except PaymentError:
        logger.exception("could not charge")
    return JsonResponse({"ok": False})


def missing(request):
    raise Http404


urlpatterns = [
    path("ok", ok),
    path("throw/<int:order>", throw),
    path("async/<int:order>", throw_async),
    path("nested/<int:order>", nested),
    path("handled/<int:order>", handled),
    path("missing", missing),
]

if __name__ == "__main__":
    # Where the instrumentation finds it.
    os.environ["DJANGO_SETTINGS_MODULE"] = "django_settings"
    sys.modules["django_app"] = sys.modules["__main__"]
    from django.core.management import execute_from_command_line

    assert settings.MIDDLEWARE is not None
    execute_from_command_line(
        ["app", "runserver", "--noreload", f"127.0.0.1:{os.environ['PORT']}"]
    )
