import pytest

from otel_bridge.sample.facts import Facts
from otel_bridge.sample.options import read_sampling
from otel_bridge.sample.probability import NEVER, threshold_of
from otel_bridge.sample.ruleset import NO_LATENCY, Ruleset, Step
from otel_bridge.sample.trace import OpenTrace
from otel_bridge.sample.verdict import Verdict
from otel_bridge.wire.gather import Places
from tests.simulation.spans import ERROR, batch_of, make_span, trace_id

ERRORS = {"name": "errors", "type": "error"}
SLOW = {"name": "slow", "type": "latency", "min_ms": 500}
HEALTH = {"name": "health", "type": "drop", "of": {"type": "attribute", "key": "http.route",
          "values": ["/health"]}}  # fmt: skip
REST = {"name": "rest", "rate": 0.25}


def ruleset(*policies, **others):
    return Ruleset(read_sampling({"tail": {"policies": policies, **others}}).tail)


def facts(at=0.5, **span):
    trace = OpenTrace(trace_id(1, randomness=at), 0.0)
    ((place, (record,)),) = Places(8).of(batch_of(make_span(trace.trace_id, **span)))
    trace.put(record, place)
    return Facts(trace)


@pytest.mark.parametrize(
    ("match", "span", "verdict"),
    [
        ("first", facts(status=ERROR), Verdict(True, "errors", 0)),
        ("first", facts(duration_ms=600), Verdict(True, "slow", 0)),
        ("first", facts(status=ERROR, http__route="/health"), Verdict(True, "errors", 0)),
        ("first", facts(http__route="/health"), Verdict(False, "health", NEVER)),
        ("first", facts(0.5), Verdict(False, "rest", threshold_of(0.25))),
        ("first", facts(0.75), Verdict(True, "rest", threshold_of(0.25))),
        ("best", facts(status=ERROR), Verdict(True, "errors", 0)),
        ("best", facts(status=ERROR, http__route="/health"), Verdict(False, "health", NEVER)),
        ("best", facts(0.75), Verdict(True, "rest", threshold_of(0.25))),
    ],
)
def test_policies_are_asked_in_order_or_the_best_one_wins(match, span, verdict):
    assert ruleset(ERRORS, SLOW, HEALTH, REST, match=match).judge(span, 0.0) == verdict


def test_the_best_of_several_shares_wins():
    rules = ruleset(
        REST, {"name": "half", "rate": 0.5}, {"name": "tenth", "rate": 0.1}, match="best"
    )

    assert rules.judge(facts(0.6), 0.0) == Verdict(True, "half", threshold_of(0.5))


def test_a_trace_that_no_policy_fits_is_dropped():
    assert ruleset(ERRORS).judge(facts(), 0.0) == Verdict(False, "no_policy", NEVER)


def test_the_steps_to_a_verdict_can_be_told():
    steps = []
    ruleset(ERRORS, HEALTH, REST, SLOW).judge(facts(), 0.0, steps)

    assert steps == [Step("errors", None), Step("health", None), Step("rest", threshold_of(0.25))]


def test_a_dropping_step_gives_nothing():
    steps = []
    ruleset(HEALTH, match="best").judge(facts(http__route="/health"), 0.0, steps)

    assert steps == [Step("health", NEVER)]


def test_an_exhausted_budget_refuses_and_a_full_one_does_not_interfere():
    rules = ruleset({"name": "all"}, limit={"spans_per_second": 2})

    verdicts = [rules.judge(facts(0.9999999), 0.0) for _ in range(3)]

    assert [verdict.keep for verdict in verdicts] == [True, True, False]
    assert verdicts[-1].reason == "limit_empty"
    assert rules.judge(facts(0.9999999), 100.0) == Verdict(True, "all", 0)


