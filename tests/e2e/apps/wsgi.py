"""A WSGI service whose every request fails inside a span."""

import os
import time

from opentelemetry import trace

import otel_bridge

otel_bridge.init()


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path != "/":
        with trace.get_tracer("wsgi").start_as_current_span(f"GET {path}") as span:
            if path == "/slow":
                print("slow begins", flush=True)
                time.sleep(1.5)
            span.record_exception(LookupError(f"{path} in some worker"))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
