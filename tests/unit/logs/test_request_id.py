import pytest
from opentelemetry import baggage, context
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind

from otel_bridge.logs.correlation import trace_fields
from otel_bridge.logs.request_id import (
    HEADERS,
    current_request_id,
    note_server_span,
    reset_request_id,
    set_request_id,
)


def test_an_id_holds_until_it_is_reset():
    token = set_request_id("req-7")
    assert current_request_id() == "req-7"

    reset_request_id(token)
    assert current_request_id() == ""


def test_an_id_in_the_baggage_is_carried_on():
    token = context.attach(baggage.set_baggage("request.id", "from-upstream"))
    try:
        assert current_request_id(context.get_current()) == "from-upstream"
    finally:
        context.detach(token)


@pytest.mark.parametrize(
    ("foreign", "kept"),
    [
        ("a\nINFO forged line", "aINFO forged line"),
        ("a\x1b[31mb", "a[31mb"),
        ("ä", ""),
        ("x" * 500, "x" * 200),
    ],
    ids=["newline", "escape", "not-ascii", "long"],
)
def test_an_id_cannot_break_a_log_line(foreign, kept):
    token = set_request_id(foreign)
    try:
        assert current_request_id() == kept
    finally:
        reset_request_id(token)


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("value", [["req-7"], ("req-7", "req-8"), "req-7"])
def test_the_header_of_the_request_is_carried_by_all_lines_of_its_trace(tracer, name, value):
    with tracer.start_as_current_span("GET /", kind=SpanKind.SERVER) as server:
        note_server_span(server)
        assert "request_id" not in trace_fields()
        server.set_attribute(name, value)
        with tracer.start_as_current_span("load"):
            assert trace_fields()["request_id"] == "req-7"
        with tracer.start_as_current_span("other trace", context=Context()):
            assert "request_id" not in trace_fields()

    assert "request_id" not in trace_fields()


def test_what_was_set_goes_before_the_header_and_that_before_the_baggage(tracer):
    carried = context.attach(baggage.set_baggage("request.id", "carried"))
    with tracer.start_as_current_span("GET /", kind=SpanKind.SERVER) as server:
        note_server_span(server)
        assert trace_fields()["request_id"] == "carried"
        server.set_attribute(HEADERS[0], ["header\nforged"])
        assert trace_fields()["request_id"] == "headerforged"
        token = set_request_id("own")
        assert trace_fields()["request_id"] == "own"
        reset_request_id(token)
    context.detach(carried)


def test_a_span_that_is_gone_and_a_header_of_another_kind_are_no_id(tracer):
    note_server_span(tracer.start_span("GET /", kind=SpanKind.SERVER))
    with tracer.start_as_current_span("GET /", kind=SpanKind.SERVER) as server:
        assert "request_id" not in trace_fields()
        note_server_span(server)
        server.set_attribute(HEADERS[0], [7])
        assert "request_id" not in trace_fields()
