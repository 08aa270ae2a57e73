"""An application of which something fails when its server has told it to end."""

from contextlib import asynccontextmanager

from fastapi import FastAPI
from opentelemetry import trace

import otel_bridge

otel_bridge.init()


@asynccontextmanager
async def lifespan(_app):
    yield
    with trace.get_tracer("goodbye").start_as_current_span("clean up") as span:
        span.record_exception(ValueError("could not say goodbye"))


app = FastAPI(lifespan=lifespan)


@app.get("/")
def ready():
    return {}
