"""A FastAPI service with plain OpenTelemetry; the only line of otel_bridge is its `init`."""

import os

from fastapi import FastAPI, Request
from opentelemetry import trace
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

import otel_bridge

bridge = otel_bridge.init()
tracer = trace.get_tracer("shop")
app = FastAPI()


class PaymentError(Exception):
    pass


def charge(card):
    with tracer.start_as_current_span("charge", attributes={"payment.card": card}):
        raise PaymentError(f"declined: {card}")


@app.get("/")
def ready():
    return {"pid": os.getpid()}


@app.post("/checkout/{order_id}")
async def checkout(order_id: int, request: Request):
    order = await request.json()
    span = trace.get_current_span()
    span.set_attribute("user.id", order["user"])
    span.set_attribute("user.password", order["password"])
    with tracer.start_as_current_span("place order"):
        try:
            charge(order["card"])
        except PaymentError as error:
            raise RuntimeError(f"order {order_id} failed") from error


@app.get("/stats")
def stats():
    return bridge.stats()


@app.get("/flush")
def flush():
    return {"arrived": bridge.flush(timeout=2.0)}


FastAPIInstrumentor.instrument_app(app, excluded_urls="stats,flush")
