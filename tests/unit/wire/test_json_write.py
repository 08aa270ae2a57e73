import json
import math

from otel_bridge.wire.batch import Signal
from otel_bridge.wire.encode_logs import LogEncoder
from otel_bridge.wire.json_write import write_json
from otel_bridge.wire.messages import LogRecord, Span
from otel_bridge.wire.receive import read_request
from tests.unit.wire.make import make_log, request_of, span_message


def written(*spans):
    """The first scope group of a request, as JSON."""
    batch = read_request(request_of(*spans).SerializeToString(), Signal.TRACES)
    return json.loads(write_json(batch))["resourceSpans"][0]["scopeSpans"][0]


def values_of(**values):
    span = span_message(1)
    for key, value in values.items():
        kind, content = value
        setattr(span.attributes.add(key=key).value, kind, content)
    return {pair["key"]: pair["value"] for pair in written(span)["spans"][0]["attributes"]}


def test_ids_are_hexadecimal_enums_numbers_and_wide_numbers_strings():
    span = span_message(
        10, kind=2, start_time_unix_nano=2**63, flags=257, dropped_events_count=4,
        status=Span(status={"code": 2, "message": "no"}).status,
    )  # fmt: skip

    assert written(span)["spans"] == [
        {
            "traceId": "0000000000000000000000000000000a",
            "spanId": "000000000000000a",
            "flags": 257,
            "name": "span 10",
            "kind": 2,
            "startTimeUnixNano": "9223372036854775808",
            "droppedEventsCount": 4,
            "status": {"code": 2, "message": "no"},
        }
    ]


def test_values_are_written_by_the_rules():
    assert values_of(
        text=("string_value", ""),
        whole=("int_value", -(2**63)),
        yes=("bool_value", False),
        half=("double_value", 0.5),
        bytes=("bytes_value", b"\xff\xef"),
    ) == {
        "text": {"stringValue": ""},
        "whole": {"intValue": "-9223372036854775808"},
        "yes": {"boolValue": False},
        "half": {"doubleValue": 0.5},
        "bytes": {"bytesValue": "/+8="},
    }


def test_what_is_not_finite_has_a_name():
    values = {"a": math.nan, "b": math.inf, "c": -math.inf}

    assert values_of(**{key: ("double_value", value) for key, value in values.items()}) == {
        "a": {"doubleValue": "NaN"},
        "b": {"doubleValue": "Infinity"},
        "c": {"doubleValue": "-Infinity"},
    }


def test_a_body_that_says_nothing_is_still_a_body():
    batch = LogEncoder().batch([make_log(body=None, attributes=None)])

    log = json.loads(write_json(batch))["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]

    assert log["body"] == {}
    assert "attributes" not in log


def test_a_log_record_without_a_body_has_none():
    raw = LogRecord(severity_number=9).SerializeToString()
    batch = LogEncoder().batch([make_log()])
    batch.resources[0].scopes[0].records = [next(batch.records())._replace(raw=raw)]

    log = json.loads(write_json(batch))["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]

    assert log == {"severityNumber": 9}


def test_nothing_is_an_empty_request():
    assert not written().get("spans")
