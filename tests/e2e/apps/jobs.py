"""A Celery application with a file system as its broker; its tasks fail inside spans."""

import os
from pathlib import Path

from celery import Celery
from opentelemetry import trace

import otel_bridge

otel_bridge.init()

folder = Path(os.environ["JOBS_FOLDER"])
for name in ("queue", "control"):
    (folder / name).mkdir(parents=True, exist_ok=True)

app = Celery("jobs", broker="filesystem://")
app.conf.broker_transport_options = {
    "data_folder_in": folder / "queue",
    "data_folder_out": folder / "queue",
    "control_folder": folder / "control",
}
app.conf.worker_hijack_root_logger = False


@app.task
def fail(number):
    with trace.get_tracer("jobs").start_as_current_span("job") as span:
        span.record_exception(ValueError(f"job {number}"))
    (folder / f"done-{number}").touch()
