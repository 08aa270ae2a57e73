"""100 000 requests with traces sampled at 1 %, 500 of them fail: is any of the 500 lost?"""

import time
from contextlib import suppress
from random import Random

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind

import otel_bridge
from otel_bridge.testing.server import FakeServer

REQUESTS = 100_000
FAILURES = 500
RATE = 0.01


class OrderFailed(Exception):
    """What goes wrong in this simulation."""


def serve(tracer: trace.Tracer, number: int, *, fails: bool) -> None:
    """Handle one request in two spans."""
    with tracer.start_as_current_span(
        "GET /orders/{id}", kind=SpanKind.SERVER, attributes={"http.route": "/orders/{id}"}
    ):
        with tracer.start_as_current_span("SELECT orders", kind=SpanKind.CLIENT):
            pass
        if fails:
            raise OrderFailed(f"order {number} is lost")


def main() -> bool:
    """Print what arrived; return whether all failures did."""
    failing = set(Random(7).sample(range(REQUESTS), FAILURES))
    with FakeServer() as server:
        bridge = otel_bridge.init(
            dsn=server.dsn,
            otlp_endpoint=server.url,
            sampling={"head": {"rate": RATE}},
            error_budget=None,
        )
        provider = trace.get_tracer_provider()
        assert isinstance(provider, TracerProvider)
        tracer = provider.get_tracer("simulation")
        start = time.process_time()
        for number in range(REQUESTS):
            with suppress(OrderFailed):
                serve(tracer, number, fails=number in failing)
        assert bridge.flush(30)
        seconds = time.process_time() - start
        events = list(server.events.values())
        stats = bridge.stats()
        bridge.shutdown()
    told = {event["exception"]["values"][-1]["value"] for event in events}
    lost = FAILURES - len(told & {f"order {number} is lost" for number in failing})
    unsampled = sum(event["contexts"]["trace"].get("sampled") is False for event in events)
    with_route = sum(event.get("transaction") == "/orders/{id}" for event in events)
    share = stats["span"]["delivered"] / stats["span"]["received"]
    print(f"{REQUESTS} requests, {FAILURES} fail, traces sampled at {RATE:.0%} (was {share:.2%})")
    print(f"events {len(events)}, lost {lost}, flagged as of an unsampled trace {unsampled}")
    print(f"events that know their route {with_route}")
    print(f"CPU {seconds / REQUESTS * 1e6:.0f} µs a request of two spans; spans {stats['span']}")
    return lost == 0 and len(events) == FAILURES


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
