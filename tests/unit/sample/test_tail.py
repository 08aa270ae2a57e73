from collections import Counter

import pytest

from otel_bridge.sample.options import MIB, Policy, StressOptions, TailOptions, read_sampling
from otel_bridge.sample.probability import randomness_of, threshold_of
from otel_bridge.sample.tail import TailSampler
from otel_bridge.sample.verdict import Trigger
from tests.simulation.spans import (
    ERROR,
    attributes_of,
    batch_of,
    ids,
    make_span,
    span_id,
    spans_of,
    state_of,
    trace_id,
)

A, B = trace_id(1, randomness=0.5), trace_id(2, randomness=0.5)
LUCKY = trace_id(3, randomness=0.999)


def options(*policies, **others):
    table = {
        "grace_s": 1,
        "max_wait_s": 30,
        "policies": policies or [{"name": "none", "type": "never"}],
    }
    return read_sampling({"tail": {**table, **others}}).tail


def sampler(*policies, **others):
    return TailSampler(options(*policies, **others))


ERRORS = {"name": "errors", "type": "error"}
SLOW = {"name": "slow", "type": "latency", "min_ms": 500}
FIVE = {"name": "rest", "rate": 0.05}


def test_a_trace_waits_for_its_local_root_and_the_time_of_grace():
    tail = sampler({"name": "all"})

    tail.add(batch_of(make_span(A, 2, parent=1)), now=0)
    before = tail.due(5)
    tail.add(batch_of(make_span(A, 1)), now=5)

    assert (ids(before.kept), ids(tail.due(5.9).kept)) == ([], [])
    assert ids(tail.due(6).kept) == [(A, span_id(2)), (A, span_id(1))]
    assert (tail.open_traces, tail.open_bytes) == (0, 0)


def test_a_remote_parent_makes_a_local_root():
    tail = sampler({"name": "all"})

    tail.add(batch_of(make_span(A, 1, parent=9, remote=True)), now=0)

    assert ids(tail.due(1).kept) == [(A, span_id(1))]


def test_a_gateway_can_wait_for_the_root_of_all_services():
    tail = sampler({"name": "all"}, decide_on="root")

    tail.add(batch_of(make_span(A, 2, parent=9, remote=True)), now=0)
    early = tail.due(10)
    tail.add(batch_of(make_span(A, 9)), now=10)

    assert early.kept is None
    assert len(ids(tail.due(11).kept)) == 2


def test_a_trace_whose_root_is_lost_is_judged_after_the_longest_wait():
    tail = sampler({"name": "all"}, max_wait_s=30)

    tail.add(batch_of(make_span(A, 2, parent=1)), now=100)

    assert tail.due(129.9).kept is None
    assert ids(tail.due(130).kept) == [(A, span_id(2))]
    assert tail.report() == {"traces:kept:all:max_wait": 1}


def test_an_error_decides_at_once_and_what_follows_passes():
    tail = sampler(ERRORS, FIVE)

    tail.add(batch_of(make_span(A, 3, parent=2)), now=0)
    hit = tail.add(batch_of(make_span(A, 2, parent=1, status=ERROR)), now=1)
    after = tail.add(batch_of(make_span(A, 1)), now=2)

    assert ids(hit.kept) == [(A, span_id(3)), (A, span_id(2))]
    assert ids(after.kept) == [(A, span_id(1))]
    assert tail.decisions == {("errors", True, Trigger.POLICY): 1}


def test_an_exception_without_error_status_is_an_error_unless_told_otherwise():
    handled = make_span(A, 1, exception=True)

    with_events, without = sampler(ERRORS), sampler({**ERRORS, "exceptions": False})
    for tail in (with_events, without):
        tail.add(batch_of(handled), now=0)

    assert ids(with_events.due(2).kept) == [(A, span_id(1))]
    assert without.due(2).dropped == {"no_policy": 1}


def test_a_slow_trace_is_kept_as_soon_as_it_is_known_to_be_slow():
    tail = sampler(SLOW)

    tail.add(batch_of(make_span(A, 2, parent=1, start_ms=0)), now=0)
    late = tail.add(batch_of(make_span(A, 3, parent=1, start_ms=499)), now=0.5)

    assert len(ids(late.kept)) == 2


def test_a_policy_that_drops_must_be_heard_before_an_error_can_decide():
    health = {"name": "health", "type": "drop", "of": {"type": "attribute", "key": "http.route",
              "values": ["/health"], "on": "root"}}  # fmt: skip
    tail = sampler(health, ERRORS)

    hit = tail.add(batch_of(make_span(A, 2, parent=1, status=ERROR)), now=0)
    tail.add(batch_of(make_span(A, 1, http__route="/health")), now=0)

    assert hit.kept is None
    assert tail.due(2).dropped == {"health": 2}


