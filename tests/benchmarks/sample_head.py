"""What a head decision costs, and what it costs to see the errors of unsampled traces.

Requests of one server span and four children through the SDK; CPU time of the application's
thread. The bridge's worker does not run: what it does for a span of an unsampled trace is nothing,
unless there is an error.
"""

import time
from collections.abc import Callable

from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBasedTraceIdRatio, Sampler
from opentelemetry.trace import SpanKind, Tracer

from otel_bridge.instrument.handover import HandOver
from otel_bridge.instrument.sampler import BridgeSampler
from otel_bridge.instrument.unsampled import UnsampledGate
from otel_bridge.sample.options import HeadRule
from otel_bridge.stats import Stats

REQUESTS = 400
ROUNDS = 40
CHILDREN = 4
ROUTE = {"http.request.method": "GET", "http.route": "/orders/{id}", "url.path": "/orders/17"}


class Gate(SpanProcessor):
    """What the bridge's processor does with an ended span on the application's thread."""

    def __init__(self) -> None:
        self._hand_over = HandOver(Stats(), UnsampledGate())

    def on_end(self, span) -> None:
        self._hand_over.put(span)


def request(tracer: Tracer) -> None:
    with tracer.start_as_current_span("GET /orders/{id}", kind=SpanKind.SERVER, attributes=ROUTE):
        for _ in range(CHILDREN):
            with tracer.start_as_current_span("SELECT orders", attributes={"db.rows": 3}):
                pass


def measured(sampler: Sampler) -> float:
    """Microseconds a span, the best of some rounds."""
    provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
    provider.add_span_processor(Gate())
    tracer = provider.get_tracer("benchmark")
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.thread_time_ns()
        for _ in range(REQUESTS):
            request(tracer)
        best = min(best, time.thread_time_ns() - start)
    return best / REQUESTS / (CHILDREN + 1) / 1000


def decided(sampler: Sampler) -> float:
    """Microseconds a decision about a root takes."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.thread_time_ns()
        for number in range(REQUESTS):
            sampler.should_sample(None, number, "GET /orders/{id}", SpanKind.SERVER, ROUTE)
        best = min(best, time.thread_time_ns() - start)
    return best / REQUESTS / 1000


RULES = (HeadRule(name="GET /health*", rate=0), HeadRule(attributes={"http.route": "/p*"}, rate=1))
PARTIES: dict[str, Callable[[], Sampler]] = {
    "SDK, ALWAYS_OFF": lambda: ALWAYS_OFF,
    "SDK, ParentBasedTraceIdRatio(0)": lambda: ParentBasedTraceIdRatio(0),
    "bridge, rate 0, record_errors=False": lambda: BridgeSampler(0.0, record_errors=False),
    "bridge, rate 0, record_errors=True": lambda: BridgeSampler(0.0),
    "bridge, rate 0, two rules": lambda: BridgeSampler(0.0, RULES),
    "bridge, rate 0, traces_sampler": lambda: BridgeSampler(
        traces_sampler=lambda context: context.inherit_or_sample_with(0.0)
    ),
}


def main() -> None:
    """Print the table."""
    print(f"{'µs of CPU':<40}{'a span of five':>16}{'a root decision':>17}")
    for name, make in PARTIES.items():
        print(f"{name:<40}{measured(make()):>16.1f}{decided(make()):>17.2f}")


if __name__ == "__main__":
    main()
