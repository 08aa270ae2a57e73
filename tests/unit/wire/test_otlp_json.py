import json

import pytest

from otel_bridge.errors import ReceiveError, TooLarge
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.messages import ExportLogsServiceRequest, ExportTraceServiceRequest
from otel_bridge.wire.otlp_json import batch_of, decode_document, read_json


def traces(*spans, **scope):
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans, **scope}]}]}).encode()


def test_traces_are_read_with_their_groups():
    body = {
        "resourceSpans": [
            {
                "resource": {
                    "attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}],
                    "droppedAttributesCount": 1,
                },
                "schemaUrl": "https://x/1",
                "scopeSpans": [
                    {
                        "scope": {"name": "lib", "version": "1", "attributes": [{"key": "a"}],
                                  "droppedAttributesCount": 2},
                        "schemaUrl": "https://x/2",
                        "spans": [{"name": "a"}, None],
                    },
                    None,
                ],
            },
            None,
        ]
    }  # fmt: skip

    batch = read_json(json.dumps(body).encode(), Signal.TRACES)

    assert ExportTraceServiceRequest.FromString(batch.to_request()) == ExportTraceServiceRequest(
        resource_spans=[
            {
                "resource": {
                    "attributes": [{"key": "service.name", "value": {"string_value": "shop"}}],
                    "dropped_attributes_count": 1,
                },
                "schema_url": "https://x/1",
                "scope_spans": [
                    {
                        "scope": {"name": "lib", "version": "1", "attributes": [{"key": "a"}],
                                  "dropped_attributes_count": 2},
                        "schema_url": "https://x/2",
                        "spans": [{"name": "a"}],
                    }
                ],
            }
        ]
    )  # fmt: skip


def test_logs_are_read_with_their_groups():
    body = b'{"resourceLogs": [{"scopeLogs": [{"logRecords": [{"severityNumber": 9}]}]}]}'

    batch = read_json(body, Signal.LOGS)

    request = ExportLogsServiceRequest.FromString(batch.to_request())
    assert request.resource_logs[0].scope_logs[0].log_records[0].severity_number == 9


@pytest.mark.parametrize("body", [b"{}", b' {"resourceSpans": null}', b'{"later": {"a": [1]}}'])
def test_a_request_may_be_empty_and_unknown_fields_are_ignored(body):
    assert len(read_json(body, Signal.TRACES)) == 0


@pytest.mark.parametrize(
    ("escaped", "expected"),
    [
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\ud83d", "\ufffd"),
        (r"a\udfff b", "a\ufffd b"),
        (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (r"\\ud83d\ud83d", "\\ud83d\ufffd"),
        (r"\"\ud83d\n", '"\ufffd\n'),
    ],
)
def test_escaped_surrogates_are_repaired_where_they_are_alone(escaped, expected):
    body = b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"%b"}]}]}]}' % escaped.encode()

    request = ExportTraceServiceRequest.FromString(read_json(body, Signal.TRACES).to_request())

    assert request.resource_spans[0].scope_spans[0].spans[0].name == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b"{} {}",
        b'{"resourceSpans": {}}',
        b'{"resourceSpans": [1]}',
        b'{"resourceSpans": "\xff"}',
        b'{"resourceSpans": "\\ud83d"}',
        b'{"resourceSpans": NaN}',
        traces({"name": 5}),
        traces({"attributes": [{"key": "a", "value": {"stringValue": 5}}]}),
        traces({"kind": True}),
    ],
)
def test_what_is_not_of_the_shape_is_refused(body):
    with pytest.raises(ReceiveError, match="OTLP/JSON"):
        read_json(body, Signal.TRACES)


def test_a_value_nested_without_end_is_refused():
    open_list, close_list = b'{"arrayValue":{"values":[', b"]}}"
    value = open_list * 100_000 + close_list * 100_000
    body = b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":%b}]}]}]}' % value

    with pytest.raises(ReceiveError, match="nested"):
        read_json(body, Signal.LOGS)


def test_what_breaks_a_rule_is_refused_with_its_place():
    with pytest.raises(ReceiveError) as caught:
        read_json(traces({}, {"traceId": "x"}), Signal.TRACES)

    assert caught.value.where == "resourceSpans[0].scopeSpans[0].spans[1]"


def test_what_was_found_is_never_quoted():
    secret = "hunter2-" * 3
    bodies = [
        traces({"traceId": secret}),
        traces({"kind": secret}),
        traces({"startTimeUnixNano": secret}),
        traces({"attributes": [{"value": {"bytesValue": secret + "!"}}]}),
        traces({"attributes": secret}),
        traces({"flags": [secret]}),
        secret.encode(),
    ]

    for body in bodies:
        with pytest.raises(ReceiveError) as caught:
            read_json(body, Signal.TRACES)
        assert "hunter2" not in str(caught.value)


def test_a_body_of_empty_records_is_too_large():
    body = traces(*[{}] * 100)

    with pytest.raises(TooLarge):
        read_json(body, Signal.TRACES, max_records=50)


def test_a_document_of_two_signals_gives_both():
    body = b'{"resourceSpans": [{"scopeSpans": [{"spans": [{}]}]}], "resourceLogs": []}'
    document = decode_document(body)

    assert [len(batch_of(document, signal)) for signal in Signal] == [1, 0]
