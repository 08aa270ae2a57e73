from collections import Counter

from otel_bridge.sample.options import BudgetOptions, read_sampling
from otel_bridge.sample.sampling import Sampling, make_sampling
from tests.simulation.spans import (
    attributes_of,
    batch_of,
    ids,
    make_span,
    span_id,
    spans_of,
    trace_id,
)

A, LUCKY = trace_id(1, randomness=0.5), trace_id(2, randomness=0.99)
FIVE = {"policies": [{"name": "rest", "rate": 0.05}]}


def made(**table):
    return make_sampling(read_sampling(table)).batches


def test_by_default_nothing_is_left_out():
    sampling = make_sampling()

    assert (sampling.batches, sampling.red) == (None, None)
    assert Sampling().errors.admit({}, 0.0)


def test_the_options_decide_what_there_is():
    sampling = make_sampling(
        read_sampling({"red": {}, "tail": FIVE}), BudgetOptions(), sample_rate=0
    )

    assert sampling.red is not None
    assert sampling.errors.keeps({"event_id": "a"}) is False
    assert ids(sampling.batches.add(batch_of(make_span(A)), 0.0).kept) == []


def test_a_shadow_lets_everything_pass_and_notes_what_would_have_been_kept():
    shadow = made(tail={**FIVE, "shadow": True})
    batch = batch_of(make_span(A), make_span(LUCKY))

    added = shadow.add(batch, 0.0)
    rest = [shadow.due(0.5), shadow.due(5.0), shadow.flush(6.0)]

    assert (added.kept, added.dropped) == (batch, Counter())
    assert [decided.kept for decided in rest] == [None, None, None]
    assert (shadow.kept, shadow.dropped) == (1, {"rest": 1})
    assert shadow.report() == {
        "shadow:traces:kept:rest:root": 1,
        "shadow:traces:dropped:rest:root": 1,
        "shadow:spans:kept": 1,
        "shadow:spans:dropped:rest": 1,
    }


def test_without_policies_only_what_the_head_decided_is_noted():
    notes = made(head={"rate": 0.5})
    batch = batch_of(make_span(LUCKY, 1, state="ot=th:8"), make_span(LUCKY, 2))

    decided = notes.add(batch, 0.0)

    sampled, other = spans_of(decided.kept)
    assert attributes_of(sampled)["sampling.reason"] == "head"
    assert attributes_of(sampled)["sampling.rate"] == 0.5
    assert "sampling.rate" not in attributes_of(other)
    assert ids(decided.kept) == [(LUCKY, span_id(1)), (LUCKY, span_id(2))]
    assert (notes.due(1.0).kept, notes.flush(1.0).kept, notes.report()) == (None, None, {})
