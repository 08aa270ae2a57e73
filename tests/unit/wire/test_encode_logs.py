from types import SimpleNamespace

import pytest
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import TraceFlags

from otel_bridge.wire.batch import Signal
from otel_bridge.wire.encode_logs import LogEncoder
from otel_bridge.wire.messages import ExportLogsServiceRequest, LogRecord
from otel_bridge.wire.receive import read_request
from otel_bridge.wire.values import to_python
from tests.unit.wire.make import SPAN_ID, TRACE_ID, bounded, make_log, without_empty_messages


class Unshowable:
    def __str__(self):
        raise RuntimeError


def decoded(record):
    return LogRecord.FromString(LogEncoder().record(record).raw)


def assert_official(*records):
    ours = ExportLogsServiceRequest.FromString(LogEncoder().batch(records).to_request())
    assert without_empty_messages(ours) == without_empty_messages(encode_logs(records))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"severity_number": SeverityNumber.ERROR},
        {"severity_text": None, "body": None, "attributes": None},
        {"body": {"a": [1, None, {"b": b"x"}]}, "event_name": "device.app.lifecycle"},
        {"trace_id": 0, "span_id": 0, "trace_flags": TraceFlags(0)},
        {"timestamp": None},
        {"timestamp": 0, "observed_timestamp": 0},
        {"dropped_attributes": 4, "attributes": bounded({"a": 1})},
        {"instrumentation_scope": None},
        {"instrumentation_scope": InstrumentationScope("s", "1", "https://x/1", {"a": 1})},
        {"resource": Resource({"a": 1}, "https://x/2")},
    ],
)
def test_a_log_record_is_encoded_as_the_official_encoder_does(changes):
    assert_official(make_log(**changes))


def test_log_records_are_grouped_by_resource_and_scope():
    other = Resource({"service.name": "cart"})

    assert_official(make_log(body="1"), make_log(body="2", resource=other), make_log(body="3"))


def test_what_rides_beside_a_log_record_is_what_a_receiver_reads_from_it():
    records = [
        make_log(severity_number=SeverityNumber.WARN),
        make_log(trace_id=0, span_id=0, timestamp=None),
    ]

    batch = LogEncoder().batch(records)

    assert list(read_request(batch.to_request(), Signal.LOGS).records()) == list(batch.records())


def test_the_record_of_a_log_names_its_trace_and_time():
    record = LogEncoder().record(make_log(severity_number=SeverityNumber.FATAL, timestamp=None))

    assert record[:-1] == (
        TRACE_ID.to_bytes(16, "big"),
        SPAN_ID.to_bytes(8, "big"),
        1,
        21,
        1_700_000_000_000_000_001,
    )


# What follows are the differences from the official encoder, each on purpose.


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (ValueError("no"), "no"),
        ("\ud800", "\ufffd"),
        ([2**64], "(cannot be encoded: an integer beyond 64 bits)"),
        (Unshowable(), "(cannot be encoded: RuntimeError)"),
    ],
    ids=["object", "surrogate", "large number", "no text"],
)
def test_a_body_that_the_official_encoder_fails_on_does_not_cost_the_batch(body, expected):
    assert to_python(decoded(make_log(body=body)).body) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"trace_id": None, "span_id": None, "trace_flags": None},
        {"trace_id": 2**200, "span_id": -1, "trace_flags": "x"},
        {"severity_number": SimpleNamespace(value=None), "severity_text": 5},
        {"timestamp": "soon", "observed_timestamp": -1},
        {"attributes": {1: {2, 3}}},
        {"resource": None, "instrumentation_scope": None},
    ],
)
def test_odd_data_never_raises_and_can_be_read_back(changes):
    batch = LogEncoder().batch([make_log(**changes), make_log()])

    assert len(read_request(batch.to_request(), Signal.LOGS)) == 2


def test_a_record_of_an_sdk_without_event_names_has_none():
    record = make_log()
    del record.log_record.event_name

    assert decoded(record).event_name == ""
