import asyncio
import json
import threading

import pytest
from opentelemetry.sdk.trace import TracerProvider

from otel_bridge import BridgeSpanProcessor, capture_exception, capture_message
from otel_bridge.config.load import load
from otel_bridge.instrument.bridge import Bridge


@pytest.fixture
def bridge(tmp_path):
    running = Bridge(load({"local_dir": str(tmp_path), "shutdown_timeout": 10.0}, {}).options, {})
    yield running
    running.shutdown()


@pytest.fixture
def tracer(bridge):
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BridgeSpanProcessor(bridge))
    return provider.get_tracer("test")


def events(bridge, tmp_path):
    assert bridge.flush(timeout=10.0)
    return [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]


def caught(exc):
    try:
        raise exc
    except type(exc) as found:
        return found


def test_without_a_bridge_nothing_happens():
    assert capture_exception(ValueError("no")) is None
    assert capture_message("hello") is None


def test_an_exception_outside_any_span_is_an_event_with_the_id_that_was_returned(bridge, tmp_path):
    event_id = capture_exception(
        caught(LookupError("no such order")), tags={"area": "billing"}, extra={"order": {"id": 7}}
    )

    (event,) = events(bridge, tmp_path)
    assert event["event_id"] == event_id
    (value,) = event["exception"]["values"]
    assert (value["type"], value["value"]) == ("LookupError", "no such order")
    assert value["stacktrace"]["frames"][-1]["function"] == "caught"
    assert event["tags"]["area"] == "billing"
    assert event["extra"] == {"order": {"id": 7}}
    assert event["level"] == "error"


def test_the_exception_being_handled_is_the_default(bridge, tmp_path):
    try:
        raise ValueError("handled")
    except ValueError:
        event_id = capture_exception()

    (event,) = events(bridge, tmp_path)
    assert (event["event_id"], event["exception"]["values"][0]["value"]) == (event_id, "handled")


@pytest.mark.parametrize("nothing", [None, "a text", 7])
def test_what_is_no_exception_is_no_event(bridge, nothing):
    assert capture_exception(nothing) is None
    assert bridge.stats()["error"] == {"received": 0}


def test_a_message_is_an_event_with_its_level(bridge, tmp_path):
    event_id = capture_message("disk is filling up", "warning", tags={"disk": "sda"})

    (event,) = events(bridge, tmp_path)
    assert event["event_id"] == event_id
    assert event["logentry"]["message"] == "disk is filling up"
    assert (event["level"], event["tags"]["disk"]) == ("warning", "sda")


def test_secrets_leave_neither_in_message_nor_extra(bridge, tmp_path):
    capture_message("password=correct-horse-battery", extra={"password": "correct-horse-battery"})
    events(bridge, tmp_path)

    assert "correct-horse" not in (tmp_path / "events.jsonl").read_text()


def test_captured_and_raised_on_it_is_one_event_with_the_returned_id(bridge, tracer, tmp_path):
    with pytest.raises(ValueError, match="no"), tracer.start_as_current_span("request") as span:
        exc = ValueError("no")
        try:
            raise exc
        except ValueError:
            event_id = capture_exception(exc)
            raise

    (event,) = events(bridge, tmp_path)
    assert event["event_id"] == event_id
    assert event["contexts"]["trace"]["span_id"] == f"{span.get_span_context().span_id:016x}"


def test_captured_after_its_span_it_is_the_event_of_the_span(bridge, tracer, tmp_path):
    try:
        with tracer.start_as_current_span("request"):
            raise ValueError("no")
    except ValueError as exc:
        event_id = capture_exception(exc)

    (event,) = events(bridge, tmp_path)
    assert event["event_id"] == event_id


def test_two_exceptions_outside_any_span_are_two_events(bridge, tmp_path):
    ids = {capture_exception(caught(ValueError("the same"))) for _ in range(2)}

    assert {event["event_id"] for event in events(bridge, tmp_path)} == ids
    assert len(ids) == 2


def test_threads_and_tasks_may_capture_at_once(bridge, tmp_path):
    ids = []

    async def task(number):
        await asyncio.sleep(0)
        ids.append(capture_exception(caught(ValueError(f"task {number}"))))

    async def tasks():
        await asyncio.gather(*(task(number) for number in range(20)))

    threads = [
        threading.Thread(target=lambda n=n: ids.append(capture_message(f"thread {n}")))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    asyncio.run(tasks())
    for thread in threads:
        thread.join()

    assert {event["event_id"] for event in events(bridge, tmp_path)} == set(ids)
    assert len(set(ids)) == 40


def test_whatever_is_given_nothing_is_raised(bridge, tmp_path):
    class Nasty:
        def __repr__(self):
            raise RuntimeError("no")

    class Unspeakable(Exception):
        def __str__(self):
            raise RuntimeError("no")

    assert capture_exception(Unspeakable(), extra={"thing": Nasty()}) is not None
    assert capture_message("said", level="loud", extra={"thing": Nasty()}) is not None
    assert capture_message("said", tags={"thing": Nasty(), 7: None}) is not None
    assert len(events(bridge, tmp_path)) == 3


def test_a_fault_of_ours_is_counted_and_not_raised(bridge):
    assert capture_message("said", tags=["no", "mapping"]) is None
    assert capture_exception(ValueError(), extra=7) is None
    assert bridge.stats()["faults"] == {"capture_message": 1, "capture_exception": 1}