@pytest.mark.parametrize(
    ("trace", "kept"), [(A, False), (LUCKY, True)], ids=["below the threshold", "above it"]
)
def test_a_share_is_decided_by_the_randomness_of_the_trace(trace, kept):
    tail = sampler(FIVE)

    tail.add(batch_of(make_span(trace)), now=0)
    decided = tail.due(2)

    assert (decided.kept is not None, decided.dropped) == (kept, {} if kept else {"rest": 1})


def test_spans_that_come_late_follow_what_was_decided():
    tail = sampler(FIVE)
    tail.add(batch_of(make_span(A, 1), make_span(LUCKY, 1)), now=0)
    tail.due(2)

    late = tail.add(batch_of(make_span(A, 2, parent=1), make_span(LUCKY, 2, parent=1)), now=3)

    assert ids(late.kept) == [(LUCKY, span_id(2))]
    assert late.dropped == {"late": 1}
    assert attributes_of(spans_of(late.kept)[0])["sampling.reason"] == "rest"


def test_decisions_are_forgotten_after_a_while():
    tail = sampler(FIVE, remember_s=10)
    tail.add(batch_of(make_span(A, 1)), now=0)
    tail.due(2)
    for number in range(3):
        tail.add(batch_of(make_span(trace_id(100 + number), 1)), now=20.0 + 20 * number)
        tail.due(22.0 + 20 * number)

    assert tail.add(batch_of(make_span(A, 2)), now=70).dropped == {}
    assert tail.open_traces == 1


def test_a_late_error_is_kept_although_its_trace_was_dropped_and_says_so():
    tail = sampler(ERRORS, FIVE)
    tail.add(batch_of(make_span(A, 1)), now=0)
    tail.due(2)

    late = tail.add(batch_of(make_span(A, 2, parent=1, status=ERROR)), now=3)

    (span,) = spans_of(late.kept)
    found = attributes_of(span)
    assert (found["sampling.reason"], found["sampling.rate"]) == ("errors", 1.0)
    assert found["sampling.partial"] is True


def test_kept_spans_say_why_and_at_what_rate():
    tail = sampler({"name": "quarter", "rate": 0.25})
    tail.add(batch_of(make_span(LUCKY, 1, state="ot=th:8,vendor=1")), now=0)

    (span,) = spans_of(tail.due(2).kept)

    found = attributes_of(span)
    assert (found["sampling.reason"], found["sampling.rate"]) == ("quarter", 0.25)
    assert state_of(span) == "ot=th:c,vendor=1"


def test_the_probability_of_the_head_is_part_of_the_rate():
    tail = sampler(ERRORS)

    kept = tail.add(batch_of(make_span(LUCKY, 1, status=ERROR, state="ot=th:f")), now=0).kept

    (span,) = spans_of(kept)
    assert attributes_of(span)["sampling.rate"] == 1 / 16
    assert state_of(span) == "ot=th:f"


def test_annotations_can_be_switched_off():
    tail = sampler({"name": "all"}, annotate=False)
    span = make_span(A, 1)
    tail.add(batch_of(span), now=0)

    assert spans_of(tail.due(2).kept) == [span]


@pytest.mark.parametrize(
    ("others", "spans", "trigger"),
    [
        ({"max_spans_per_trace": 3}, 3, Trigger.MAX_SPANS),
        ({"max_bytes_per_trace": 3000}, 4, Trigger.MAX_BYTES),
    ],
)
def test_a_trace_that_grows_too_large_is_judged_by_what_is_there(others, spans, trigger):
    tail = sampler({"name": "all"}, **others)

    decided = tail.add(
        batch_of(*(make_span(A, number, parent=99) for number in range(1, 10))), now=0
    )

    assert tail.decisions == {("all", True, trigger): 1}
    assert len(ids(decided.kept)) == 9
    assert spans <= 9


def test_everything_that_waits_is_judged_at_the_end():
    tail = sampler(FIVE)
    tail.add(batch_of(make_span(A, 2, parent=1), make_span(LUCKY, 2, parent=1)), now=0)

    decided = tail.flush(1)

    assert (ids(decided.kept), decided.dropped) == ([(LUCKY, span_id(2))], {"rest": 1})
    assert tail.flush(2).kept is None


