"""A FastAPI app that knows nothing of OpenTelemetry, nor of otel_bridge."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/orders/{order_id}")
def order(order_id: int) -> dict[str, int]:
    stock = {7: 3}
    return {"in stock": stock[order_id]}
