import gzip
import json
import zlib

import pytest

from otel_bridge.errors import ReceiveError, TooLarge
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.detect import read_body
from otel_bridge.wire.messages import ExportLogsServiceRequest
from tests.unit.wire.make import request_of, span_message

BIG = 10**9
TRACES = request_of(span_message(1), span_message(2)).SerializeToString()
LOGS = ExportLogsServiceRequest(
    resource_logs=[{"scope_logs": [{"log_records": [{"body": {"string_value": "x"}}]}]}]
).SerializeToString()
SPAN = {"traceId": "ab" * 16, "spanId": "cd" * 8}
JSON_TRACES = {"resourceSpans": [{"scopeSpans": [{"spans": [SPAN]}]}]}
JSON_LOGS = {"resourceLogs": [{"scopeLogs": [{"logRecords": [{}]}]}]}
JSON_METRICS = {"resourceMetrics": [{"scopeMetrics": []}]}


def found(body):
    return [(batch.signal.value, len(batch)) for batch in read_body(body, max_bytes=BIG)]


def lines(*documents):
    return b"\n".join(json.dumps(document).encode() for document in documents) + b"\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (TRACES, [("traces", 2)]),
        (LOGS, [("logs", 1)]),
        (gzip.compress(TRACES, mtime=0), [("traces", 2)]),
        (zlib.compress(LOGS), [("logs", 1)]),
        (json.dumps(JSON_TRACES).encode(), [("traces", 1)]),
        (json.dumps(JSON_LOGS, indent=2).encode(), [("logs", 1)]),
        (b"\n \t" + json.dumps(JSON_LOGS).encode(), [("logs", 1)]),
        (b"\xef\xbb\xbf" + json.dumps(JSON_LOGS).encode(), [("logs", 1)]),
        (gzip.compress(lines(JSON_TRACES, JSON_LOGS), mtime=0), [("traces", 1), ("logs", 1)]),
        (lines(JSON_TRACES, JSON_METRICS, {}, JSON_LOGS), [("traces", 1), ("logs", 1)]),
        (lines(JSON_TRACES).replace(b"\n", b"\r\n\r\n") * 2, [("traces", 1)] * 2),
        (lines({**JSON_TRACES, **JSON_LOGS}), [("traces", 1), ("logs", 1)]),
        (b"{}", []),
        (request_of().SerializeToString(), [("traces", 0)]),
    ],
)
def test_a_body_is_read_whatever_it_is(body, expected):
    assert found(body) == expected


@pytest.mark.parametrize(
    "log",
    [
        {"time_unix_nano": 1},
        {"observed_time_unix_nano": 1, "trace_id": b"\x01" * 16, "span_id": b"\x02" * 8},
        {"severity_number": 9, "severity_text": "INFO"},
        {"body": {}},
    ],
    ids=["time", "observed", "severity", "body"],
)
def test_log_records_are_told_from_spans_by_what_they_have(log):
    body = ExportLogsServiceRequest(resource_logs=[{"scope_logs": [{"log_records": [log]}]}])

    assert found(body.SerializeToString()) == [("logs", 1)]


def test_a_protobuf_request_that_looks_like_json_is_protobuf():
    span = span_message(1)
    for padding in range(200):
        span.name = "n" * padding
        body = request_of(span).SerializeToString()
        if body[:2] == b"\n{":
            break
    assert body[:2] == b"\n{"

    assert found(body) == [("traces", 1)]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"hello", "neither"),
        (b"\x00\x01", "neither"),
        (b"[{}]", "neither"),
        (b"\x0a\x05ab", "protobuf"),
        (TRACES[:-3], "protobuf"),
        (b'{"resourceSpans": [', "JSON"),
        (b'{"foo": 1}', "resourceSpans"),
        (b'{"\xe5x": 1}', "resourceSpans"),
        (b"\x0a\x0c\x12\x0a\x12\x08\x10\x09\x2a\x00\x7a\x02\xff\xff", "neither spans nor log"),
        (json.dumps(JSON_METRICS).encode(), "metrics"),
        (lines(JSON_METRICS, JSON_METRICS), "metrics"),
        (b"\x0a\x04\x12\x02\x12\x00", "neither spans nor log records"),
        (gzip.compress(TRACES, mtime=0)[:-5], "cut short"),
    ],
)
def test_what_is_neither_is_refused(body, what):
    with pytest.raises(ReceiveError, match=what):
        read_body(body, max_bytes=BIG)


def test_metrics_are_not_mistaken_for_spans():
    metric = b"\x0a\x0dhttp.requests\x12\x04desc\x1a\x011"
    body = b"\x0a" + bytes([len(metric) + 4]) + b"\x12" + bytes([len(metric) + 2])
    body += b"\x12" + bytes([len(metric)]) + metric

    with pytest.raises(ReceiveError, match="neither spans nor log records"):
        read_body(body, max_bytes=BIG)


def test_the_line_of_a_mistake_is_named():
    bad_json = lines(JSON_TRACES, JSON_LOGS) + b"{oops\n"
    bad_span = lines(
        JSON_TRACES, {"resourceSpans": [{"scopeSpans": [{"spans": [{"kind": "x"}]}]}]}
    )

    with pytest.raises(ReceiveError, match=r"line 3$"):
        read_body(bad_json, max_bytes=BIG)
    with pytest.raises(ReceiveError, match=r"line 2, resourceSpans\[0\]"):
        read_body(bad_span, max_bytes=BIG)


def test_limits_hold_for_the_body_and_for_all_lines_together():
    with pytest.raises(TooLarge):
        read_body(gzip.compress(TRACES, mtime=0), max_bytes=len(TRACES) - 1)
    with pytest.raises(TooLarge):
        read_body(TRACES, max_bytes=BIG, max_records=3)
    with pytest.raises(TooLarge, match="line"):
        read_body(lines(*[JSON_TRACES] * 10), max_bytes=BIG, max_records=9)


def test_a_body_can_be_forwarded():
    (batch,) = read_body(TRACES, max_bytes=BIG)

    assert batch.signal is Signal.TRACES
    assert batch.to_request().endswith(TRACES[-20:])


@pytest.mark.parametrize("body", [b"", b"\n", b" \n ", gzip.compress(b"", mtime=0)])
def test_an_empty_request_is_valid_and_holds_nothing(body):
    assert read_body(body, max_bytes=1000) == []
