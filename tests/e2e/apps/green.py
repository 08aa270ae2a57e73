"""A process patched by gevent, whose greenlets fail inside spans."""

from gevent import monkey

monkey.patch_all()

import gevent  # noqa: E402
from opentelemetry import trace  # noqa: E402

import otel_bridge  # noqa: E402

bridge = otel_bridge.init()


def fail(number):
    with trace.get_tracer("green").start_as_current_span("work") as span:
        gevent.sleep(0.01)
        span.record_exception(ValueError(f"greenlet {number}"))


gevent.joinall([gevent.spawn(fail, number) for number in range(10)])
