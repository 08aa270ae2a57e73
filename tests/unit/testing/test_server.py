import gzip
import json
import zlib

import pytest
import urllib3
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from otel_bridge.testing import Answer, FakeServer


@pytest.fixture
def server():
    with FakeServer() as running:
        yield running


def envelope(event_id="a" * 32, *more):
    event = b'{"message":"m"}'
    item = b'{"type":"event","length":%d}' % len(event)
    return b"\n".join([b'{"event_id":"%b"}' % event_id.encode(), item, event, *more])


def post(server, path, body=b"", **headers):
    return urllib3.request(
        "POST", server.url + path, body=body, headers=headers, timeout=5.0, retries=False
    )


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("identity", bytes), ("gzip", gzip.compress), ("deflate", zlib.compress)],
)
def test_an_envelope_is_taken_in_any_usual_encoding(server, encoding, compress):
    headers = {"Content-Encoding": encoding}

    answer = post(server, "/api/1/envelope/", compress(envelope()), **headers)

    assert answer.json() == {"id": "a" * 32}
    assert server.events == {"a" * 32: {"message": "m"}}


def test_an_event_counts_once_and_every_arrival_is_noted(server):
    for _ in range(2):
        post(server, "/api/1/envelope/", envelope())

    assert len(server.events) == 1
    assert server.event_ids == ["a" * 32] * 2


def test_client_reports_are_taken(server):
    report = b'{"discarded_events":[]}'
    item = b'{"type":"client_report","length":%d}' % len(report)

    post(server, "/api/1/envelope/", envelope("a" * 32, item, report))

    assert server.reports == [json.loads(report)]


def test_what_is_refused_is_seen_but_not_taken(server):
    server.answer(Answer(status=400))

    assert post(server, "/api/1/envelope/", envelope()).status == 400
    assert server.events == {}
    assert len(server.seen) == 1


def test_logs_are_taken_and_partial_success_is_told(server):
    request = ExportLogsServiceRequest()
    request.resource_logs.add().scope_logs.add().log_records.add().severity_text = "ERROR"
    server.answer(Answer(rejected=1, message="one too many"))

    answer = post(server, "/v1/logs", request.SerializeToString())

    said = ExportLogsServiceResponse.FromString(answer.data).partial_success
    assert (said.rejected_log_records, said.error_message) == (1, "one too many")
    assert server.logs[0].severity_text == "ERROR"


def test_partial_success_of_spans_is_told(server):
    server.answer(Answer(rejected=2))

    answer = post(server, "/v1/traces")

    assert ExportTraceServiceResponse.FromString(answer.data).partial_success.rejected_spans == 2


def test_a_body_and_headers_can_be_given(server):
    server.answer(Answer(body=b"<html>", headers={"X-A": "b"}))

    answer = post(server, "/anything")

    assert (answer.data, answer.headers["X-A"]) == (b"<html>", "b")


def test_it_comes_back_on_the_same_port(server):
    post(server, "/api/1/envelope/", envelope())
    dsn = server.dsn

    server.stop()
    with pytest.raises(urllib3.exceptions.HTTPError):
        post(server, "/api/1/envelope/", envelope())
    server.start()

    assert server.dsn == dsn
    assert post(server, "/api/1/envelope/", envelope()).status == 200


def test_waiting_ends_with_the_condition_or_the_time(server):
    assert server.wait_for(lambda: True)
    assert not server.wait_for(lambda: False, timeout=0.01)
