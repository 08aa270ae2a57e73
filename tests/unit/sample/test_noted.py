import pytest

from otel_bridge.sample.annotate import Annotator
from otel_bridge.sample.facts import Facts
from otel_bridge.sample.noted import is_noted, noted_threshold
from otel_bridge.sample.probability import rate_of, threshold_of
from otel_bridge.sample.trace import OpenTrace
from otel_bridge.sample.verdict import Verdict
from tests.simulation.spans import make_span, trace_id

HIGH = trace_id(1, randomness=0.9)


def noted(rate, trace=HIGH):
    verdict = Verdict(keep=True, reason="x", threshold=threshold_of(rate))
    (span,) = Annotator(assume_all_upstream=False).annotated([make_span(trace)], verdict)
    return span


def facts_of(span):
    trace = OpenTrace(span.trace_id, 0.0)
    trace.records.append(span)
    return Facts(trace)


@pytest.mark.parametrize("rate", [1.0, 0.25, 0.05, 1 / 3, 1e-9])
def test_what_was_noted_is_read_again(rate):
    span = noted(rate)

    assert is_noted(span.raw)
    assert rate_of(noted_threshold(span.raw)) == rate_of(threshold_of(rate))


@pytest.mark.parametrize("span", [make_span(HIGH), make_span(HIGH, note="sampling.rate")])
def test_a_span_without_notes_has_none(span):
    assert noted_threshold(span.raw) == 0


def test_a_budget_starts_from_what_was_noted_unless_that_cannot_be_true():
    assert facts_of(noted(0.25)).upstream == threshold_of(0.25)
    assert facts_of(noted(0.25, trace_id(1, randomness=0.5))).upstream == 0
    assert facts_of(make_span(HIGH, state="ot=th:8", sampling__rate="1")).upstream == 1 << 55
