import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.pipeline import Pipeline
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Stats
from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord
from otel_bridge.wire.messages import Span as SpanMessage

TRACE = bytes(15) + b"\x07"
SECRET = "hunter2-" + "x" * 8


def failed_span(message="no such order"):
    span = Span(
        trace_id=TRACE,
        span_id=b"\x01" * 8,
        name="GET /orders/{id}",
        kind=2,
        start_time_unix_nano=1_700_000_000_000_000_000,
        end_time_unix_nano=1_700_000_001_000_000_000,
        status=Status(code=2),
        flags=0x100,
    )
    span.attributes.add(key="db.password").value.string_value = SECRET
    event = span.events.add(name="exception", time_unix_nano=1_700_000_000_500_000_000)
    event.attributes.add(key="exception.type").value.string_value = "LookupError"
    event.attributes.add(key="exception.message").value.string_value = message
    return SpanRecord(
        TRACE, b"\x01" * 8, b"", 0x100, 2, 2, span.start_time_unix_nano,
        span.end_time_unix_nano, span.SerializeToString(),
    )  # fmt: skip


def batch_of(*records):
    return Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", list(records))])])


def pipeline(stats, **options):
    return Pipeline(Scrubber(), Converter(ConvertOptions(**options)), stats)


def with_before_send(stats, before_send):
    return Pipeline(Scrubber(), Converter(ConvertOptions()), stats, before_send)


def test_a_failed_span_becomes_one_event_and_a_clean_batch():
    stats = Stats()
    stages = pipeline(stats, release="shop@1")

    output = stages.accept(batch_of(failed_span()), now=1.0)
    (event,) = output.events + stages.drain()

    (value,) = event["exception"]["values"]
    assert (value["type"], value["value"], event["release"]) == (
        "LookupError",
        "no such order",
        "shop@1",
    )
    (record,) = output.batch.records()
    assert SECRET.encode() not in record.raw
    assert SpanMessage.FromString(record.raw).name == "GET /orders/{id}"
    assert SECRET not in repr(event)


def test_what_comes_in_is_counted():
    stats = Stats()
    stages = pipeline(stats)

    stages.accept(batch_of(failed_span()), now=1.0)
    stages.drain()

    counts = stats.snapshot()
    assert counts["span"]["received"] == 1
    assert counts["error"]["received"] == 1
    assert sum(counts["redactions"].values()) >= 1


def test_a_repeat_and_an_expected_error_are_counted_and_become_no_event():
    stats = Stats()
    stages = pipeline(stats)
    assert len(drained(stages)) == 1
    assert drained(stages) == []
    assert stats.snapshot()["error"] == {"received": 2, "duplicate": 1}

    stats = Stats()
    assert drained(pipeline(stats, ignore_errors=("LookupError",))) == []
    assert stats.snapshot()["error"] == {"received": 1, "filtered:ignore_errors": 1}


def drained(stages):
    return stages.accept(batch_of(failed_span()), now=1.0).events + stages.drain()


def test_before_send_may_change_the_event_and_its_answer_is_scrubbed_again():
    def add_secret(event, _hint):
        event["extra"] = {"password": SECRET}
        event["tags"] = {"area": "payments"}
        return event

    (event,) = drained(with_before_send(Stats(), add_secret))

    assert event["tags"]["area"] == "payments"
    assert SECRET not in repr(event)


@pytest.mark.parametrize(
    ("before_send", "reason"),
    [
        (lambda _event, _hint: None, "before_send"),
        (lambda _event, _hint: 1 / 0, "before_send_failed"),
        (lambda _event, _hint: "not an event", "before_send_failed"),
    ],
    ids=["drops", "raises", "returns nonsense"],
)
def test_before_send_that_drops_or_fails_is_a_counted_fate(before_send, reason):
    stats = Stats()

    assert drained(with_before_send(stats, before_send)) == []
    assert stats.snapshot()["error"] == {"received": 1, f"filtered:{reason}": 1}
