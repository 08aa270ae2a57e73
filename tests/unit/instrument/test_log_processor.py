import inspect
import json
import logging

import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from otel_bridge import BridgeLogRecordProcessor
from otel_bridge.config.load import load
from otel_bridge.instrument.bridge import Bridge

SECRET = "correct-horse-battery"


@pytest.fixture
def bridge(tmp_path):
    running = Bridge(load({"local_dir": str(tmp_path), "shutdown_timeout": 10.0}, {}).options, {})
    yield running
    running.shutdown()


def provider_with(*processors):
    provider = LoggerProvider(shutdown_on_exit=False)
    for processor in processors:
        provider.add_log_record_processor(processor)
    return provider


def events(bridge, folder):
    assert bridge.flush(timeout=10.0)
    file = folder / "events.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def emit(provider, **fields):
    provider.get_logger("shop").emit(LogRecord(severity_number=SeverityNumber.ERROR, **fields))


def test_emitted_records_are_telemetry_and_their_exceptions_events(bridge, tmp_path):
    provider = provider_with(BridgeLogRecordProcessor(bridge))
    facts = {"exception.type": "ValueError", "exception.message": "no"}
    emit(provider, body="fine")
    emit(provider, body="failed", attributes=facts)

    (event,) = events(bridge, tmp_path)
    assert event["exception"]["values"][0]["value"] == "no"
    assert bridge.stats()["log"]["received"] == 2


@pytest.mark.skipif(
    "exception" not in inspect.signature(LogRecord).parameters,
    reason="this version of OpenTelemetry keeps no exception in a record",
)
def test_a_living_exception_is_read_from_the_record(bridge, tmp_path):
    provider = provider_with(BridgeLogRecordProcessor(bridge))
    try:
        raise LookupError("no such order")
    except LookupError as exc:
        emit(provider, body="failed", exception=exc)

    (event,) = events(bridge, tmp_path)
    frame = event["exception"]["values"][0]["stacktrace"]["frames"][-1]
    assert frame["context_line"].strip() == 'raise LookupError("no such order")'


def test_the_exporters_beside_it_send_scrubbed_records_also_later_ones(bridge):
    first, second = InMemoryLogRecordExporter(), InMemoryLogRecordExporter()
    ours = BridgeLogRecordProcessor(bridge)
    provider = provider_with(SimpleLogRecordProcessor(first), ours)
    ours.cover_others(provider)
    emit(provider, body=f"password={SECRET}")
    provider.add_log_record_processor(SimpleLogRecordProcessor(second))
    emit(provider, body=f"password={SECRET}")

    bodies = [log.log_record.body for each in (first, second) for log in each.get_finished_logs()]
    assert bodies == ["password=[Filtered:password]"] * 3


def test_a_stdlib_record_that_opentelemetrys_handler_emits_is_one_event(bridge, tmp_path):
    handlers = pytest.importorskip("opentelemetry.instrumentation.logging.handler")
    provider = provider_with(BridgeLogRecordProcessor(bridge))
    logger = logging.getLogger("test.log_processor")
    handler = handlers.LoggingHandler(logger_provider=provider)
    logger.addHandler(handler)
    logger.propagate = False
    try:
        raise KeyError("order")
    except KeyError:
        logger.exception("failed")
    finally:
        logger.removeHandler(handler)

    (event,) = events(bridge, tmp_path)
    assert bridge.stats()["log"]["received"] == 1
    assert event["exception"]["values"][0]["stacktrace"]["frames"][-1]["in_app"] is not None


def test_it_takes_the_bridge_of_the_process_or_starts_one(bridge, tmp_path):
    assert BridgeLogRecordProcessor().bridge is bridge

    own = BridgeLogRecordProcessor(local_dir=str(tmp_path / "own"))
    assert own.bridge is not bridge
    own.bridge.shutdown()
    with pytest.raises(TypeError, match="not both"):
        BridgeLogRecordProcessor(bridge, release="x")


def test_a_fault_is_counted_and_not_raised(bridge):
    BridgeLogRecordProcessor(bridge).on_emit(object())

    assert bridge.stats()["faults"] == {"on_emit": 1}
