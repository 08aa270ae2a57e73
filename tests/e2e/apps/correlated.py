"""A FastAPI service whose log lines, responses, spans and errors name the same trace."""

import logging
import sys

from fastapi import FastAPI, Request
from opentelemetry import trace
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from pythonjsonlogger.json import JsonFormatter

import otel_bridge
from otel_bridge.logs import set_request_id

handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(JsonFormatter("%(levelname)s %(name)s %(message)s"))
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger("correlated")

bridge = otel_bridge.init(trace_response_header=True, forward_logs=True)
tracer = trace.get_tracer("correlated")
app = FastAPI()


@app.middleware("http")
async def carry_request_id(request: Request, call_next):
    set_request_id(request.headers.get("x-request-id", ""))
    return await call_next(request)


@app.get("/")
def ready():
    log.info("ready")
    return {}


@app.get("/orders/{order_id}")
async def order(order_id: int):
    log.info("asked for %s", order_id)
    with tracer.start_as_current_span("load order"):
        log.info("loading %s", order_id)
        raise LookupError(f"no order {order_id}")


@app.get("/careful/{order_id}")
def careful(order_id: int):
    try:
        with tracer.start_as_current_span("load order"):
            raise LookupError(f"no order {order_id}")
    except LookupError:
        log.exception("cannot load %s", order_id)
    log.info("going on without %s", order_id)
    return {"order": None}


@app.get("/flush")
def flush():
    return {"arrived": bridge.flush(timeout=5.0)}


FastAPIInstrumentor.instrument_app(app, excluded_urls="flush")
