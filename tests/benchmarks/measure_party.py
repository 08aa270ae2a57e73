"""Measure one set-up in a process of its own: ``python -m tests.benchmarks.measure_party JSON``.

The argument names the party, the port and counts of the sink, and the load. Prints one JSON
object. Spans are made in bursts, and each burst waits until the sink has caught up: a queue that
overflows would make its owner look cheap.
"""

import json
import sys
import time
from pathlib import Path

from opentelemetry import trace

from tests.benchmarks.load import SPANS_PER_REQUEST, Load
from tests.benchmarks.parties import NOTHING, PARTIES
from tests.benchmarks.sink import Counts

BURST = 500
WARM_UP = 5000
"""Spans before anything is measured: a service that has run for a while, not one that starts."""
MAX_BEHIND = 700
"""Spans that may be on their way when a burst begins; the stock queue holds 2048."""
PATIENCE_S = 1.0
WORK = 10_000
"""Steps of work that the busy application does for each span: some 200 µs."""


def measure(
    party: str, port: int, counts: Counts, attributes: int, spans: int
) -> dict[str, float]:
    PARTIES[party](port)
    tracer = trace.get_tracer("bench", "1.0")
    load = Load(attributes)
    forwards = party != NOTHING
    sent_before = counts.read()
    sent = 0

    def burst() -> float:
        nonlocal sent
        began = time.thread_time()
        load.run(tracer, BURST)
        spent = time.thread_time() - began
        sent += BURST
        if forwards:
            _wait(counts, sent_before[0] + sent - MAX_BEHIND)
        return spent

    for _ in range(WARM_UP // BURST):
        burst()
    flush()
    process_began, wall_began = time.process_time(), time.monotonic()
    on_thread = sum(burst() for _ in range(spans // BURST))
    flush()
    in_process = time.process_time() - process_began
    _wait(counts, sent_before[0] + sent if forwards else 0)
    received, events, requests, size = (
        after - before for after, before in zip(counts.read(), sent_before, strict=True)
    )
    return {
        "thread_us": on_thread / spans * 1e6,
        "process_us": in_process / spans * 1e6,
        "wall_s": time.monotonic() - wall_began,
        "sent": sent,
        "received": received,
        "events": events,
        "requests": requests,
        "bytes": size,
    }


def keep_busy(party: str, port: int, counts: Counts, seconds: float) -> dict[str, float]:
    """Measure how many spans an application makes whose thread works all the time."""
    PARTIES[party](port)
    tracer = trace.get_tracer("bench", "1.0")
    load = Load(15)
    load.run(tracer, WARM_UP)
    flush()
    received_before = counts.read()[0]
    began, made = time.monotonic(), 0
    while time.monotonic() < began + seconds:
        load.run(tracer, SPANS_PER_REQUEST)
        made += SPANS_PER_REQUEST
        sum(range(WORK * SPANS_PER_REQUEST))
    took = time.monotonic() - began
    flush()
    if party != NOTHING:
        _wait(counts, received_before + made)
    return {"per_second": made / took, "received": (counts.read()[0] - received_before) / made}


def flush() -> None:
    """Have everything exported, where there is something to ask for it."""
    force_flush = getattr(trace.get_tracer_provider(), "force_flush", None)
    if force_flush is not None:
        force_flush(30_000)


def _wait(counts: Counts, spans: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while counts.read()[0] < spans and time.monotonic() < deadline:
        time.sleep(0.005)


def main() -> None:
    task = json.loads(sys.argv[1])
    counts = Counts(Path(task.pop("counts")))
    measured = keep_busy if "seconds" in task else measure
    print(json.dumps(measured(counts=counts, **task)), flush=True)


if __name__ == "__main__":
    main()
