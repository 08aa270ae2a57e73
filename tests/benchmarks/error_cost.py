"""What one error costs in CPU: the bridge against ``sentry_sdk.capture_exception``, in one run.

    python tests/benchmarks/error_cost.py [--rounds 2000] [--json]

Needs an environment with sentry-sdk beside the bridge (tests/parity/compare.py makes one). The
same error of twelve frames, locals off in both, for a span and its request. For the bridge all
counts from the end of the span to the bytes of the event: reading the exception, encoding and
scrubbing the span, converting, scrubbing the event, JSON. For sentry-sdk only the call counts,
without making bytes of the event, which its transport does later on a thread.
"""

import argparse
import gc
import json
import statistics
import time
from pathlib import Path

import msgspec
import sentry_sdk
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace import SpanKind
from sentry_sdk.transport import Transport

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.instrument.live import LiveReader
from otel_bridge.instrument.source import DiskSource
from otel_bridge.pipeline import Pipeline
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Stats
from otel_bridge.wire.encode import SpanEncoder

FRAMES = 12
BLOCK = 50
FACTS = {
    "http.request.method": "GET",
    "http.route": "/orders/{id}",
    "url.path": "/orders/7",
    "url.query": "page=2",
    "http.response.status_code": 500,
}


def fail(depth: int) -> None:
    if depth == 0:
        raise ValueError("no such order")
    fail(depth - 1)


class Nowhere(Transport):
    """Takes envelopes and forgets them."""

    def __init__(self, options: dict) -> None:
        super().__init__(options)
        self.events = 0

    def capture_envelope(self, envelope: object) -> None:  # the base class's name
        self.events += 1


class Bridge(SpanProcessor):
    """All that the bridge does for an error, on the thread that is measured."""

    def __init__(self) -> None:
        self.spent = 0
        self.payloads: list[bytes] = []
        self._reader = LiveReader()
        self._encoder = SpanEncoder()
        options = ConvertOptions(project_root=str(Path.cwd()))
        self._pipeline = Pipeline(Scrubber(), Converter(options, DiskSource()), Stats())

    def on_end(self, span: object) -> None:
        before = time.process_time_ns()
        key = span.context.trace_id.to_bytes(16, "big"), span.context.span_id.to_bytes(8, "big")
        live = self._reader.read(span) if span.events else None
        batch = self._encoder.batch([span])
        output = self._pipeline.accept(
            batch, time.monotonic(), {} if live is None else {key: live}
        )
        self.payloads = [msgspec.json.encode(event) for event in output.events]
        self.spent += time.process_time_ns() - before


def bridge_round(tracer: object, bridge: Bridge) -> float:
    """Microseconds for one error that leaves the span of its request."""
    bridge.spent = 0
    try:
        with tracer.start_as_current_span(
            "GET /orders/{id}", kind=SpanKind.SERVER, attributes=FACTS
        ):
            fail(FRAMES - 2)
    except ValueError:
        pass
    assert len(bridge.payloads) == 1
    return bridge.spent / 1_000


def span_round(tracer: object, bridge: Bridge) -> float:
    """Microseconds for the same span without an error."""
    bridge.spent = 0
    with tracer.start_as_current_span("GET /orders/{id}", kind=SpanKind.SERVER, attributes=FACTS):
        pass
    return bridge.spent / 1_000


def sentry_round() -> float:
    """Microseconds for one call of capture_exception."""
    try:
        fail(FRAMES - 2)
    except ValueError as error:
        before = time.process_time_ns()
        sentry_sdk.capture_exception(error)
        return (time.process_time_ns() - before) / 1_000
    return 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    rounds = parser.parse_args()
    sentry_sdk.init(
        dsn="http://public@127.0.0.1:9/1",
        transport=Nowhere,
        release="shop@1",
        include_local_variables=False,
    )
    provider = TracerProvider(shutdown_on_exit=False)
    bridge = Bridge()
    provider.add_span_processor(bridge)
    tracer = provider.get_tracer("benchmark")
    ours, theirs, spans = [], [], []
    gc.disable()
    for _ in range(rounds.rounds // BLOCK):
        # In turns, so that what else the machine does meets both.
        ours += [bridge_round(tracer, bridge) for _ in range(BLOCK)]
        theirs += [sentry_round() for _ in range(BLOCK)]
        spans += [span_round(tracer, bridge) for _ in range(BLOCK)]
        gc.collect()
    # The first rounds fill caches. Other work on the machine disturbs single rounds: the lower
    # quartile is nearer to what the code itself costs than the median.
    skip = len(ours) // 10
    own, native, span = (
        statistics.quantiles(times[skip:], n=4)[0] for times in (ours, theirs, spans)
    )
    bridge_round(tracer, bridge)
    frames = len(json.loads(bridge.payloads[0])["exception"]["values"][0]["stacktrace"]["frames"])
    found = {
        "bridge_us": round(own, 1),
        "sentry_sdk_us": round(native, 1),
        "ratio": round(own / native, 3),
        "span_without_error_us": round(span, 1),
        "frames": frames,
        "payload_bytes": len(bridge.payloads[0]),
    }
    if rounds.json:
        print(json.dumps(found))
    else:
        print(
            f"bridge {own:.0f} µs, sentry-sdk {native:.0f} µs, ratio {own / native:.2f} "
            f"({frames} frames, {len(bridge.payloads[0])} bytes); the span alone {span:.0f} µs"
        )


if __name__ == "__main__":
    main()
