from types import SimpleNamespace

from opentelemetry.sdk.resources import Resource

from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.live import LiveReader
from otel_bridge.instrument.log_sink import BridgeLogs
from otel_bridge.logs.record import EmittedLog, LogBody, exception_attributes
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Stats


class Taking:
    """Stands where an engine stands."""

    scrubber = Scrubber()

    def __init__(self):
        self.stats = Stats()
        self.guard = Guard(self.stats, lambda: 0.0)
        self.taken = []

    def put_log(self, log):
        self.taken.append(log)


def sink(engine, *, forward=False):
    return BridgeLogs(lambda: engine, LiveReader(), forward=forward)


def log_of(exc=None, **attributes):
    body = LogBody("said", 17, 1)
    body.attributes = (exception_attributes(exc) if exc is not None else {}) | attributes
    return EmittedLog(body, None, None)


def test_a_record_belongs_to_the_resource_of_the_spans():
    engine, resource = Taking(), Resource({"service.name": "shop"})
    logs = sink(engine)
    logs.resource = resource
    logs.put_log(log_of(), None)

    assert engine.taken[0].record.resource is resource


def test_without_spans_it_belongs_to_the_default_resource():
    engine = Taking()
    sink(engine).put_log(log_of(), None)

    assert "telemetry.sdk.language" in engine.taken[0].record.resource.attributes


def test_what_was_taken_from_logging_is_forwarded_only_if_that_is_wanted():
    engine = Taking()
    sink(engine).put_log(log_of(), None)
    sink(engine, forward=True).put_log(log_of(), None)

    assert [log.forward for log in engine.taken] == [False, True]


def test_what_somebody_emitted_as_telemetry_is_forwarded_unless_that_is_not_wanted():
    engine = Taking()
    sink(engine).put_emitted(log_of(), None)
    sink(engine).put_emitted(log_of(), None, forward=False)

    assert [log.forward for log in engine.taken] == [True, False]


def test_an_exception_is_read_while_it_is_at_hand_and_is_urgent():
    engine, exc = Taking(), ValueError("no")
    sink(engine).put_log(log_of(exc), exc)

    (log,) = engine.taken
    assert log.is_urgent
    assert [error.type for error in log.live.errors] == ["ValueError"]


def test_an_emitted_exception_gets_the_id_that_log_lines_name():
    engine, exc = Taking(), ValueError("no")
    logs, log = sink(engine), log_of(exc)
    logs.put_emitted(log, exc)

    assert log.log_record.attributes["otel_bridge.event_id"] == logs.note_error(exc)


def test_an_exception_that_is_only_a_breadcrumb_is_not_read():
    engine, exc = Taking(), ValueError("no")
    sink(engine).put_log(log_of(exc, **{"otel_bridge.breadcrumb": True}), exc)

    assert (engine.taken[0].live, engine.taken[0].is_urgent) == (None, False)


def test_a_fault_is_counted_and_not_raised():
    engine = Taking()
    sink(engine).put_log(SimpleNamespace(), None)
    sink(engine).put_emitted(SimpleNamespace(), None)

    assert engine.stats.snapshot()["faults"] == {"put_log": 2}
