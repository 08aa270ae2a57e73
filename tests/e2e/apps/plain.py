"""A FastAPI service that knows nothing of otel_bridge, nor of OpenTelemetry."""

import logging
import os
import sys

from fastapi import FastAPI

logging.basicConfig(
    stream=sys.stdout, level=logging.INFO, format="%(levelname)s trace=%(trace_id)s %(message)s"
)
log = logging.getLogger("plain")
app = FastAPI()


@app.get("/")
def ready():
    return {"pid": os.getpid()}


@app.get("/orders/{order_id}")
def order(order_id: int, password: str = ""):
    log.info("looking for order %s", order_id)
    raise LookupError(f"no order {order_id}; password={password}")
