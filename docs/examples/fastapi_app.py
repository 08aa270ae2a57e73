"""FastAPI: an app that is instrumented with OpenTelemetry; marked are the lines of otel_bridge.

uvicorn fastapi_app:app
"""

from fastapi import FastAPI
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

import otel_bridge  # <- 1

otel_bridge.init(release="shop@1.4.2", environment="dev")  # <- 2

app = FastAPI()


@app.get("/orders/{order_id}")
def order(order_id: int) -> dict[str, int]:
    stock = {7: 3}
    return {"in stock": stock[order_id]}


FastAPIInstrumentor.instrument_app(app)
