import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    set_span_in_context,
)

from otel_bridge.instrument.unsampled import MAX_FAILING, UnsampledGate


class RecordOnly(Sampler):
    def should_sample(self, *_arguments, **_others):
        return SamplingResult(Decision.RECORD_ONLY)

    def get_description(self):
        return "record only"


TRACER = TracerProvider(sampler=RecordOnly()).get_tracer("t")


def span(parent=None, *, trace=0x7, remote=False, fails=False, event=None):
    """An ended span of an unsampled trace."""
    context = None
    if parent is not None:
        context = set_span_in_context(
            NonRecordingSpan(SpanContext(trace, parent, is_remote=remote))
        )
    made = TRACER.start_span("s", context)
    if fails:
        made.set_status(Status(StatusCode.ERROR))
    if event:
        made.add_event(event)
    made.end()
    return made


@pytest.mark.parametrize(
    ("ended", "wanted"),
    [
        (span(1), False),
        (span(), False),
        (span(1, event="note"), False),
        (span(1, fails=True), True),
        (span(1, event="exception"), True),
        (span(event="exception"), True),
    ],
    ids=["child", "root", "note", "failed", "exception", "failed root"],
)
def test_only_what_failed_is_wanted(ended, wanted):
    assert UnsampledGate().wants(ended) is wanted


def test_what_ends_after_an_error_in_the_same_trace_is_wanted_up_to_its_local_root():
    gate = UnsampledGate()
    gate.wants(span(2, event="exception"))

    after = [span(1), span(1, trace=8), span(9, remote=True), span(1)]

    assert [gate.wants(ended) for ended in after] == [True, False, True, False]


def test_a_trace_can_be_noted_from_outside():
    gate = UnsampledGate()
    gate.note(0x7)

    assert gate.wants(span(9, remote=True))


def test_all_local_roots_are_wanted_where_requests_are_counted():
    gate = UnsampledGate(wants_roots=True)

    assert [gate.wants(ended) for ended in (span(), span(9, remote=True), span(1))] == [
        True,
        True,
        False,
    ]


def test_of_too_many_failing_traces_the_oldest_are_forgotten():
    gate = UnsampledGate()
    for trace in range(1, MAX_FAILING + 2):
        gate.note(trace)

    assert [gate.wants(span(1, trace=trace)) for trace in (1, 2)] == [False, True]


def test_a_span_without_context_is_not_ours_to_judge():
    class Strange:
        context = None

    assert UnsampledGate().wants(Strange())
