"""The same failing application on each framework, and how to call it once."""

import contextlib
import os

from tests.parity.scenarios import PaymentError, charge, group, pay  # noqa: F401


def fastapi_app():
    from fastapi import Depends, FastAPI

    app = FastAPI()

    @app.get("/sync/{order}")
    def sync(order: int):
        return charge(order)

    @app.get("/async/{order}")
    async def asynchronous(order: int):
        return await pay(order)

    @app.get("/group")
    async def grouped():
        group()

    def current_user():
        return charge(9)

    @app.get("/dependency")
    def dependency(user=Depends(current_user)):
        return user

    return app


def call_fastapi(app, path):
    from fastapi.testclient import TestClient

    with contextlib.suppress(Exception):
        TestClient(app, raise_server_exceptions=False).get(path)


def flask_app():
    from flask import Flask

    app = Flask("tests.parity.webapps")

    @app.get("/sync/<int:order>")
    def sync(order):
        return charge(order)

    @app.get("/group")
    def grouped():
        group()

    @app.before_request
    def before():
        from flask import request

        if request.path == "/before":
            charge(8)

    @app.get("/before")
    def never():
        return ""

    return app


def call_flask(app, path):
    app.test_client().get(path)


def django_app():
    import django
    from django.conf import settings
    from django.http import HttpResponse
    from django.urls import path

    def sync(request, order):
        return HttpResponse(charge(order))

    async def asynchronous(request, order):
        return HttpResponse(await pay(order))

    class Urls:
        urlpatterns = [path("sync/<int:order>", sync), path("async/<int:order>", asynchronous)]

    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=Urls,
        SECRET_KEY=os.urandom(20).hex(),
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        LOGGING_CONFIG=None,
    )
    django.setup()
    return Urls


def call_django(_, path):
    from django.test import Client

    Client(raise_request_exception=False).get(path)


def celery_app():
    from celery import Celery

    app = Celery("shop", broker="memory://", backend="cache+memory://")
    app.conf.task_always_eager = True

    @app.task(name="shop.charge")
    def task(order):
        return charge(order)

    return app


def call_celery(app, path):
    app.tasks["shop.charge"].apply(args=(7,))


WEB = {
    "fastapi sync": (fastapi_app, call_fastapi, "/sync/7"),
    "fastapi async": (fastapi_app, call_fastapi, "/async/7"),
    "fastapi group": (fastapi_app, call_fastapi, "/group"),
    "fastapi dependency": (fastapi_app, call_fastapi, "/dependency"),
    "flask": (flask_app, call_flask, "/sync/7"),
    "flask group": (flask_app, call_flask, "/group"),
    "flask before_request": (flask_app, call_flask, "/before"),
    "django": (django_app, call_django, "/sync/7"),
    "django async view": (django_app, call_django, "/async/7"),
    "celery": (celery_app, call_celery, ""),
}
