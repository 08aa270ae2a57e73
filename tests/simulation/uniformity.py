"""Chi-square tests: is what is kept spread evenly, and do services in a row agree?"""

from collections.abc import Iterable, Sequence
from math import exp, gamma
from random import Random

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from otel_bridge.sample.budget import ErrorRate
from otel_bridge.sample.context import Parent, Start
from otel_bridge.sample.head import HeadSampler
from otel_bridge.sample.options import HeadOptions, HeadRule
from otel_bridge.sample.probability import randomness_of
from tests.simulation.memory import kept_under_stress

TRACES = 200_000
BUCKETS = 64
ALPHA = 0.001
"""A sound sampler fails one of these tests by chance once in a thousand seeds."""


def chi_square(counts: Sequence[int]) -> float:
    """The probability of counts at least this uneven, if all buckets are equally likely."""
    expected = sum(counts) / len(counts)
    statistic = sum((count - expected) ** 2 / expected for count in counts)
    return upper_gamma((len(counts) - 1) / 2, statistic / 2)


def upper_gamma(a: float, x: float) -> float:
    """The regularized upper incomplete gamma function, by series."""
    term = total = 1 / a
    n = a
    while term > total * 1e-15:
        n += 1
        term *= x / n
        total += term
    return max(0.0, 1 - total * exp(-x) * x**a / gamma(a))


def counted(numbers: Iterable[int]) -> list[int]:
    """How many numbers fall into each bucket."""
    counts = [0] * BUCKETS
    for number in numbers:
        counts[number % BUCKETS] += 1
    return counts


def head_sampled(rate: float) -> list[int]:
    """Ids of the SDK's own generator that a head sampler keeps."""
    generator, head = RandomIdGenerator(), HeadSampler(HeadOptions(rate=rate))
    ids = (generator.generate_trace_id() for _ in range(TRACES))
    return [number for number in ids if head.decide(Start(number, "x", "server", {})).sampled]


def chain_agrees(rates: Sequence[float]) -> bool:
    """Whether services in a row keep ever smaller subsets of one another's traces."""
    heads = [
        HeadSampler(HeadOptions(rate=rate, rules=(HeadRule(rate=rate, entry=True),)))
        for rate in rates
    ]
    random = Random(3)
    for _ in range(TRACES // 10):
        number, parent, before = random.getrandbits(128), None, True
        for head, rate in zip(heads, rates, strict=True):
            decision = head.decide(Start(number, "x", "server", {}, parent))
            by_itself = head.decide(Start(number, "x", "server", {})).sampled
            if decision.sampled != (before and by_itself):
                return False
            if rate == rates[0] and decision.sampled != by_itself:
                return False
            before, parent = decision.sampled, Parent(1, decision.sampled, decision.ot)
    return True


def stressed_ids() -> list[int]:
    """Randomness of the traces that a full buffer keeps by it."""
    return [randomness_of(trace) for trace in kept_under_stress(TRACES)]


def main() -> bool:
    """Print every test; return whether all are passed."""
    kept = head_sampled(0.1)
    events = [
        number
        for number in range(TRACES)
        if ErrorRate(0.1).keeps({"event_id": f"{number:032x}"}, {})
    ]
    tests = {
        "head 10 %: lowest bits of the kept ids": kept,
        "head 10 %: highest bits of the kept ids": [number >> 122 for number in kept],
        "head 10 %: bits next to the randomness": [number >> 56 for number in kept],
        "error rate 10 %: consecutive event ids": events,
        "error rate 10 %: in order": [number * BUCKETS // TRACES for number in events],
        "stress 5 %: lowest bits of the kept ids": stressed_ids(),
    }
    passed = True
    for name, numbers in tests.items():
        probability = chi_square(counted(numbers))
        passed &= probability > ALPHA
        print(f"{name:<42}{len(numbers):>8} kept, p = {probability:.3f}")
    share = len(kept) / TRACES
    print(f"kept at 10 %: {share:.4f}")
    for rates in ((0.3, 0.3, 0.3), (0.5, 0.2, 0.2), (0.1, 0.5, 1.0)):
        agrees = chain_agrees(rates)
        passed &= agrees
        print(f"three services at {rates}: decided consistently: {agrees}")
    return passed and abs(share - 0.1) < 0.003


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