def test_a_budget_lowers_the_rate_before_it_is_empty_and_says_so():
    rules = ruleset({"name": "some", "type": "rate_limit", "bytes_per_second": 100_000})
    size = facts().size

    kept = [rules.judge(facts(0.9999999), 0.0) for _ in range(100_000 // size)]

    assert kept[0] == Verdict(True, "some", 0)
    rates = [verdict.rate for verdict in kept if verdict.keep]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.01


def test_a_budget_of_a_policy_does_not_weigh_on_others():
    limited = {"name": "few", "type": "and", "of": [{"type": "error"},
               {"type": "rate_limit", "spans_per_second": 1}]}  # fmt: skip
    rules = ruleset(limited, {"name": "all"})
    for _ in range(50):
        rules.judge(facts(status=ERROR), 0.0)

    assert rules.judge(facts(), 0.0) == Verdict(True, "all", 0)
    assert rules.judge(facts(status=ERROR), 0.0).reason.startswith("limit")


def test_the_best_match_reckons_with_budgets():
    limited = {"name": "limited", "type": "rate_limit", "spans_per_second": 1}
    rules = ruleset(limited, {"name": "tenth", "rate": 0.1}, match="best")

    first, *others = [rules.judge(facts(0.99999), 0.0) for _ in range(5)]

    assert first.reason == "limited"
    assert {verdict.reason for verdict in others} == {"tenth"}


def test_a_budget_takes_its_share_of_what_upstream_left():
    rules = ruleset({"name": "some", "type": "rate_limit", "spans_per_second": 10})
    for _ in range(8):
        rules.judge(facts(0.9999, state="ot=th:e"), 0.0)

    verdict = rules.judge(facts(0.9999, state="ot=th:e"), 0.0)

    assert verdict.rate < 0.125


def test_a_threshold_that_contradicts_the_randomness_does_not_count():
    rules = ruleset({"name": "some", "type": "rate_limit", "spans_per_second": 10})

    assert rules.judge(facts(0.1, state="ot=th:e"), 0.0) == Verdict(True, "some", 0)


def test_randomness_of_the_tracestate_goes_before_the_trace_id():
    verdict = ruleset(REST).judge(facts(0.1, state="ot=rv:ff000000000000"), 0.0)

    assert verdict.keep


@pytest.mark.parametrize(
    ("policies", "match", "statuses", "latency_ms"),
    [
        ([ERRORS, SLOW, HEALTH], "first", 4, 500),
        ([ERRORS, HEALTH, SLOW], "first", 4, None),
        ([HEALTH, ERRORS], "first", 0, None),
        ([REST, ERRORS], "first", 0, None),
        ([REST, ERRORS, SLOW], "best", 4, 500),
        ([HEALTH, ERRORS], "best", 0, None),
        ([{**ERRORS, "rate": 0.5}], "first", 0, None),
        ([{"name": "a", "type": "status_code", "codes": ["ok", "unset"]}], "first", 2, None),
        ([{**SLOW, "routes": {"/x": 900}}, {**SLOW, "name": "b", "min_ms": 700}], "first", 0, 700),
        ([{**SLOW, "max_ms": 900}], "first", 0, None),
        ([{"name": "a", "type": "rare"}, ERRORS], "first", 4, None),
        ([{"name": "a", "type": "probabilistic", "rate": 0.5}, ERRORS], "first", 0, None),
        (
            [{"name": "a", "type": "or", "of": [{"type": "probabilistic", "rate": 0.5}]}, ERRORS],
            "first",
            0,
            None,
        ),
        ([{"name": "a", "type": "rate_limit", "spans_per_second": 1}, ERRORS], "first", 0, None),
        ([{"name": "a", "type": "not", "of": {"type": "error"}}, ERRORS], "first", 4, None),
    ],
)
def test_only_what_nothing_can_change_decides_early(policies, match, statuses, latency_ms):
    early = ruleset(*policies, match=match).early

    expected = NO_LATENCY if latency_ms is None else latency_ms * 1_000_000
    assert (early.statuses, early.latency_ns) == (statuses, expected)
