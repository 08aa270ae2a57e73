"""What holds for every trace, however services in a row decide about it."""

import os

from hypothesis import given, settings, strategies as st
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    TraceFlags,
    TraceState,
    set_span_in_context,
)

from otel_bridge.errors import ConfigError
from otel_bridge.instrument.sampler import BridgeSampler
from otel_bridge.sample.options import HeadRule, SamplingOptions, read_sampling
from otel_bridge.sample.probability import (
    NEVER,
    OtState,
    format_ot,
    parse_ot,
    randomness_of,
    rate_of,
    threshold_of,
)
from otel_bridge.wire.messages import Span
from otel_bridge.wire.peek import trace_state_of, with_trace_state

EXAMPLES = int(os.environ.get("OTEL_BRIDGE_TEST_EXAMPLES", "50"))
rates = st.one_of(st.sampled_from((0.0, 1.0, 0.5, 0.01)), st.floats(0, 1))
trace_ids = st.integers(1, (1 << 128) - 1)
VENDORS = [("vendor", "x:1"), ("other", "y")]


def travel(trace_id, samplers, state):
    """Send a trace through services; return what each has made of it."""
    context = set_span_in_context(NonRecordingSpan(
        SpanContext(trace_id, 1, is_remote=True, trace_flags=TraceFlags(1), trace_state=state)
    ))  # fmt: skip
    seen = []
    for number, sampler in enumerate(samplers, 2):
        result = sampler.should_sample(context, trace_id, "call")
        sampled = result.decision.is_sampled()
        state = result.trace_state or TraceState()
        seen.append((sampled, state))
        span = SpanContext(
            trace_id, number, is_remote=True, trace_flags=TraceFlags(sampled), trace_state=state
        )
        context = set_span_in_context(NonRecordingSpan(span))
    return seen


@settings(max_examples=EXAMPLES, deadline=None)
@given(trace_ids, st.lists(rates, min_size=3, max_size=3), rates)
def test_services_in_a_row_only_ever_lower_a_probability(trace_id, chain, first):
    samplers = [BridgeSampler(rules=[HeadRule(rate=rate, entry=True)]) for rate in chain]
    start = threshold_of(first)
    randomness = trace_id & (NEVER - 1)
    if randomness < start:
        start = 0
    state = TraceState([*VENDORS, ("ot", format_ot(OtState(start, None, ("xx:1",))))])

    highest = start
    for (sampled, seen), rate in zip(travel(trace_id, samplers, state), chain, strict=True):
        highest = max(highest, threshold_of(rate))
        assert sampled is (randomness >= highest)
        assert [pair for pair in seen.items() if pair[0] != "ot"] == VENDORS
        found = parse_ot(seen.get("ot", ""))
        assert found == OtState(highest if sampled else None, None, ("xx:1",))


@settings(max_examples=EXAMPLES, deadline=None)
@given(trace_ids, rates, rates)
def test_what_a_lower_rate_keeps_a_higher_rate_keeps_too(trace_id, one, other):
    low, high = sorted((one, other))

    def kept(rate):
        return BridgeSampler(rate).should_sample(None, trace_id, "x").decision.is_sampled()

    assert kept(high) or not kept(low)


@settings(max_examples=EXAMPLES)
@given(rates)
def test_the_rate_that_is_written_is_the_rate_that_is_applied(rate):
    threshold = threshold_of(rate)
    written = parse_ot(format_ot(OtState(threshold))).threshold

    assert written == (None if threshold == NEVER else threshold)
    assert abs(rate_of(threshold) - rate) <= rate * 1e-4 + 2**-56


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=300))
def test_any_text_can_stand_in_the_ot_entry(text):
    state = parse_ot(text)

    assert parse_ot(format_ot(state)) == state


names = st.text(max_size=40)
spans = st.builds(
    Span,
    trace_id=st.binary(max_size=20),
    span_id=st.binary(max_size=9),
    trace_state=names,
    name=names,
    kind=st.integers(0, 5),
)


@settings(max_examples=EXAMPLES)
@given(spans, names)
def test_the_tracestate_of_any_span_is_read_and_replaced(span, state):
    raw = span.SerializeToString()

    assert trace_state_of(raw).decode() == span.trace_state
    span.trace_state = state
    assert Span.FromString(with_trace_state(raw, state.encode())) == span


@settings(max_examples=EXAMPLES)
@given(st.binary(min_size=7, max_size=16))
def test_randomness_has_56_bits(trace_id):
    assert 0 <= randomness_of(trace_id) < NEVER


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("head", "tail", "red", "rate", "rules", "policies", "name", "type",
                             "of", "min_ms", "key", "limit", "stress", "match", "odd")),
            inner,
            max_size=5,
        ),
        st.sampled_from(("error", "latency", "and", "drop", "rare", "rate_limit", "first")),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=EXAMPLES * 2)
@given(st.dictionaries(st.sampled_from(("head", "tail", "red", "odd")), plain, max_size=4))
def test_any_table_becomes_options_or_a_list_of_problems(table):
    try:
        outcome = read_sampling(table)
    except ConfigError as error:
        outcome = error

    if isinstance(outcome, ConfigError):
        assert outcome.problems
        assert all(problem.startswith("sampling") for problem in outcome.problems)
    else:
        assert isinstance(outcome, SamplingOptions)
