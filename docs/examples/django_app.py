"""Django in one file; marked are the lines of otel_bridge. In a project, put them into wsgi.py.

DJANGO_SETTINGS_MODULE=django_app gunicorn django_app:application
"""

import os
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from opentelemetry.instrumentation.django import DjangoInstrumentor

import otel_bridge  # <- 1

SECRET_KEY = "only for this example"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = sys.modules[__name__]
MIDDLEWARE: list[str] = []

otel_bridge.init(release="shop@1.4.2", environment="dev")  # <- 2


def order(_request: HttpRequest, order_id: int) -> HttpResponse:
    stock = {7: 3}
    return JsonResponse({"in stock": stock[order_id]})


urlpatterns = [path("orders/<int:order_id>", order)]

if "application" not in globals() and os.environ.get("DJANGO_SETTINGS_MODULE") == __name__:
    # Instrumented before the handler is made: it reads MIDDLEWARE then.
    DjangoInstrumentor().instrument()

    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
