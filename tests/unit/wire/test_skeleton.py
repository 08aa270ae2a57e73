from otel_bridge.wire import messages, skeleton
from tests.unit.wire.make import request_of, span_message


def declared(message):
    return {field.name: field.number for field in message.DESCRIPTOR.fields}


def test_fields_of_records_are_those_of_the_official_messages():
    assert declared(skeleton.Span).items() <= declared(messages.Span).items()
    assert declared(skeleton.Log).items() <= declared(messages.LogRecord).items()


def test_both_signals_have_the_same_outer_layout():
    for traces, logs in (
        (messages.ExportTraceServiceRequest, messages.ExportLogsServiceRequest),
        (messages.ResourceSpans, messages.ResourceLogs),
        (messages.ScopeSpans, messages.ScopeLogs),
    ):
        assert sorted(declared(traces).values()) == sorted(declared(logs).values())


def test_what_is_not_declared_stays_with_the_message():
    raw = request_of(span_message(name="x", trace_state="a=1")).SerializeToString()

    assert skeleton.Request.FromString(raw).SerializeToString() == raw


def test_our_messages_are_not_among_those_of_the_application():
    from google.protobuf import descriptor_pool  # noqa: PLC0415 - the application's pool

    assert skeleton.Span.DESCRIPTOR.file.pool is not descriptor_pool.Default()
