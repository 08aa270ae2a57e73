from opentelemetry import context, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from otel_bridge.logs.correlation import CORRELATION, trace_fields
from otel_bridge.logs.known_errors import KnownError, Mark, mark
from otel_bridge.logs.request_id import reset_request_id, set_request_id

ERROR_ID = "e" * 32


def ids(span):
    found = span.get_span_context()
    return f"{found.trace_id:032x}", f"{found.span_id:016x}"


def test_without_a_span_there_is_nothing():
    assert trace_fields() == {}


def test_in_a_span_there_are_its_ids_in_lower_case_hexadecimal(tracer):
    with tracer.start_as_current_span("work") as span:
        trace_id, span_id = ids(span)
        flags = span.get_span_context().trace_flags

        assert trace_fields() == {
            "trace_id": trace_id,
            "span_id": span_id,
            "trace_flags": f"{flags:02x}",
        }


def test_small_ids_are_filled_up_with_zeros():
    remote = SpanContext(0xAB, 0xC, is_remote=True, trace_flags=TraceFlags(1))
    with trace.use_span(NonRecordingSpan(remote)):
        assert trace_fields() == {
            "trace_id": "0" * 30 + "ab",
            "span_id": "0" * 15 + "c",
            "trace_flags": "01",
        }


def test_nested_spans_have_their_own_ids_and_what_is_returned_may_be_changed(tracer):
    with tracer.start_as_current_span("outer") as outer:
        first = trace_fields()
        first["trace_id"] = "changed"
        with tracer.start_as_current_span("inner") as inner:
            assert trace_fields()["span_id"] == ids(inner)[1]
        assert (trace_fields()["trace_id"], trace_fields()["span_id"]) == ids(outer)


def test_the_error_of_a_span_is_named(tracer):
    with tracer.start_as_current_span("work") as span:
        here = span.get_span_context()
        error = KnownError(ERROR_ID, "ValueError", "no")
        CORRELATION.known_errors.put(here.trace_id, here.span_id, error)

        assert trace_fields()["error_id"] == ERROR_ID
        with tracer.start_as_current_span("later work"):
            assert "error_id" not in trace_fields()


def test_an_exception_brings_its_ids_along_when_its_span_is_over():
    exc = ValueError("no")
    mark(exc, Mark(0xAB, 0xC, 1, ERROR_ID))

    assert trace_fields(exc) == {
        "trace_id": "0" * 30 + "ab",
        "span_id": "0" * 15 + "c",
        "trace_flags": "01",
        "error_id": ERROR_ID,
    }


def test_an_exception_of_another_trace_does_not_name_its_error_here(tracer):
    exc = ValueError("raised again and again")
    mark(exc, Mark(0xAB, 0xC, 1, ERROR_ID))

    with tracer.start_as_current_span("work"):
        assert "error_id" not in trace_fields(exc)


def test_the_id_of_the_request_is_there_with_and_without_a_span(tracer):
    token = set_request_id("req-7")
    try:
        assert trace_fields() == {"request_id": "req-7"}
        with tracer.start_as_current_span("work"):
            assert trace_fields()["request_id"] == "req-7"
    finally:
        reset_request_id(token)


def test_where_somebody_has_attached_no_context_at_all_there_is_nothing():
    token = context.attach(None)
    try:
        assert trace_fields() == {}
    finally:
        context.detach(token)
