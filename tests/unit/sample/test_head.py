import math
from collections import Counter

import pytest

from otel_bridge.sample.context import Parent, Start
from otel_bridge.sample.head import (
    FAULT_RAISED,
    FAULT_RESULT,
    FAULT_START,
    HeadDecision,
    HeadSampler,
)
from otel_bridge.sample.options import HeadOptions, HeadRule
from otel_bridge.sample.probability import NEVER, NOTHING, OtState, threshold_of

HALF = threshold_of(0.5)
TENTH = threshold_of(0.1)


def start(name="GET /orders", *, at=0.5, parent=None, kind="server", **attributes):
    values = {key.replace("__", "."): value for key, value in attributes.items()}
    return Start((7 << 56) | int(at * NEVER), name, kind, values, parent)


def upstream(*, sampled=True, threshold=None, randomness=None, rest=()):
    return Parent(1, sampled, OtState(threshold, randomness, rest))


def sampler(rate=1.0, *rules, faults=None, **options):
    on_fault = (lambda _: None) if faults is None else lambda fault: faults.update([fault])
    return HeadSampler(HeadOptions(rate=rate, rules=rules), on_fault=on_fault, **options)


@pytest.mark.parametrize(
    ("at", "decision"),
    [
        (0.49, HeadDecision(sampled=False, ot=NOTHING, reason="rate")),
        (0.5, HeadDecision(sampled=True, ot=OtState(HALF), reason="rate")),
        (0.99, HeadDecision(sampled=True, ot=OtState(HALF), reason="rate")),
    ],
)
def test_a_root_is_decided_by_the_randomness_of_its_trace_id(at, decision):
    assert sampler(0.5).decide(start(at=at)) == decision


def test_a_sampled_root_knows_its_rate_and_an_unsampled_one_none():
    assert sampler(0.5).decide(start(at=0.7)).rate == 0.5
    assert sampler(0.5).decide(start(at=0.2)).rate is None


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        (start("GET /health"), "rule:0"),
        (start("GET /pay", http__method="POST"), "rule:pay"),
        (start("GET /pay", http__method="GET"), "rate"),
        (start("GET /pay"), "rate"),
        (start("poll", kind="consumer"), "rule:2"),
        (start("x", retries=3), "rule:3"),
        (start("x", retries="3 times"), "rate"),
    ],
)
def test_the_first_rule_that_fits_decides(span, reason):
    rules = (
        HeadRule(name="GET /health*", rate=1),
        HeadRule(name="GET /p?y", attributes={"http.method": "PO*"}, rate=1, label="pay"),
        HeadRule(kind="consumer", rate=1),
        HeadRule(attributes={"retries": "3"}, rate=1),
    )

    assert sampler(1.0, *rules).decide(span).reason == reason


def test_rules_of_other_services_and_environments_do_not_count():
    rules = (
        HeadRule(service="billing*", rate=1, label="a"),
        HeadRule(environment="staging", rate=1, label="b"),
        HeadRule(service="shop", environment="prod*", rate=1, label="c"),
    )

    decision = sampler(0.0, *rules, service="shop", environment="production").decide(start())

    assert decision.reason == "rule:c"


def test_a_remote_parents_decision_holds_whatever_rate_and_rules_say():
    heads = sampler(0.0, HeadRule(rate=0.0))

    assert heads.decide(start(parent=upstream(threshold=TENTH), at=0.95)) == HeadDecision(
        sampled=True, ot=OtState(TENTH), reason="parent"
    )
    assert heads.decide(start(parent=upstream(sampled=False))).sampled is False


def test_a_rule_for_entries_can_lower_a_parents_decision_and_says_so_in_th():
    heads = sampler(1.0, HeadRule(rate=0.1, entry=True))
    parent = upstream(threshold=HALF, rest=("xx:1",))

    kept = heads.decide(start(at=0.95, parent=parent))
    dropped = heads.decide(start(at=0.85, parent=parent))

    assert kept == HeadDecision(sampled=True, ot=OtState(TENTH, None, ("xx:1",)), reason="rule:0")
    assert dropped == HeadDecision(
        sampled=False, ot=OtState(None, None, ("xx:1",)), reason="rule:0"
    )


@pytest.mark.parametrize("answer", [1.0, 0.9, True])
def test_nothing_raises_the_probability_of_a_parents_decision(answer):
    heads = sampler(traces_sampler=lambda _context: answer)

    kept = heads.decide(start(at=0.97, parent=upstream(threshold=TENTH)))
    dropped = heads.decide(start(at=0.97, parent=upstream(sampled=False, threshold=TENTH)))

    assert kept.ot.threshold == TENTH
    assert (dropped.sampled, dropped.ot.threshold) == (False, None)


