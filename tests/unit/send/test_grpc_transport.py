import socket
from dataclasses import replace
from pathlib import Path

import pytest

from otel_bridge.send.destination import OtlpDestination
from otel_bridge.send.grpc_transport import GrpcChannel
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.send.transport import Unreachable
from otel_bridge.stats import Stats
from otel_bridge.testing.grpc_server import FakeGrpcServer, GrpcAnswer
from tests.unit.send.by_hand import spans
from tests.unit.send.test_grpc_status import details, info

METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
OPTIONS = SendOptions(
    otlp_protocol="grpc",
    timeout_s=0.5,
    otlp_headers=(("X-Team", "payments"),),
    retry=RetryOptions(initial_s=0.01, max_s=0.05),
)


@pytest.fixture
def server():
    with FakeGrpcServer() as running:
        yield running


@pytest.fixture
def channel(server):
    opened = GrpcChannel(server.url, OPTIONS)
    yield opened
    opened.close()


def test_a_call_returns_code_metadata_and_body(server, channel):
    server.answer(GrpcAnswer(code=14, message="busy", metadata=(("x", "y"),)))

    reply = channel.call(METHOD, b"", {}, 1.0)

    assert (reply.code, reply.details, reply.body) == (14, "busy", b"")
    assert ("x", "y") in reply.metadata


def test_a_call_ends_at_its_deadline(server, channel):
    server.answer(GrpcAnswer(delay_s=0.3))

    assert channel.call(METHOD, b"", {}, 0.05).code == 4


def test_a_server_that_is_not_there_is_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    channel = GrpcChannel(f"127.0.0.1:{port}", OPTIONS)

    assert channel.call(METHOD, b"", {}, 1.0).code == 14
    channel.close()


def test_a_certificate_file_that_is_not_there_makes_the_server_unreachable(server):
    options = replace(OPTIONS, ca_file=Path("/nowhere/ca.pem"))
    channel = GrpcChannel("https://localhost:1", options)

    with pytest.raises(Unreachable, match="tls"):
        channel.call(METHOD, b"", {}, 1.0)


def test_a_closed_channel_opens_again(server, channel):
    channel.call(METHOD, b"", {}, 1.0)
    channel.close()

    assert channel.call(METHOD, b"", {}, 1.0).code == 0


@pytest.mark.parametrize("compression", ["gzip", "none"])
def test_spans_arrive_with_their_headers(server, compression):
    stats = Stats()
    options = replace(OPTIONS, otlp_compression=compression)
    destination = OtlpDestination(server.url, None, options, stats)

    destination.offer(spans(3))

    assert destination.shutdown(5.0)
    assert len(server.spans) == 3
    assert server.metadata[0]["x-team"] == "payments"
    assert stats.snapshot()["span"] == {"received": 0, "delivered": 3}


def test_a_busy_server_gets_the_spans_when_it_wants_them(server):
    server.answer(
        GrpcAnswer(code=14),
        GrpcAnswer(code=8, metadata=(details(info(0, 1_000_000)),)),
        GrpcAnswer(code=8, metadata=(("google.rpc.retryinfo-bin", info(0).SerializeToString()),)),
    )
    destination = OtlpDestination(server.url, None, OPTIONS)

    destination.offer(spans(3))

    assert destination.flush(5.0)
    assert len(server.spans) == 3
    assert len(server.metadata) == 4
    destination.shutdown(1.0)


def test_what_is_refused_or_thrown_away_is_counted(server):
    stats = Stats()
    server.answer(GrpcAnswer(code=8), GrpcAnswer(code=3), GrpcAnswer(rejected=1, message="bad"))
    destination = OtlpDestination(server.url, None, OPTIONS, stats)

    for number in (10, 20, 30):
        destination.offer(spans(number))

    assert not destination.shutdown(5.0)
    assert stats.snapshot()["span"] == {
        "received": 0,
        "delivered": 29,
        "refused:grpc_invalid_argument": 20,
        "refused:grpc_resource_exhausted": 10,
        "refused:partial_success": 1,
    }


def test_a_child_opens_its_own_channel(server, channel):
    channel.call(METHOD, b"", {}, 1.0)

    channel.after_fork_in_child()

    assert channel.call(METHOD, b"", {}, 1.0).code == 0
    channel._left_behind[0].close()
