import msgspec
import pytest

from otel_bridge.errors import ReceiveError
from otel_bridge.wire import json_shapes as shapes
from otel_bridge.wire.json_records import RecordWriter
from otel_bridge.wire.messages import LogRecord, Span
from otel_bridge.wire.values import attributes

TRACE_ID = "5b8efff798038103d269b633813fc60c"
SPAN_ID = "EEE19B7EC3C1B174"
PARENT_ID = "eee19b7ec3c1b173"


def span(**fields):
    return RecordWriter().span(msgspec.convert(fields, shapes.Span))


def log(**fields):
    return RecordWriter().log(msgspec.convert(fields, shapes.LogRecord))


def test_a_span_is_written_with_all_its_fields():
    record = span(
        traceId=TRACE_ID,
        spanId=SPAN_ID,
        traceState="a=1",
        parentSpanId=PARENT_ID,
        flags=257,
        name="GET /",
        kind=2,
        startTimeUnixNano="1544712660000000000",
        endTimeUnixNano=1544712661000000000,
        attributes=[{"key": "a", "value": {"intValue": "5"}}],
        droppedAttributesCount=1,
        events=[
            {
                "timeUnixNano": "5",
                "name": "exception",
                "attributes": [{"key": "b", "value": {"boolValue": True}}],
                "droppedAttributesCount": 2,
            },
            None,
        ],
        droppedEventsCount=3,
        links=[
            {
                "traceId": TRACE_ID,
                "spanId": SPAN_ID,
                "traceState": "b=2",
                "attributes": [{"key": "c", "value": {}}],
                "droppedAttributesCount": 4,
                "flags": 768,
            },
            None,
        ],
        droppedLinksCount=5,
        status={"code": 2, "message": "no"},
    )

    message = Span.FromString(record.raw)
    trace_id, span_id = bytes.fromhex(TRACE_ID), bytes.fromhex(SPAN_ID)
    assert message == Span(
        trace_id=trace_id,
        span_id=span_id,
        trace_state="a=1",
        parent_span_id=bytes.fromhex(PARENT_ID),
        flags=257,
        name="GET /",
        kind=2,
        start_time_unix_nano=1544712660000000000,
        end_time_unix_nano=1544712661000000000,
        attributes=[{"key": "a", "value": {"int_value": 5}}],
        dropped_attributes_count=1,
        events=[
            {
                "time_unix_nano": 5,
                "name": "exception",
                "attributes": [{"key": "b", "value": {"bool_value": True}}],
                "dropped_attributes_count": 2,
            }
        ],
        dropped_events_count=3,
        links=[
            {
                "trace_id": trace_id,
                "span_id": span_id,
                "trace_state": "b=2",
                "attributes": [{"key": "c", "value": {}}],
                "dropped_attributes_count": 4,
                "flags": 768,
            }
        ],
        dropped_links_count=5,
        status={"code": 2, "message": "no"},
    )
    assert record[:8] == (
        trace_id,
        span_id,
        bytes.fromhex(PARENT_ID),
        257,
        2,
        2,
        1544712660000000000,
        1544712661000000000,
    )
    assert record.has_events


def test_a_log_record_is_written_with_all_its_fields():
    record = log(
        timeUnixNano="7",
        observedTimeUnixNano="8",
        severityNumber=17,
        severityText="ERROR",
        body={"stringValue": "it broke"},
        attributes=[{"key": "a", "value": {"doubleValue": 0.5}}],
        droppedAttributesCount=1,
        flags=1,
        traceId=TRACE_ID,
        spanId=SPAN_ID,
        eventName="exception",
    )

    message = LogRecord.FromString(record.raw)
    trace_id, span_id = bytes.fromhex(TRACE_ID), bytes.fromhex(SPAN_ID)
    assert (message.time_unix_nano, message.observed_time_unix_nano) == (7, 8)
    assert (message.severity_number, message.severity_text) == (17, "ERROR")
    assert (message.body.string_value, attributes(message.attributes)) == ("it broke", {"a": 0.5})
    assert (message.dropped_attributes_count, message.flags) == (1, 1)
    assert (message.trace_id, message.span_id) == (trace_id, span_id)
    assert message.event_name == "exception"
    assert record[:-1] == (trace_id, span_id, 1, 17, 7)


def test_what_is_missing_is_empty():
    assert span() == (b"", b"", b"", 0, 0, 0, 0, 0, b"", False)
    assert log() == (b"", b"", 0, 0, 0, b"")


def test_ids_of_nothing_but_zeros_are_no_ids():
    assert span(parentSpanId="0" * 16).parent_span_id == b""
    assert log(traceId="0" * 32, spanId="0" * 16)[:2] == (b"", b"")


@pytest.mark.parametrize("kind", [2, "2", "SPAN_KIND_SERVER"], ids=["number", "text", "name"])
def test_a_kind_may_be_written_in_three_ways(kind):
    assert span(kind=kind).kind == 2


def test_a_log_without_a_time_has_the_one_it_was_observed_at():
    assert log(observedTimeUnixNano=9).time_ns == 9


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"traceId": "x"}, "traceId"),
        ({"startTimeUnixNano": "now"}, "startTimeUnixNano"),
        ({"kind": "SERVER"}, "kind"),
        ({"status": {"code": "bad"}}, "status.code"),
        ({"events": [{"timeUnixNano": -1}]}, "event.timeUnixNano"),
        ({"links": [{"spanId": "x"}]}, "link.spanId"),
        ({"flags": 2**32}, "flags"),
    ],
)
def test_a_field_that_breaks_the_rules_is_refused_by_name(fields, name):
    with pytest.raises(ReceiveError, match=name):
        span(**fields)
