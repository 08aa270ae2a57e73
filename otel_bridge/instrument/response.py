"""The trace id in HTTP responses, through the hook that OpenTelemetry's instrumentations have."""

import logging
from importlib import import_module

logger = logging.getLogger("otel_bridge")


def answer_with_trace_ids() -> None:
    """Have web instrumentations answer with ``traceresponse`` (W3C Trace Context, level 2).

    A propagator that the application has set itself is left in its place.
    """
    try:
        propagators = import_module("opentelemetry.instrumentation.propagators")
    except ImportError:
        logger.warning(
            "trace_response_header has no effect: no OpenTelemetry instrumentation of a web "
            "framework is installed"
        )
        return
    if propagators.get_global_response_propagator() is None:
        propagators.set_global_response_propagator(propagators.TraceResponsePropagator())
