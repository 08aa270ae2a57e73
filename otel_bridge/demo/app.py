"""The demonstration's application: plain OpenTelemetry, plus one call to ``otel_bridge.init``."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from opentelemetry import trace
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

import otel_bridge

STATS_FILE = Path("stats.json")
tracer = trace.get_tracer("otel_bridge.demo")


class CardDeclined(Exception):
    """The bank said no."""


class CheckoutFailed(Exception):
    """An order could not be completed."""


def charge(card: str) -> None:
    """Ask the bank, which refuses and is careless enough to quote the card's number."""
    with tracer.start_as_current_span("POST bank.example/charge"):
        raise CardDeclined(f"insufficient funds on card {card}")


def place_order(order_id: int, card: str) -> None:
    """Pay for an order inside a span of its own."""
    with tracer.start_as_current_span("place order", attributes={"order.id": order_id}):
        try:
            charge(card)
        except CardDeclined as declined:
            raise CheckoutFailed(f"order {order_id} was not paid") from declined


def build() -> FastAPI:
    """Return the app, with the bridge in it; when it ends, its counts are in ``stats.json``."""
    bridge = otel_bridge.init(
        release="shop@1.4.2", environment="demo", in_app_include=["otel_bridge.demo"]
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        bridge.flush(timeout=5)
        STATS_FILE.write_text(json.dumps(bridge.stats()), encoding="utf-8")

    app = FastAPI(lifespan=lifespan)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/report")
    def report() -> dict[str, int]:
        with tracer.start_as_current_span("SELECT sum(total) FROM orders"):
            time.sleep(0.4)
        return {"orders": 3}

    @app.post("/checkout/{order_id}")
    async def checkout(order_id: int, request: Request) -> dict[str, str]:
        form = await request.json()
        trace.get_current_span().set_attributes(
            {"user.id": form["user"], "user.password": form["password"]}
        )
        place_order(order_id, form["card"])
        return {"status": "paid"}

    FastAPIInstrumentor.instrument_app(
        app, excluded_urls="openapi.json", exclude_spans=["receive", "send"]
    )
    return app
