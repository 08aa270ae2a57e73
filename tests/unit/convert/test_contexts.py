import pytest

from otel_bridge.wire.batch import SpanKind
from tests.unit.convert.telemetry import (
    TRACE,
    NoSource,
    event_of,
    exception,
    exception_log,
    make_entry,
    make_span,
    span_id,
)


def test_the_trace_context_is_that_of_the_innermost_span():
    inner = make_span(
        2,
        exception(),
        parent=1,
        kind=SpanKind.CLIENT,
        name="SELECT",
        db__system__name="postgresql",
    )

    assert event_of(inner, make_entry(1))["contexts"]["trace"] == {
        "trace_id": TRACE.hex(),
        "span_id": span_id(2).hex(),
        "parent_span_id": span_id(1).hex(),
        "op": "db",
        "status": "unknown_error",
        "description": "SELECT",
    }


def test_a_log_on_an_unknown_span_still_has_its_trace():
    assert event_of(exception_log(5))["contexts"]["trace"] == {
        "trace_id": TRACE.hex(),
        "span_id": span_id(5).hex(),
    }


@pytest.mark.parametrize(
    ("kind", "facts", "op"),
    [
        (SpanKind.SERVER, {"http__method": "GET"}, "http.server"),
        (SpanKind.CLIENT, {"http__request__method": "GET"}, "http.client"),
        (SpanKind.CLIENT, {"db__system": "redis"}, "db"),
        (SpanKind.CLIENT, {"rpc__service": "S"}, "rpc"),
        (SpanKind.CONSUMER, {"messaging__system": "kafka"}, "message"),
        (SpanKind.SERVER, {"faas__trigger": "timer"}, "timer"),
        (SpanKind.INTERNAL, {}, None),
    ],
)
def test_the_op_follows_from_what_the_span_does(kind, facts, op):
    trace = event_of(make_span(1, exception(), kind=kind, **facts))["contexts"]["trace"]

    assert trace.get("op") == op


@pytest.mark.parametrize(
    ("code", "status"), [(500, "internal_error"), (503, "unavailable"), (502, "unknown_error")]
)
def test_the_status_follows_from_the_answer(code, status):
    event = event_of(make_entry(1, exception(), http__response__status_code=code))

    assert event["contexts"]["trace"]["status"] == status
    assert event["contexts"]["response"] == {"status_code": code}


def test_the_resource_makes_the_contexts_of_process_and_machine():
    resource = {
        "telemetry.sdk.language": "nodejs",
        "service.name": "shop",
        "service.version": "1.4",
        "process.runtime.name": "nodejs",
        "process.runtime.version": "20.1",
        "os.type": "linux",
        "os.version": "6.1",
        "host.name": "web-1",
        "host.arch": "amd64",
        "cloud.region": "eu-central-1",
    }
    contexts = event_of(make_entry(1, exception()), resource=resource)["contexts"]

    assert {
        name: contexts[name] for name in ("runtime", "os", "app", "device", "cloud_resource")
    } == {
        "runtime": {"name": "nodejs", "version": "20.1"},
        "os": {"name": "linux", "version": "6.1"},
        "app": {"app_name": "shop", "app_version": "1.4"},
        "device": {"name": "web-1", "arch": "amd64"},
        "cloud_resource": {"cloud.region": "eu-central-1"},
    }
    assert contexts["otel"]["resource"] == resource


def test_attributes_are_kept_as_they_came():
    entry = make_entry(1, exception(more=True), shop__items=[1, 2])
    otel = event_of(entry, scope="shop.web")["contexts"]["otel"]

    assert otel["attributes"]["shop.items"] == [1, 2]
    assert otel["record"] == {"more": True}
    assert otel["scope"] == {"name": "shop.web"}


def test_what_is_known_of_this_process_fills_the_gaps():
    found = {"runtime": {"name": "CPython", "version": "3.11"}}
    entry = make_entry(1, exception())

    own = event_of(entry, source=NoSource(), found_contexts=found)
    assert own["contexts"]["runtime"] == found["runtime"]
    assert "runtime" not in event_of(entry, found_contexts=found)["contexts"]
