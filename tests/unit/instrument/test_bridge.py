import json
import os
import threading
import time

from opentelemetry.sdk.trace import TracerProvider

from otel_bridge import BridgeSpanProcessor
from otel_bridge.config.load import load
from otel_bridge.instrument.bridge import Bridge

DEAD = "http://" + "0" * 32 + "@127.0.0.1:9/1"


def started(tmp_path, **options):
    loaded = load({"local_dir": str(tmp_path), **options}, {})
    return Bridge(loaded.options, {})


def fail(bridge, message="no"):
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BridgeSpanProcessor(bridge))
    span = provider.get_tracer("test").start_span("work")
    span.record_exception(ValueError(message))
    span.end()


def events_in(folder):
    lines = (folder / "events.jsonl").read_text().splitlines()
    return [json.loads(line)["exception"]["values"][0]["value"] for line in lines]


def test_without_a_dsn_events_are_in_the_local_file_after_a_flush(tmp_path):
    bridge = started(tmp_path)
    fail(bridge)

    assert bridge.flush(timeout=5.0)
    assert events_in(tmp_path) == ["no"]
    assert bridge.stats()["error"] == {"received": 1, "delivered": 1}
    assert bridge.shutdown(timeout=5.0)


def test_a_second_shutdown_does_nothing_and_a_flush_after_it_says_no(tmp_path):
    bridge = started(tmp_path)

    assert bridge.shutdown()
    assert bridge.shutdown()
    assert bridge.flush(timeout=1.0) is False


def test_a_span_that_ends_after_shutdown_is_no_fault(tmp_path):
    bridge = started(tmp_path)
    bridge.shutdown()
    fail(bridge)

    assert bridge.stats()["faults"] == {}
    assert bridge.stats()["span"] == {"received": 1, "expired:after_shutdown": 1}


def test_nothing_is_waited_for_longer_than_the_timeout_when_no_one_answers(tmp_path):
    bridge = started(tmp_path, dsn=DEAD, spool_dir=str(tmp_path))
    fail(bridge)
    before = time.monotonic()

    assert bridge.shutdown(timeout=0.5) is False
    assert time.monotonic() - before < 2.0


def test_a_forked_child_sends_its_own_errors_and_not_its_parents(tmp_path):
    bridge = started(tmp_path)
    fail(bridge, "before the fork")
    bridge.flush(timeout=5.0)
    child = os.fork()
    if child == 0:
        fail(bridge, "in the child")
        os._exit(0 if bridge.flush(timeout=5.0) else 1)
    _, status = os.waitpid(child, 0)
    bridge.shutdown()

    assert status == 0
    assert events_in(tmp_path) == ["before the fork", "in the child"]


def test_a_second_shutdown_waits_for_the_first_and_says_what_it_said(tmp_path):
    released, entered, answers = threading.Event(), threading.Event(), []

    def hang(event, _hint):
        entered.set()
        released.wait(10)
        return event

    bridge = started(tmp_path, before_send=hang)
    fail(bridge)
    assert entered.wait(10)
    first = threading.Thread(target=lambda: answers.append(bridge.shutdown(timeout=30.0)))
    first.start()
    while not bridge.closed:
        time.sleep(0.001)
    second = threading.Thread(target=lambda: answers.append(bridge.shutdown(timeout=30.0)))
    second.start()
    time.sleep(0.05)
    waited = second.is_alive()
    released.set()
    first.join(10)
    second.join(10)

    assert waited
    assert answers == [True, True]


def test_a_shutdown_that_before_send_asks_for_is_made_beside_it(tmp_path):
    answers = []

    def before_send(event, _hint):
        answers.append(bridge.shutdown())
        return event

    bridge = started(tmp_path, before_send=before_send)
    fail(bridge)

    assert bridge.shutdown(timeout=10.0) in {True, False}
    assert bridge._ended.wait(10)
    assert events_in(tmp_path) == ["no"]
    assert answers == [False]
    assert not bridge.is_ending_here


def test_a_child_forked_in_the_middle_of_a_shutdown_waits_for_nobody(tmp_path):
    began, released = threading.Event(), threading.Event()

    def wait(event, _hint):
        began.set()
        released.wait(30)
        return event

    bridge = started(tmp_path, before_send=wait)
    fail(bridge)
    ending = threading.Thread(target=bridge.shutdown, args=(2.0,))
    ending.start()
    assert began.wait(10)
    while not bridge.closed:
        time.sleep(0.001)

    child = os.fork()
    if child == 0:
        fail(bridge, "in the child")
        begun = time.monotonic()
        bridge.shutdown(2.0)
        os._exit(0 if time.monotonic() - begun < 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    released.set()
    ending.join(10)


def test_a_flush_that_another_threads_shutdown_overtakes_says_no_and_waits_no_longer(tmp_path):
    began, released = threading.Event(), threading.Event()

    def wait(event, _hint):
        began.set()
        released.wait(30)
        return event

    bridge = started(tmp_path, before_send=wait)
    fail(bridge)
    assert began.wait(10)
    answers = []
    flushing = threading.Thread(target=lambda: answers.append(bridge.flush(25.0)))
    flushing.start()
    time.sleep(0.1)
    bridge.shutdown(0.1)
    flushing.join(10)
    released.set()

    assert answers == [False]
