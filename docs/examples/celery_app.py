"""Celery: tasks that are instrumented with OpenTelemetry; marked are the lines of otel_bridge.

celery --app celery_app worker
"""

import os

from celery import Celery
from opentelemetry.instrumentation.celery import CeleryInstrumentor

import otel_bridge  # <- 1

otel_bridge.init(release="shop@1.4.2", environment="dev")  # <- 2
CeleryInstrumentor().instrument()

app = Celery("celery_app", broker=os.environ.get("BROKER_URL", "redis://localhost"))


@app.task
def order(order_id: int) -> int:
    stock = {7: 3}
    return stock[order_id]
