"""A function that a platform calls, and freezes between the calls: one line in, one line out."""

import sys

from opentelemetry import trace

import otel_bridge

bridge = otel_bridge.init()


def handle(name):
    try:
        with trace.get_tracer("function").start_as_current_span(
            "invoke", kind=trace.SpanKind.SERVER
        ):
            raise ValueError(name)
    except ValueError:
        pass


for line in sys.stdin:
    handle(line.strip())
    # What OpenTelemetry's instrumentation of AWS Lambda does before it returns.
    print(trace.get_tracer_provider().force_flush(5_000), flush=True)