def test_explicit_randomness_goes_before_the_trace_id():
    parent = upstream(threshold=0, randomness=int(0.05 * NEVER))

    decision = sampler(1.0, HeadRule(rate=0.5, entry=True)).decide(start(at=0.9, parent=parent))

    assert decision.sampled is False
    assert decision.ot.randomness == int(0.05 * NEVER)


def test_a_parent_of_unknown_probability_leaves_it_unknown():
    heads = sampler(1.0, HeadRule(rate=0.5, entry=True))

    kept = heads.decide(start(at=0.9, parent=upstream()))

    assert (kept.sampled, kept.ot.threshold, kept.rate) == (True, None, None)
    assert heads.decide(start(at=0.1, parent=upstream())).sampled is False


def test_a_parent_whose_th_contradicts_its_decision_is_followed_but_not_counted():
    decision = sampler().decide(start(at=0.2, parent=upstream(threshold=HALF)))

    assert (decision.sampled, decision.ot.threshold) == (True, None)


def test_traces_sampler_goes_before_rules_and_rate():
    def by_route(context):
        return 0.0 if context["transaction_context"]["name"] == "GET /health" else 0.5

    heads = sampler(1.0, HeadRule(rate=1.0), traces_sampler=by_route)

    assert heads.decide(start("GET /health", at=0.99)).sampled is False
    assert heads.decide(start(at=0.6)) == HeadDecision(
        sampled=True, ot=OtState(HALF), reason="traces_sampler"
    )


def test_traces_sampler_can_inherit():
    heads = sampler(traces_sampler=lambda context: context.inherit_or_sample_with(0.5))

    inherited = heads.decide(start(at=0.95, parent=upstream(threshold=TENTH)))

    assert inherited.ot.threshold == TENTH
    assert heads.decide(start(at=0.4)).sampled is False


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda _: 1 / 0, FAULT_RAISED),
        (lambda _: None, FAULT_RESULT),
        (lambda _: "0.5", FAULT_RESULT),
        (lambda _: 1.01, FAULT_RESULT),
        (lambda _: -0.1, FAULT_RESULT),
        (lambda _: math.nan, FAULT_RESULT),
        (lambda _: [0.5], FAULT_RESULT),
    ],
    ids=["raises", "None", "text", "too high", "negative", "nan", "list"],
)
def test_a_traces_sampler_that_fails_is_counted_and_passed_over(answer, fault):
    faults = Counter()
    heads = sampler(1.0, HeadRule(name="x", rate=0), traces_sampler=answer, faults=faults)

    assert heads.decide(start()).reason == "rate"
    assert heads.decide(start(parent=upstream())).reason == "parent"
    assert heads.decide(start("x")).reason == "rule:0"
    assert faults == {fault: 3}


@pytest.mark.parametrize("threshold", ["aaaaaaaaaaaaab", "fd70a3d70a3d71", "e6666666666668"])
def test_an_inherited_rate_is_the_parents_to_the_last_digit(threshold):
    heads = sampler(traces_sampler=lambda context: context.inherit_or_sample_with(0.5))
    parent = upstream(threshold=int(threshold, 16))
    lowest = Start(int(threshold, 16), "x", "server", {}, parent)

    assert heads.decide(lowest) == HeadDecision(
        sampled=True, ot=parent.ot, reason="traces_sampler"
    )


def test_a_rate_that_contradicts_the_parents_decision_is_not_inherited():
    told = []

    def note(context):
        told.append(context.parent_sample_rate)
        return context.inherit_or_sample_with(0.5)

    decision = sampler(traces_sampler=note).decide(start(at=0.2, parent=upstream(threshold=HALF)))

    assert told == [None]
    assert (decision.sampled, decision.ot.threshold) == (True, None)


@pytest.mark.parametrize(
    "odd", [{"name": None}, {"name": 7}, {"attributes": [("http.route", "/")]}]
)
def test_a_start_that_rules_cannot_be_held_against_is_decided_by_the_rate(odd):
    faults = Counter()
    heads = sampler(
        0.5, HeadRule(name="GET *x", attributes={"http.route": "/"}, rate=0), faults=faults
    )

    decision = heads.decide(start("GET x", at=0.7)._replace(**{"attributes": {}, **odd}))

    assert decision == HeadDecision(sampled=True, ot=OtState(HALF), reason="rate")
    assert faults == ({FAULT_START: 1})
