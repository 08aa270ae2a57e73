import math

import pytest

from otel_bridge.sample.annotate import Annotator
from otel_bridge.sample.probability import threshold_of
from otel_bridge.sample.verdict import Verdict
from otel_bridge.wire.messages import Span
from tests.simulation.spans import attributes_of, make_span, state_of, trace_id

ALL = Verdict(keep=True, reason="all", threshold=0)
TENTH = Verdict(keep=True, reason="tenth", threshold=threshold_of(0.125))
HIGH = trace_id(1, randomness=0.99)


def annotated(record, verdict, *, assume_all=False):
    (made,) = Annotator(assume_all_upstream=assume_all).annotated([record], verdict)
    return made


def sampling_of(record):
    found = attributes_of(record)
    return {key: value for key, value in found.items() if key.startswith("sampling.")}


def test_a_span_says_why_and_at_what_rate_it_was_kept_and_is_the_same_otherwise():
    span = make_span(HIGH, http__route="/orders")

    made = annotated(span, TENTH)

    assert sampling_of(made) == {"sampling.reason": "tenth", "sampling.rate": 0.125}
    message, before = Span.FromString(made.raw), Span.FromString(span.raw)
    del message.attributes[-2:]
    assert message == before
    assert made[:8] == span[:8]


@pytest.mark.parametrize(
    ("state", "verdict", "assume_all", "rate", "written"),
    [
        ("", TENTH, False, 0.125, ""),
        ("", TENTH, True, 0.125, "ot=th:e"),
        ("", ALL, True, 1.0, "ot=th:0"),
        ("ot=th:8", TENTH, False, 0.125, "ot=th:e"),
        ("ot=th:8", ALL, False, 0.5, "ot=th:8"),
        ("ot=th:f8", TENTH, False, 1 / 32, "ot=th:f8"),
        ("a=1,ot=th:8;rv:ff000000000000;x:y,b=2", TENTH, False, 0.125,
         "ot=th:e;rv:ff000000000000;x:y,a=1,b=2"),
        ("a=1", TENTH, False, 0.125, "a=1"),
        ("a=1", TENTH, True, 0.125, "ot=th:e,a=1"),
    ],
)  # fmt: skip
def test_the_higher_threshold_of_head_and_tail_counts(state, verdict, assume_all, rate, written):
    made = annotated(make_span(HIGH, state=state), verdict, assume_all=assume_all)

    assert sampling_of(made)["sampling.rate"] == rate
    assert state_of(made) == written


@pytest.mark.parametrize("state", ["ot=th:8", "ot=th:8;rv:00000000000001"])
def test_a_threshold_that_the_span_never_passed_is_taken_away(state):
    low = trace_id(1, randomness=0.25)

    made = annotated(make_span(low, state=state), ALL)

    assert "th:" not in state_of(made)
    assert sampling_of(made) == {"sampling.reason": "all", "sampling.rate": 1.0}


def test_what_another_bridge_has_noted_is_replaced():
    span = make_span(HIGH, sampling__reason="old", sampling__rate="1", sampling__x="stays", a="b")

    made = annotated(span, TENTH)

    pairs = [pair.key for pair in Span.FromString(made.raw).attributes]
    assert sorted(pairs) == ["a", "sampling.rate", "sampling.reason", "sampling.x"]
    assert sampling_of(made)["sampling.reason"] == "tenth"


def test_a_late_span_of_a_dropped_trace_is_marked():
    made = annotated(make_span(HIGH), ALL._replace(partial=True))

    assert sampling_of(made)["sampling.partial"] is True


def test_a_span_whose_encoder_orders_fields_otherwise_is_annotated_too():
    canonical = Span.FromString(make_span(HIGH, state="ot=th:8").raw)
    canonical.ClearField("trace_id")
    tail_first = make_span(HIGH)._replace(
        raw=canonical.SerializeToString() + Span(trace_id=HIGH).SerializeToString()
    )

    made = annotated(tail_first, TENTH)

    assert (state_of(made), Span.FromString(made.raw).trace_id) == ("ot=th:e", HIGH)


def test_only_spans_that_were_sampled_are_annotated_when_nothing_else_is_known():
    spans = [
        make_span(HIGH, 1),
        make_span(HIGH, 2, state="ot=th:0"),
        make_span(HIGH, 3, state="ot=th:8"),
        make_span(HIGH, 4, note="th:8"),
    ]

    made = Annotator(assume_all_upstream=False).sampled_only(spans, ALL)

    assert [sampling_of(record).get("sampling.rate") for record in made] == [None, None, 0.5, None]
    assert made[0] is spans[0]


def test_many_different_tracestates_do_not_pile_up():
    annotator = Annotator(assume_all_upstream=False)
    for number in range(2000):
        verdict = Verdict(keep=True, reason="all", threshold=number)
        spans = [make_span(HIGH, state=f"v=x{number + extra}") for extra in range(2)]
        made = annotator.annotated(spans, verdict)
        assert state_of(made[1]) == f"v=x{number + 1}"

    assert sum(map(len, annotator._known.values())) <= 2048


def test_randomness_of_zero_counts_although_the_trace_id_would_pass():
    made = annotated(make_span(HIGH, state="ot=th:8;rv:00000000000000"), ALL)

    assert state_of(made) == "ot=rv:00000000000000"


@pytest.mark.parametrize("assume_all", [False, True])
def test_two_tails_in_a_row_note_the_probability_of_both(assume_all):
    """Without ``th``, which nobody writes who does not know the head's."""
    first = annotated(make_span(HIGH), TENTH)

    made = annotated(first, ALL, assume_all=assume_all)
    lower = annotated(first, TENTH._replace(threshold=threshold_of(1 / 32)), assume_all=assume_all)

    assert sampling_of(made) == {"sampling.reason": "all", "sampling.rate": 0.125}
    assert state_of(made) == ("ot=th:e" if assume_all else "")
    assert sampling_of(lower)["sampling.rate"] == 1 / 32


@pytest.mark.parametrize("noted", [0.001, -1.0, 0.0, 2.0, math.nan, math.inf])
def test_a_noted_rate_that_cannot_be_true_does_not_count(noted):
    first = annotated(make_span(HIGH), ALL)
    span = Span.FromString(first.raw)
    (pair,) = (pair for pair in span.attributes if pair.key == "sampling.rate")
    pair.value.double_value = noted

    made = annotated(first._replace(raw=span.SerializeToString()), TENTH)

    assert sampling_of(made)["sampling.rate"] == 0.125


def test_the_note_of_a_head_does_not_cost_a_decoded_span():
    span = make_span(HIGH, sampling__head="rate")

    made = annotated(span, TENTH)

    assert made.raw.startswith(span.raw)
