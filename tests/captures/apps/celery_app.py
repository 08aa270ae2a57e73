"""A shop whose work is done by a Celery worker; a request only asks for it. Run as it is."""

import logging
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from celery import Celery
from celery.contrib.testing.worker import start_worker
from opentelemetry import trace

app = Celery("shop", broker="memory://", backend="cache+memory://")
# Else the worker takes the handlers away that send logs.
app.conf.worker_hijack_root_logger = False
logger = logging.getLogger("shop")
tracer = trace.get_tracer("shop")


class PaymentError(Exception):
    pass


def charge(order):
    try:
        return {}[order]
    except KeyError as error:
        raise PaymentError(f"card refused for order {order}") from error


@app.task(name="shop.ok")
def ok(order):
    return order


@app.task(name="shop.throw")
def throw(order):
    charge(order)


@app.task(name="shop.nested")
def nested(order):
    with tracer.start_as_current_span("payment"):
        charge(order)


@app.task(name="shop.handled")
def handled(order):
    try:
        charge(order)
    except PaymentError:
        logger.exception("could not charge")


@app.task(name="shop.retried", bind=True, max_retries=1)
def retried(self, order):
    try:
        charge(order)
    except PaymentError as error:
        raise self.retry(exc=error, countdown=0) from error


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name, _, order = self.path.partition("?")[0].strip("/").partition("/")
        app.tasks[f"shop.{name}"].delay(order or "0").get(timeout=10, propagate=False)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    with start_worker(app, perform_ping_check=False, loglevel="ERROR"):
        ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
