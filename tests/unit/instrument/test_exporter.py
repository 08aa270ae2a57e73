import json

import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult

from otel_bridge import BridgeLogExporter, BridgeSpanExporter, BridgeSpanProcessor
from otel_bridge.config.load import load
from otel_bridge.instrument.bridge import Bridge


@pytest.fixture
def bridge(tmp_path):
    running = Bridge(load({"local_dir": str(tmp_path), "shutdown_timeout": 10.0}, {}).options, {})
    yield running
    running.shutdown()


def fail(provider):
    span = provider.get_tracer("test").start_span("work")
    span.record_exception(ValueError("no"))
    span.end()
    provider.get_tracer("test").start_span("other work").end()


def events_in(folder):
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def test_spans_reach_the_bridge_through_a_stock_processor(bridge, tmp_path):
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(BridgeSpanExporter(bridge)))
    fail(provider)

    assert provider.force_flush()
    assert bridge.flush(timeout=10.0)
    assert len(events_in(tmp_path)) == 1
    assert bridge.stats()["span"]["received"] == 2
    provider.shutdown()
    assert bridge.closed


def test_an_exporter_takes_the_bridge_of_the_process(bridge):
    assert BridgeSpanExporter().bridge is bridge
    assert BridgeLogExporter().bridge is bridge


def test_an_exporter_with_options_starts_a_bridge_of_its_own(bridge, tmp_path):
    exporter = BridgeSpanExporter(local_dir=str(tmp_path / "own"))

    assert exporter.bridge is not bridge
    exporter.shutdown()


def test_beside_the_processor_nothing_comes_in_twice(bridge):
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(BridgeSpanExporter(bridge)))
    provider.add_span_processor(BridgeSpanProcessor(bridge))
    fail(provider)
    provider.force_flush()

    assert bridge.stats()["span"]["received"] == 2
    assert not bridge.closed


def test_a_fault_is_counted_and_answered_with_a_failure(bridge):
    assert BridgeSpanExporter(bridge).export([object()]) is SpanExportResult.FAILURE
    assert bridge.stats()["faults"] == {"export": 1}


def test_log_records_reach_the_bridge_through_a_stock_processor(bridge, tmp_path):
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(BatchLogRecordProcessor(BridgeLogExporter(bridge)))
    record = LogRecord(
        severity_number=SeverityNumber.ERROR, body="failed", event_name="x.exception",
        attributes={"exception.type": "ValueError", "exception.message": "no"},
    )  # fmt: skip
    provider.get_logger("shop").emit(record)

    assert provider.force_flush()
    assert bridge.flush(timeout=10.0)
    assert [e["exception"]["values"][0]["value"] for e in events_in(tmp_path)] == ["no"]
    provider.shutdown()
    assert not bridge.closed
