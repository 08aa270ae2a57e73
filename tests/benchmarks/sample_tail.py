"""What the tail sampler costs a span, on batches as they are received.

Each batch is decoded from a request body right before it is handed over, as in a gateway; only the
sampler's own time is counted, the judging of the traces included.
"""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from random import Random

from otel_bridge.sample.options import SamplingOptions, read_sampling
from otel_bridge.sample.red import RedMetrics
from otel_bridge.sample.tail import TailSampler
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.groups import SpanRecord
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

Trace = tuple[str, list[SpanRecord]]

OPEN = 500
"""Traces that are open at a time where spans are mixed."""
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


def traces_of(random: Random, count: int, spans_per_trace: int) -> Iterator[Trace]:
    """Traces of one request each: the service, and the spans, children first."""
    roots = {
        route: Template(f"GET {route.route}", SERVER, server_attributes(route.route))
        for route in ROUTES
    }
    child = Template("SELECT orders", CLIENT, child_attributes())
    for request in requests(random, count):
        root_id = random.randbytes(8)
        records = [
            child.record(request.trace_id, random.randbytes(8), root_id)
            for _ in range(spans_per_trace - 1)
        ]
        records.append(
            roots[request.route].record(
                request.trace_id,
                root_id,
                duration_ns=request.duration_ns,
                status=2 if request.error else 0,
            )
        )
        yield request.route.service, records


def bodies(spans_per_trace: int) -> list[bytes]:
    """Request bodies of whole traces, each service under its resource."""
    found, waiting = [], Waiting()
    for service, records in traces_of(Random(1), SPANS // spans_per_trace, spans_per_trace):
        waiting.put(service, records)
        if waiting.spans >= BATCH:
            found.append(waiting.body())
    return found


def spread_bodies(random: Random, count: int, spans_per_trace: int) -> list[bytes]:
    """Request bodies in which the spans of some hundred traces are mixed."""
    found, waiting = [], Waiting()
    open_traces: list[Trace] = []
    for trace in traces_of(random, count, spans_per_trace):
        open_traces.append(trace)
        while len(open_traces) > OPEN:
            take_one(random, open_traces, waiting)
            if waiting.spans >= BATCH:
                found.append(waiting.body())
    while open_traces:
        take_one(random, open_traces, waiting)
    return [*found, waiting.body()]


def take_one(random: Random, open_traces: list[Trace], waiting: "Waiting") -> None:
    """Send the next span of any open trace."""
    index = random.randrange(len(open_traces))
    service, records = open_traces[index]
    waiting.put(service, [records.pop(0)])
    if not records:
        open_traces[index] = open_traces[-1]
        open_traces.pop()


class Waiting:
    """Spans by service, until they are a request."""

    def __init__(self) -> None:
        self.spans = 0
        self._groups: dict[str, list[SpanRecord]] = {}

    def put(self, service: str, records: list[SpanRecord]) -> None:
        self._groups.setdefault(service, []).extend(records)
        self.spans += len(records)

    def body(self) -> bytes:
        """One request of all that waits."""
        groups, self._groups, self.spans = self._groups, {}, 0
        batch = clean_batch((resource_of(service), spans) for service, spans in groups.items())
        return batch.to_request()


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
