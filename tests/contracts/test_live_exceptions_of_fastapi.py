"""What the living exception of a FastAPI request has beside its traceback."""

import asyncio
import contextlib

import pytest
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

from otel_bridge.instrument.live import LiveReader

FastAPI = pytest.importorskip("fastapi").FastAPI
FastAPIInstrumentor = pytest.importorskip(
    "opentelemetry.instrumentation.fastapi"
).FastAPIInstrumentor

SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/broken",
    "raw_path": b"/broken",
    "query_string": b"",
    "headers": [(b"host", b"shop")],
    "server": ("shop", 80),
    "client": ("127.0.0.1", 1),
}


class Reading(SpanProcessor):
    def __init__(self):
        self.found = []

    def on_end(self, span):
        if (live := LiveReader().read(span)) is not None:
            self.found.append([(f.module, f.function) for f in live.errors[-1].frames])


def test_the_call_of_the_application_stands_around_the_outermost_middleware():
    reading, app, provider = Reading(), FastAPI(), TracerProvider()
    provider.add_span_processor(reading)

    @app.get("/broken")
    def broken():
        raise ValueError("broken")

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_):
        pass

    FastAPIInstrumentor.instrument_app(app, tracer_provider=provider)
    with contextlib.suppress(ValueError):
        asyncio.run(app(SCOPE, receive, send))

    (frames,) = reading.found
    assert frames[:2] == [
        ("starlette.applications", "__call__"),
        ("starlette.middleware.errors", "__call__"),
    ]
    assert frames[-1] == (__name__, "broken")
