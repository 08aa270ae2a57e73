"""What the tail sampler costs a span, on batches as they are received.

Each batch is decoded from a request body right before it is handed over, as in a gateway; only the
sampler's own time is counted, the judging of the traces included.
"""

import gc
import sys
import time
from collections.abc import Callable
from random import Random

from otel_bridge.sample.options import SamplingOptions, read_sampling
from otel_bridge.sample.red import RedMetrics
from otel_bridge.sample.tail import TailSampler
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.receive import read_request
from tests.simulation.traffic import (
    CLIENT,
    ROUTES,
    SERVER,
    Template,
    child_attributes,
    clean_batch,
    requests,
    resource_of,
    server_attributes,
)

SPANS = 30_000
BATCH = 512
ROUNDS = 12

POLICIES = read_sampling(
    {
        "tail": {
            "grace_s": 0.5,
            "policies": [
                {"name": "errors", "type": "error"},
                {"name": "slow", "type": "latency", "min_ms": 500},
                {
                    "name": "billing",
                    "type": "attribute",
                    "key": "http.route",
                    "values": ["/billing/*"],
                    "on": "root",
                    "rate": 0.25,
                },
                {
                    "name": "health",
                    "type": "drop",
                    "of": {
                        "type": "attribute",
                        "key": "http.route",
                        "values": ["/health"],
                        "on": "root",
                    },
                },
                {"name": "rest", "rate": 0.05},
            ],
        },
        "red": {},
    }
)
UNSCRUBBED = Scrubber(ScrubOptions(preset="off"))


def bodies(spans_per_trace: int, seed: int = 1) -> list[bytes]:
    """Request bodies of whole traces, children first, each service under its resource."""
    random = Random(seed)
    roots = {
        route: Template(f"GET {route.route}", SERVER, server_attributes(route.route))
        for route in ROUTES
    }
    child = Template("SELECT orders", CLIENT, child_attributes())
    waiting: dict[str, list] = {}
    found = []
    for request in requests(random, SPANS // spans_per_trace):
        root_id = random.randbytes(8)
        records = waiting.setdefault(request.route.service, [])
        for _ in range(spans_per_trace - 1):
            records.append(child.record(request.trace_id, random.randbytes(8), root_id))
        records.append(
            roots[request.route].record(
                request.trace_id,
                root_id,
                duration_ns=request.duration_ns,
                status=2 if request.error else 0,
            )
        )
        if sum(map(len, waiting.values())) >= BATCH:
            groups = [(resource_of(service), spans) for service, spans in waiting.items()]
            found.append(clean_batch(groups).to_request())
            waiting = {}
    return found


Handle = Callable[[CleanBatch, float], object]


def timed(received: list[bytes], make: Callable[[], Handle]) -> float:
    """Microseconds of CPU a span: of each batch the best of some rounds, so that what else runs on
    the machine counts little. Each round has a sampler of its own."""
    best = [float("inf")] * len(received)
    spans = 0
    for _ in range(ROUNDS):
        handle = make()
        spans = 0
        gc.collect()
        for number, body in enumerate(received):
            batch = UNSCRUBBED.batch(read_request(body, Signal.TRACES)).batch
            spans += len(batch)
            start = time.process_time_ns()
            handle(batch, number * 0.1)
            best[number] = min(best[number], time.process_time_ns() - start)
    return sum(best) / spans / 1000


def tail_of(options: SamplingOptions) -> Handle:
    """What a pipeline does with each batch and at each turn of its clock."""
    assert options.tail is not None
    sampler = TailSampler(options.tail)

    def handle(batch: CleanBatch, now: float) -> None:
        sampler.add(batch, now)
        sampler.due(now)

    return handle


def red_of(options: SamplingOptions) -> Handle:
    """The sums over all requests."""
    assert options.red is not None
    red = RedMetrics(options.red)
    return lambda batch, _now: red.add(batch)


def main() -> None:
    """Print the table."""
    keep_all = read_sampling({"tail": {"grace_s": 0.5, "policies": [{"name": "all"}]}})
    print(f"{sys.implementation.name} {sys.version.split()[0]}, µs of CPU a span")
    print(f"{'spans a trace':<16}{'tail, 5 policies':>18}{'tail, keep all':>18}{'RED sums':>12}")
    for spans in (1, 3, 5, 10, 20):
        received = bodies(spans)
        row = (
            timed(received, lambda: tail_of(POLICIES)),
            timed(received, lambda: tail_of(keep_all)),
            timed(received, lambda: red_of(POLICIES)),
        )
        print(f"{spans:<16}{row[0]:>18.2f}{row[1]:>18.2f}{row[2]:>12.2f}", flush=True)


if __name__ == "__main__":
    main()
