"""A shop that fails in every way a Flask service does. Instrumented from outside."""

import logging

from flask import Flask, abort
from opentelemetry import trace

app = Flask(__name__)
logger = logging.getLogger("shop")
tracer = trace.get_tracer("shop")


class PaymentError(Exception):
    pass


def charge(order):
    try:
        return {}[order]
    except KeyError as error:
        raise PaymentError(f"card refused for order {order}") from error


def load(order):
    rows = None
    return rows[order]


@app.get("/ok")
def ok():
    return {"ok": True}


@app.get("/throw/<int:order>")
def throw(order):
    return charge(order)


@app.get("/async/<int:order>")
def throw_async(order):
    raise RuntimeError(f"order {order} timed out")


@app.get("/handled/<int:order>")
def handled(order):
    try:
        charge(order)
    except PaymentError:
        logger.exception("could not charge")
    return {"ok": False}


@app.get("/manual/<int:order>")
def manual(order):
    try:
        load(order)
    except TypeError as error:
        trace.get_current_span().record_exception(error)
    return {"ok": False}


@app.get("/manual502/<int:order>")
def manual_error(order):
    try:
        load(order)
    except TypeError as error:
        span = trace.get_current_span()
        span.record_exception(error)
        span.set_status(trace.StatusCode.ERROR, str(error))
    return {"ok": False}, 502


@app.get("/nested/<int:order>")
def nested(order):
    with tracer.start_as_current_span("checkout"), tracer.start_as_current_span("payment"):
        return charge(order)


@app.get("/group/<int:order>")
def group(order):
    raise ExceptionGroup("parts failed", [ValueError(f"part of order {order}"), KeyError("b")])


@app.get("/unavailable")
def unavailable():
    abort(503)


@app.get("/missing")
def missing():
    abort(404)
