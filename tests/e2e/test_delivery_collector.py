"""A real Collector gets what it is sent, in both protocols, also when it goes away in between."""

import time

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord as LogMessage
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from otel_bridge.send.destination import OtlpDestination
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.stats import Stats
from otel_bridge.wire.batch import (
    Batch,
    LogRecord,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanRecord,
)

RETRY = RetryOptions(initial_s=0.05, max_s=0.5)


def batch(name, number=1):
    now = time.time_ns()
    span = Span(
        trace_id=b"t" * 16,
        span_id=b"s" * 8,
        name=name,
        start_time_unix_nano=now,
        end_time_unix_nano=now + 1,
    )
    record = SpanRecord(span.trace_id, span.span_id, b"", 0, 1, 0, now, now + 1,
                        span.SerializeToString())  # fmt: skip
    return Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", [record] * number)])])


def destination_to(server, protocol, **options):
    stats = Stats()
    url = server.grpc_url if protocol == "grpc" else server.http_url
    options = SendOptions(otlp_protocol=protocol, retry=RETRY, **options)
    return OtlpDestination(url, None, options, stats), stats


@pytest.mark.parametrize("compression", ["gzip", "none"])
@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_spans_and_logs_arrive(protocol, compression, collector):
    name = f"{protocol} {compression}"
    destination, stats = destination_to(collector, protocol, otlp_compression=compression)
    message = LogMessage(time_unix_nano=time.time_ns(), severity_text=name)
    record = LogRecord(b"", b"", 0, 0, 0, message.SerializeToString())

    destination.offer(batch(name, 3))
    destination.offer(Batch(Signal.LOGS, [ResourceGroup(b"", [ScopeGroup(b"", [record])])]))

    assert destination.shutdown(10.0)
    assert stats.snapshot()["span"] == {"received": 0, "delivered": 3}
    assert stats.snapshot()["log"] == {"received": 0, "delivered": 1}
    assert len(collector.wait_for_spans(lambda span: span["name"] == name, 3)) == 3
    wanted = name.encode()
    deadline = time.monotonic() + 10
    while collector.everything().count(wanted) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert collector.everything().count(wanted) >= 4


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_a_large_batch_arrives_in_parts(protocol, collector):
    name = f"large {protocol} " + "x" * 1_000
    destination, _ = destination_to(collector, protocol)

    destination.offer(batch(name, 10_000))

    assert destination.shutdown(30.0)
    collector.wait_for_spans(lambda span: span["name"] == name, 10_000, timeout=30)


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_a_collector_that_is_killed_and_comes_back_gets_the_rest(protocol, start_collector):
    collector = start_collector()
    destination, stats = destination_to(collector, protocol)
    for number in range(60):
        destination.offer(batch(f"{number}"))
        if number % 20 == 10:
            collector.kill()
            collector.telemetry_file.unlink(missing_ok=True)  # its last line may be torn
        if number % 20 == 15:
            collector.start()
        time.sleep(0.01)

    assert destination.shutdown(30.0)
    assert stats.snapshot()["span"] == {"received": 0, "delivered": 60}
    # What it had taken and not written when it was killed is its own loss; the last kill came
    # after number 50.
    last = {str(number) for number in range(51, 60)}
    found = collector.wait_for_spans(lambda span: span["name"] in last, len(last))
    assert {span["name"] for span in found} == last
