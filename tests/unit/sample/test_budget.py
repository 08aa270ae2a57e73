import math
from collections import Counter

import pytest

from otel_bridge.sample.budget import FAULT_RAISED, FAULT_RESULT, Admission, ErrorBudget, ErrorRate
from otel_bridge.sample.options import BudgetOptions


def budget(**options):
    return ErrorBudget(BudgetOptions(**{"burst": 3, "per_minute": 60, "first": 2, **options}))


def test_a_bucketful_passes_then_the_first_few_then_ever_fewer():
    errors = budget(per_minute=0)

    passed = [number for number in range(1, 40) if errors.admit("a", 0.0).keep]

    assert passed == [1, 2, 3, 4, 5, 7, 11, 19, 35]


def test_over_the_budget_the_number_that_passes_grows_with_the_logarithm():
    errors = budget(per_minute=0, burst=1, first=10)

    passed = sum(errors.admit("a", 0.0).keep for _ in range(1 + 10_240))

    assert passed == 1 + 10 + 5 * 10


def test_the_next_event_tells_how_many_were_suppressed():
    errors = budget(per_minute=0, burst=1, first=1)

    told = [errors.admit("a", 0.0) for _ in range(9)]

    assert [admission.suppressed for admission in told if admission.keep] == [0, 0, 0, 1, 3]
    assert told[3] == Admission(keep=False, suppressed=0, reason="error_budget")


def test_a_bucket_fills_with_time_and_a_full_one_starts_anew():
    errors = budget()
    for _ in range(50):
        errors.admit("a", 0.0)

    one = errors.admit("a", 1.0)
    none = [errors.admit("a", 1.0).keep for _ in range(3)]
    later = [errors.admit("a", 100.0) for _ in range(6)]

    assert (one.keep, none) == (True, [False] * 3)
    assert [admission.keep for admission in later] == [True] * 5 + [False]
    assert one.suppressed > 0


def test_kinds_do_not_take_from_each_other():
    errors = budget(per_minute=0)
    for _ in range(100):
        errors.admit("storm", 0.0)

    assert errors.admit("other", 0.0) == Admission(keep=True)


def test_of_too_many_kinds_the_one_not_seen_for_longest_is_forgotten_and_counted():
    errors = budget(per_minute=0, burst=1, first=1, max_fingerprints=2)
    for kind in "aabbbbac":
        errors.admit(kind, 0.0)

    assert errors.untold == 1
    assert errors.admit("b", 0.0).keep


def test_a_count_that_could_not_be_told_is_told_by_the_next():
    errors = budget(per_minute=0, burst=1, first=1)
    for _ in range(4):
        errors.admit("a", 0.0)
    told = errors.admit("a", 0.0)
    errors.give_back("a", 7, 0.0)

    nexts = [errors.admit("a", 0.0) for _ in range(10)]

    assert told.keep is False or told.suppressed == 1
    assert next(admission for admission in nexts if admission.keep).suppressed >= 7


def test_every_suppressed_event_is_told_or_still_to_be_told():
    errors = budget(per_minute=6, burst=2, first=3)
    suppressed = told = 0
    for number in range(5000):
        admission = errors.admit("a", number * 0.7)
        suppressed += not admission.keep
        told += admission.suppressed

    kind = next(iter(errors._kinds.values()))
    assert told + kind.suppressed == suppressed


def event(number):
    return {"event_id": f"{number:032x}"}


def test_a_rate_keeps_its_share_and_always_the_same_events():
    rate = ErrorRate(0.25)
    kept = [number for number in range(4000) if rate.keeps(event(number), {})]

    assert 900 < len(kept) < 1100
    assert kept == [number for number in range(4000) if ErrorRate(0.25).keeps(event(number), {})]
    assert {number for number in range(4000) if ErrorRate(0.1).keeps(event(number), {})} <= set(
        kept
    )


@pytest.mark.parametrize(("rate", "kept"), [(1.0, 50), (0.0, 0)])
def test_the_ends_of_the_rate_are_exact(rate, kept):
    assert sum(ErrorRate(rate).keeps(event(number), {}) for number in range(50)) == kept


def test_error_sampler_goes_before_the_rate():
    rate = ErrorRate(0.0, lambda found, hint: found["event_id"].endswith("7") and not hint)

    assert [number for number in range(20) if rate.keeps(event(number), {})] == [7]


@pytest.mark.parametrize(
    ("sampler", "fault"),
    [
        (lambda *_: 1 / 0, FAULT_RAISED),
        (lambda *_: None, FAULT_RESULT),
        (lambda *_: math.nan, FAULT_RESULT),
        (lambda *_: 2, FAULT_RESULT),
    ],
    ids=["raises", "None", "nan", "too high"],
)
def test_an_error_sampler_that_fails_loses_no_error(sampler, fault):
    faults = Counter()
    rate = ErrorRate(0.0, sampler, lambda name: faults.update([name]))

    assert rate.keeps(event(1), {})
    assert faults == {fault: 1}


def test_a_clock_that_goes_back_fills_no_bucket_twice():
    errors = budget(per_minute=60, burst=1, first=1_000_000)
    assert errors.admit("a", 100.0).keep
    assert errors._passes(errors._kind("a", 0.0), 0.0)  # over the bucket, one of the first

    before = errors._kind("a", 100.5).over
    errors.admit("a", 100.5)

    assert errors._kind("a", 100.5).over == before + 1
