"""A million traces that never end, against a bound of 64 MiB."""

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from resource import getpagesize

from otel_bridge.sample.options import MIB, read_sampling
from otel_bridge.sample.probability import randomness_of, threshold_of
from otel_bridge.sample.tail import TailSampler
from otel_bridge.wire.clean import CleanBatch
from tests.simulation.traffic import CLIENT, Template, child_attributes, clean_batch, resource_of

BATCH = 500
BOUND = 64 * MIB
RATE = 0.05


def resident_bytes() -> int:
    """Memory of this process that is in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize()


def open_traces(random: Random, count: int) -> Iterator[CleanBatch]:
    """Batches of spans, each of a trace whose root never comes."""
    template = Template("SELECT orders", CLIENT, child_attributes())
    service = resource_of("shop")
    for _ in range(count // BATCH):
        yield clean_batch(
            [
                (
                    service,
                    [
                        template.record(random.randbytes(16), random.randbytes(8), b"\x01" * 8)
                        for _ in range(BATCH)
                    ],
                )
            ]
        )


def run(seed: int, count: int, *, step_s: float, **bounds: object) -> dict[str, float]:
    """Offer open traces and return what became of them, the time and the memory it took."""
    options = read_sampling(
        {
            "tail": {
                "max_bytes": BOUND,
                "max_traces": 1_000_000,
                "policies": [{"name": "none", "type": "never"}],
                "stress": {"rate": RATE},
                **bounds,
            }
        }
    ).tail
    assert options is not None
    sampler = TailSampler(options)
    gc.collect()
    before = resident_bytes()
    spent, peak, kept, digest = 0, 0, 0, 0
    threshold = threshold_of(RATE)
    for number, batch in enumerate(open_traces(Random(seed), count)):
        start = time.process_time_ns()
        decided = sampler.add(batch, number * step_s)
        more = sampler.due(number * step_s)
        spent += time.process_time_ns() - start
        for result in (decided, more):
            if result.kept is not None:
                for record in result.kept.records():
                    kept += 1
                    digest ^= hash_of(record.trace_id)
                    assert randomness_of(record.trace_id) >= threshold
        peak = max(peak, resident_bytes() - before)
    return {
        "us_per_span": spent / count / 1000,
        "peak_mib": peak / MIB,
        "accounted_mib": sampler.open_bytes / MIB,
        "open": sampler.open_traces,
        "kept": kept,
        "digest": digest,
    }


def kept_under_stress(count: int) -> list[bytes]:
    """Trace ids that a sampler keeps whose buffer is full from the start."""
    options = read_sampling(
        {
            "tail": {
                "max_bytes": MIB,
                "policies": [{"name": "none", "type": "never"}],
                "stress": {"rate": RATE, "activate": 0.01, "deactivate": 0},
            }
        }
    ).tail
    assert options is not None
    sampler = TailSampler(options)
    results = (sampler.add(batch, 0.0).kept for batch in open_traces(Random(9), count))
    return [record.trace_id for kept in results if kept for record in kept.records()]


def hash_of(trace_id: bytes) -> int:
    """A number that tells sets of traces apart, whatever their order."""
    return int.from_bytes(trace_id, "big") * 0x9E3779B97F4A7C15 & (1 << 64) - 1


def main() -> bool:
    """Print the figures; return whether the bound held."""
    # Idle: every trace is judged by its policies before the next batch comes.
    idle = run(1, 100_000, step_s=1.0, max_wait_s=0.5)
    full = run(2, 1_000_000, step_s=0.0001, max_wait_s=3600)
    again = run(2, 1_000_000, step_s=0.0001, max_wait_s=3600)
    print(f"{'':24}{'idle':>12}{'1 000 000 open':>18}")
    for name in ("us_per_span", "peak_mib", "accounted_mib", "open", "kept"):
        print(f"{name:<24}{idle[name]:>12.2f}{full[name]:>18.2f}")
    ratio = full["us_per_span"] / idle["us_per_span"]
    same = full["digest"] == again["digest"] and full["kept"] == again["kept"]
    print(f"time per span, open over idle: {ratio:.2f}; a second run keeps the same: {same}")
    return full["peak_mib"] <= BOUND / MIB and ratio <= 2 and same


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
