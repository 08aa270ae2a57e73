from random import Random

import pytest

from otel_bridge.sample.limiter import Budget, Limiter


def run(limiter, random, seconds, per_second, amount=1.0):
    """Offer traces; return how many were kept and what they stand for."""
    kept, weight, refused = 0, 0.0, 0
    for index in range(seconds * per_second):
        now = index / per_second
        share = limiter.share(now)
        limiter.offer(amount)
        if share == 0:
            refused += 1
        elif random.random() < share:
            limiter.charge(amount)
            kept += 1
            weight += 1 / share
    return kept, weight, refused


def test_everything_passes_below_the_budget():
    assert run(Limiter(100), Random(1), 20, 50) == (1000, 1000.0, 0)


@pytest.mark.parametrize("per_second", [200, 1000, 5000])
def test_the_budget_is_kept_and_used(per_second):
    kept, _, _ = run(Limiter(100), Random(2), 30, per_second)

    assert 30 * 100 * 0.75 < kept <= 30 * 100 + 100


def test_what_is_kept_stands_for_what_was_offered():
    estimates = [run(Limiter(100), Random(seed), 20, 1000)[1] for seed in range(30)]

    assert sum(estimates) / len(estimates) == pytest.approx(20_000, rel=0.02)


def test_a_refusal_without_a_chance_is_rare():
    _, _, refused = run(Limiter(100), Random(3), 30, 5000)

    assert refused < 0.001 * 30 * 5000


def test_an_empty_bucket_fills_again():
    limiter = Limiter(10)
    limiter.charge(1000)

    assert limiter.share(0.0) == 0.0
    assert limiter.share(99.0) == 0.0
    assert limiter.share(101.0) == 1.0


def test_time_that_goes_back_does_no_harm():
    limiter = Limiter(10)
    limiter.share(100.0)

    assert limiter.share(50.0) == 1.0


def test_a_budget_is_as_tight_as_its_tighter_half():
    budget = Budget(spans_per_second=10, bytes_per_second=1_000_000)
    budget.offer(1, 1)
    budget.charge(10, 1)

    assert budget.share(0.0) == 0.0
    assert Budget(None, None).share(0.0) == 1.0
    assert Budget(None, 5).share(0.0) == 1.0