def test_traces_of_several_services_come_back_under_their_resources():
    tail = sampler({"name": "all"})
    tail.add(batch_of(make_span(A, 2, parent=1, remote=True), service="billing"), now=0)
    tail.add(batch_of(make_span(A, 1), make_span(B, 1), service="shop"), now=0)
    tail.add(batch_of(make_span(B, 2, parent=1, remote=True), service="billing"), now=0)

    kept = tail.due(2).kept

    assert [len(scope.records) for group in kept.resources for scope in group.scopes] == [2, 2]
    assert len(kept.resources) == 2


def small(**others):
    return sampler(
        {"name": "all"}, max_bytes=MIB, stress={"rate": 0.25, "min_s": 5, **others}, max_wait_s=600
    )


def roots(count, first=0):
    """Open traces: spans whose roots never come."""
    for number in range(first, first + count):
        yield make_span(trace_id(number, randomness=number % 100 / 100), 2, parent=1)


def test_a_buffer_that_is_nearly_full_takes_no_new_traces_but_decides_them_by_randomness():
    tail = small()

    kept, dropped = [], Counter()
    for span in roots(2000):
        decided = tail.add(batch_of(span), now=0)
        kept += spans_of(decided.kept)
        dropped += decided.dropped

    assert tail.stressed
    assert tail.open_bytes <= MIB * 3 / 4
    assert set(dropped) == {"stress"}
    assert tail.open_traces + len(kept) + dropped.total() == 2000
    assert {attributes_of(span)["sampling.reason"] for span in kept} == {"stress"}
    assert min(randomness_of(span.trace_id) for span in kept) >= threshold_of(0.25)


def test_stress_ends_when_there_is_room_again_and_some_time_has_passed():
    tail = small()
    for span in roots(2000):
        tail.add(batch_of(span), now=0)

    tail.flush(1)
    still = tail.stressed
    tail.due(6)

    assert (still, tail.stressed) == (True, False)


def test_an_open_trace_that_must_go_is_decided_by_its_randomness_the_oldest_first():
    tail = sampler(
        {"name": "all"}, max_traces=2, stress={"activate": 1, "rate": 0.25, "deactivate": 0}
    )

    decided = tail.add(batch_of(*roots(5)), now=0)

    assert tail.open_traces == 2
    assert decided.dropped == {"stress": 3}
    assert tail.decisions == {("stress", False, Trigger.EVICTED): 3}


def test_what_is_decided_under_pressure_does_not_depend_on_the_order():
    spans = list(roots(1500))
    pressed = {"rate": 0.25, "activate": 0.01, "deactivate": 0, "min_s": 600}
    outcomes = []
    for order in (spans, spans[::-1]):
        tail = sampler({"name": "none", "type": "never"}, max_traces=1, stress=pressed)
        kept = [ids(tail.add(batch_of(span), now=0).kept) for span in order]
        outcomes.append({trace for found in kept for trace, _ in found})

    # The first of each order is still waiting.
    ends = {spans[0].trace_id, spans[-1].trace_id}
    assert outcomes[0] - ends == outcomes[1] - ends


def test_received_spans_are_kept_dropped_or_waiting():
    tail = sampler(ERRORS, FIVE)
    received = kept = dropped = 0
    for number in range(500):
        spans = [make_span(trace_id(number, randomness=number / 500), index, parent=index - 1,
                           status=ERROR * (number % 50 == 0)) for index in (3, 2, 1)]  # fmt: skip
        received += 3
        for decided in (tail.add(batch_of(*spans), now=number / 10), tail.due(number / 10)):
            kept += len(ids(decided.kept))
            dropped += decided.dropped.total()

    waiting = received - kept - dropped
    rest = tail.flush(100)

    assert len(ids(rest.kept)) + rest.dropped.total() == waiting


def test_two_samplers_with_the_same_options_agree():
    spans = list(roots(200))
    one, other = sampler(FIVE), sampler(FIVE)

    results = []
    for tail in (one, other):
        tail.add(batch_of(*spans), now=0)
        results.append(ids(tail.flush(1).kept))

    assert results[0] == results[1] != []


def test_the_stress_options_are_their_own():
    assert TailOptions(policies=(Policy(name="all"),)).stress == StressOptions()


@pytest.mark.parametrize("status", [34, -1, 3])
def test_a_status_that_nobody_knows_is_no_error(status):
    tail = sampler(ERRORS, {"name": "unset", "type": "status_code", "codes": ["unset", "ok"]})
    odd = make_span(A)._replace(status=status)

    tail.add(batch_of(odd), now=0)
    decided = tail.due(1)

    assert decided.dropped == {"no_policy": 1}
