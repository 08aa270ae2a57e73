"""A shop that fails in every way a FastAPI service does. Instrumented from outside."""

import asyncio
import logging

from fastapi import FastAPI, HTTPException
from opentelemetry import trace

app = FastAPI()
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


@app.get("/throw/{order}")
def throw(order: int):
    return charge(order)


@app.get("/async/{order}")
async def throw_async(order: int):
    await asyncio.sleep(0.005)
    return charge(order)


@app.get("/handled/{order}")
def handled(order: int):
    try:
        charge(order)
    except PaymentError:
        logger.exception("could not charge")
    return {"ok": False}


@app.get("/manual/{order}")
def manual(order: int):
    try:
        load(order)
    except TypeError as error:
        trace.get_current_span().record_exception(error)
    return {"ok": False}


@app.get("/manual502/{order}")
def manual_error(order: int):
    try:
        load(order)
    except TypeError as error:
        span = trace.get_current_span()
        span.record_exception(error)
        span.set_status(trace.StatusCode.ERROR, str(error))
        raise HTTPException(502) from error


@app.get("/nested/{order}")
def nested(order: int):
    with tracer.start_as_current_span("checkout"), tracer.start_as_current_span("payment"):
        charge(order)


@app.get("/group/{order}")
async def group(order: int):
    async def fail(kind):
        raise kind(f"part of order {order} failed")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fail(ValueError))
        tasks.create_task(fail(KeyError))


@app.get("/swallowed/{order}")
def swallowed(order: int):
    try:
        with tracer.start_as_current_span("attempt"):
            load(order)
    except TypeError:
        pass
    return {"ok": True}


@app.get("/unavailable")
def unavailable():
    raise HTTPException(503, "try again later")


@app.get("/missing")
def missing():
    raise HTTPException(404)
