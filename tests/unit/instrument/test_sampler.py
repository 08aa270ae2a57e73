import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    TraceFlags,
    TraceState,
    set_span_in_context,
)

from otel_bridge.errors import ConfigError
from otel_bridge.instrument.sampler import BridgeSampler
from otel_bridge.sample.options import HeadRule

HIGH = (3 << 64) | (0xF0 << 48)
LOW = (3 << 64) | (0x10 << 48)


def remote(*, trace_id=HIGH, sampled=True, state=()):
    context = SpanContext(
        trace_id, 5, is_remote=True, trace_flags=TraceFlags(sampled), trace_state=TraceState(state)
    )
    return set_span_in_context(NonRecordingSpan(context))


def header(result):
    return result.trace_state.to_header() if result.trace_state else ""


@pytest.mark.parametrize(
    ("trace_id", "record_errors", "decision", "state"),
    [
        (HIGH, True, Decision.RECORD_AND_SAMPLE, "ot=th:8"),
        (LOW, True, Decision.RECORD_ONLY, ""),
        (LOW, False, Decision.DROP, ""),
    ],
)
def test_a_root_is_sampled_recorded_or_dropped(trace_id, record_errors, decision, state):
    sampler = BridgeSampler(0.5, record_errors=record_errors)

    result = sampler.should_sample(None, trace_id, "GET /", SpanKind.SERVER, {"a": 1})

    assert (result.decision, header(result)) == (decision, state)
    assert result.attributes["a"] == 1


def test_a_sampled_root_says_who_decided():
    sampler = BridgeSampler(0.0, rules=[{"name": "GET /", "rate": 1, "label": "all"}])

    result = sampler.should_sample(None, LOW, "GET /", attributes={"a": 1})

    assert dict(result.attributes) == {"a": 1, "sampling.head": "rule:all"}


def test_rules_see_the_kind_of_a_span():
    sampler = BridgeSampler(1.0, rules=[HeadRule(kind="internal", rate=0)])

    kinds = {kind: sampler.should_sample(None, HIGH, "x", kind).decision for kind in SpanKind}

    assert {kind for kind, decision in kinds.items() if decision is Decision.RECORD_ONLY} == {
        SpanKind.INTERNAL
    }
    assert sampler.should_sample(None, HIGH, "x").decision is Decision.RECORD_ONLY


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ([("ot", "th:c"), ("vendor", "1")], "ot=th:c,vendor=1"),
        ([("vendor", "1"), ("ot", "th:c;rv:f0000000000000;xx:9")],
         "vendor=1,ot=th:c;rv:f0000000000000;xx:9"),
        ([("vendor", "1")], "vendor=1"),
        ([], ""),
    ],
)  # fmt: skip
def test_tracestate_comes_through_as_it_came(state, expected):
    result = BridgeSampler(0.0).should_sample(remote(state=state), HIGH, "GET /")

    assert (result.decision, header(result)) == (Decision.RECORD_AND_SAMPLE, expected)


def test_a_lowered_probability_is_written_before_the_entries_of_others():
    sampler = BridgeSampler(rules=[HeadRule(rate=0.125, entry=True)])
    parent = remote(state=[("vendor", "1"), ("ot", "th:8;rv:f0000000000000")])

    result = sampler.should_sample(parent, LOW, "GET /")

    assert header(result) == "ot=th:e;rv:f0000000000000,vendor=1"


def test_the_th_of_a_parent_that_is_not_followed_is_taken_away():
    sampler = BridgeSampler(rules=[HeadRule(rate=0.0, entry=True)])

    result = sampler.should_sample(remote(state=[("ot", "th:8"), ("vendor", "1")]), HIGH, "GET /")

    assert (result.decision, header(result)) == (Decision.RECORD_ONLY, "vendor=1")


def test_with_32_others_nobody_is_pushed_out():
    others = [(f"v{number}", "1") for number in range(32)]
    sampler = BridgeSampler(rules=[HeadRule(rate=0.5, entry=True)])

    result = sampler.should_sample(remote(state=others), HIGH, "GET /")

    assert header(result) == ",".join(f"{key}=1" for key, _ in others)


def test_children_keep_the_decision_and_the_tracestate_through_the_sdk():
    tracer = TracerProvider(sampler=BridgeSampler(0.5)).get_tracer("t")

    seen = set()
    for _ in range(40):
        with (
            tracer.start_as_current_span("root") as root,
            tracer.start_as_current_span("a") as a,
            tracer.start_as_current_span("b") as b,
        ):
            contexts = [span.get_span_context() for span in (root, a, b)]
            states = {context.trace_state.to_header() for context in contexts}
            flags = {context.trace_flags.sampled for context in contexts}
            assert len(states) == len(flags) == 1
            seen.add((flags.pop(), states.pop(), b.is_recording()))

    assert seen == {(True, "ot=th:8", True), (False, "", True)}


def test_the_parent_of_the_current_context_counts_when_none_is_given():
    sampler = BridgeSampler(1.0)
    token = trace.context_api.attach(remote(sampled=False))
    try:
        assert sampler.should_sample(None, HIGH, "x").decision is Decision.RECORD_ONLY
    finally:
        trace.context_api.detach(token)


def test_faults_of_traces_sampler_are_counted_and_contained():
    sampler = BridgeSampler(1.0, traces_sampler=lambda _context: 1 / 0)

    result = sampler.should_sample(None, HIGH, "x")

    assert result.decision is Decision.RECORD_AND_SAMPLE
    assert sampler.stats.snapshot()["faults"] == {"traces_sampler_raised": 1}


def test_wrong_options_are_reported_together():
    with pytest.raises(ConfigError) as refusal:
        BridgeSampler(2.0, rules=[{"rate": -1}, {"rate": 1, "nam": "x"}])

    assert refusal.value.problems == (
        "BridgeSampler.rate: found 2.0, expected `float` <= 1.0",
        "BridgeSampler.rules[0].rate: found -1, expected `float` >= 0.0",
        "BridgeSampler.rules[1].nam: no such option; did you mean name?",
    )


def test_it_describes_itself():
    description = BridgeSampler(0.5, rules=[HeadRule(rate=1)]).get_description()

    assert description == "BridgeSampler{rate=0.5,rules=1}"


@pytest.mark.parametrize("name", ["GET /\udcff", None, 7])
def test_what_a_host_calls_a_span_never_makes_the_sampler_raise(name):
    sampler = BridgeSampler(1.0, rules=[HeadRule(name="GET *x", rate=0)])

    result = sampler.should_sample(None, HIGH, name, kind=2, attributes={"a": "\udcff"})

    assert result.decision is Decision.RECORD_AND_SAMPLE
