"""OTLP/JSON and protobuf say the same, judged by protobuf's own JSON mapping."""

import json
from base64 import b64decode

from google.protobuf.json_format import MessageToDict
from hypothesis import given, strategies as st

from otel_bridge.errors import ReceiveError
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.encode_logs import LogEncoder
from otel_bridge.wire.json_write import write_json
from otel_bridge.wire.messages import (
    SEVERITIES,
    SPAN_KINDS,
    STATUS_CODES,
    ExportLogsServiceRequest,
    ExportTraceServiceRequest,
)
from otel_bridge.wire.otlp_json import read_json
from tests.properties import wire_data as data

ENUMS = {"kind": SPAN_KINDS, "code": STATUS_CODES, "severityNumber": SEVERITIES}
IDS = ("traceId", "spanId", "parentSpanId")


def by_the_rules(part, upper):
    """Protobuf's JSON mapping with what OTLP changes: hexadecimal ids, enum numbers."""
    if isinstance(part, list):
        return [by_the_rules(item, upper) for item in part]
    if not isinstance(part, dict):
        return part
    out = {}
    for name, value in part.items():
        if name in IDS:
            text = b64decode(value).hex()
            out[name] = text.upper() if upper else text
        elif name in ENUMS and isinstance(value, str):
            out[name] = ENUMS[name][value]
        else:
            out[name] = by_the_rules(value, upper)
    return out


def canonical(kind, body):
    """What a request says, in a form in which every NaN is the same."""
    return MessageToDict(kind.FromString(body))


traces = st.lists(data.spans, max_size=3).map(SpanEncoder().batch)
logs = st.lists(data.logs, max_size=3).map(LogEncoder().batch)


def assert_json_is_read(batch, kind, upper):
    message = kind.FromString(batch.to_request())
    body = json.dumps(by_the_rules(MessageToDict(message), upper)).encode()

    received = read_json(body, batch.signal)

    assert canonical(kind, received.to_request()) == canonical(kind, batch.to_request())
    assert list(received.records()) == [
        record._replace(raw=again.raw)
        for record, again in zip(batch.records(), received.records(), strict=True)
    ]


@data.EXAMPLES
@given(traces, st.booleans())
def test_traces_in_json_are_the_same_in_protobuf(batch, upper):
    assert_json_is_read(batch, ExportTraceServiceRequest, upper)


@data.EXAMPLES
@given(logs, st.booleans())
def test_logs_in_json_are_the_same_in_protobuf(batch, upper):
    assert_json_is_read(batch, ExportLogsServiceRequest, upper)


@data.EXAMPLES
@given(traces)
def test_traces_written_as_json_are_read_back(batch):
    received = read_json(write_json(batch), Signal.TRACES)

    kind = ExportTraceServiceRequest
    assert canonical(kind, received.to_request()) == canonical(kind, without_status(batch))


@data.EXAMPLES
@given(logs)
def test_logs_written_as_json_are_read_back(batch):
    received = read_json(write_json(batch), Signal.LOGS)

    kind = ExportLogsServiceRequest
    assert canonical(kind, received.to_request()) == canonical(kind, batch.to_request())


def without_status(batch):
    """A status that says nothing is not written in JSON."""
    request = ExportTraceServiceRequest.FromString(batch.to_request())
    for group in request.resource_spans:
        for scope in group.scope_spans:
            for span in scope.spans:
                if not span.status.ByteSize():
                    span.ClearField("status")
    return request.SerializeToString()


json_names = (
    "resource scopeSpans scope spans name kind traceId spanId attributes key value stringValue "
    "intValue doubleValue bytesValue arrayValue kvlistValue values status code events links flags"
)
json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=20),
        st.sampled_from(["5", "ab" * 16, "cd" * 8]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(json_names.split()), inner, max_size=4),
    ),
    max_leaves=20,
)


@data.EXAMPLES
@given(json_values)
def test_any_json_is_a_batch_or_a_receive_error(value):
    try:
        batch = read_json(json.dumps({"resourceSpans": value}).encode(), Signal.TRACES)
    except ReceiveError:
        return
    ExportTraceServiceRequest.FromString(batch.to_request())
