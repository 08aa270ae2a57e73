import threading

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.leftover import Leftover
from otel_bridge.instrument.rescue import Rescue
from otel_bridge.instrument.standby import Standby
from otel_bridge.pipeline import Pipeline, Remains
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Stats
from otel_bridge.testing import FakeClock
from tests.unit.instrument.test_leftover import ended, taken
from tests.unit.test_pipeline import batch_of, failed_span


class Scene:
    """A rescue with a place for its events."""

    def __init__(
        self, chunks=(), *, before_send=None, offer=None, ready=(), prepare=None, **options
    ):
        self.events = []
        self.standby = Standby(in_stock=False)
        self.stats = Stats()
        self.clock = FakeClock()
        pipeline = Pipeline(Scrubber(), Converter(ConvertOptions(**options)), Stats(), before_send)
        if prepare is not None:
            prepare(pipeline)
        self.rescue = Rescue(
            Remains(pipeline=pipeline, unfinished=[], ready=list(ready), stranded=0),
            Leftover.of(chunks, Stats()),
            offer or self.events.append,
            self.stats,
            Guard(self.stats, self.clock.monotonic),
            self.clock.monotonic,
        )

    def run(self, timeout):
        return self.rescue.run(timeout, self.standby, may_stay=False)

    @property
    def messages(self):
        return [event["exception"]["values"][-1]["value"] for event in self.events]


def error(message, parent=None):
    return ended("query", parent, ValueError(message))


def test_errors_become_events_with_the_request_that_they_are_of():
    request = ended("the request")
    scene = Scene([taken(error("no", request), request, ended("other"))])

    assert scene.run(10.0) == 0
    assert scene.messages == ["no"]
    assert scene.events[0]["transaction"] == "the request"
    assert scene.stats.snapshot()["error"] == {"received": 1}
    assert scene.stats.snapshot()["span"] == {"received": 0}


def test_what_is_ready_and_what_waits_for_its_request_is_seen_through():
    scene = Scene(
        ready=[{"event_id": "a", "exception": {"values": [{"value": "ready"}]}}],
        prepare=lambda pipeline: pipeline.accept(
            batch_of(failed_span("waits")._replace(kind=3, parent_span_id=b"\x09" * 8)), 0.0
        ),
    )

    assert scene.run(10.0) == 0
    assert scene.messages == ["ready", "waits"]
    assert scene.stats.snapshot()["error"] == {"received": 2}


def test_without_time_nothing_is_done_and_everything_is_lost():
    scene = Scene([taken(error("one"), error("two"))], ready=[{"event_id": "a"}])

    assert scene.run(0.0) == 3
    assert scene.events == []
    assert scene.standby.thread is None


def test_the_clock_ends_it_between_two_errors():
    scene = Scene([taken(*(error(str(number)) for number in range(5)))])
    scene.clock.advance(1.0)

    def slow(event, _hint):
        scene.clock.advance(1.0)
        return event

    scene.rescue._pipeline._approval.before_send = slow

    assert scene.run(2.0) == 3
    assert scene.messages == ["0", "1"]


def test_one_in_which_it_hangs_is_left_behind_and_counts_for_nothing_later():
    entered, released = threading.Event(), threading.Event()

    def hang(event, _hint):
        if event["exception"]["values"][0]["value"] == "hangs":
            entered.set()
            released.wait(10)
        return event

    scene = Scene([taken(error("passes"), error("hangs"), error("behind"))], before_send=hang)
    lost = scene.run(0.5)
    assert entered.is_set()
    counted = scene.stats.snapshot()
    released.set()
    scene.standby.thread.join(10)

    assert lost == 2
    assert scene.messages == ["passes"]
    assert scene.stats.snapshot() == counted
    assert counted["error"] == {"received": 1}


def test_a_destination_that_hangs_does_not_hold_up_who_waits():
    released = threading.Event()
    scene = Scene([taken(error("one"), error("two"))], offer=lambda _event: released.wait(10))

    assert scene.run(0.3) == 1
    released.set()


class NoThreads(Standby):
    """An interpreter that is about to end."""

    def _start(self):
        return False


def test_where_no_thread_can_be_started_the_one_that_waits_works_unless_it_might_hang():
    kept, lost = Scene([taken(error("no"))]), Scene([taken(error("no"))])

    assert kept.rescue.run(10.0, NoThreads(), may_stay=True) == 0
    assert lost.rescue.run(10.0, NoThreads(), may_stay=False) == 1
    assert (kept.messages, lost.messages) == (["no"], [])


def test_requests_that_failed_without_an_exception_are_errors_where_that_is_wanted():
    chunk = taken(ended("the request", failed=True), ended("other"))
    wanted, unwanted = Scene([chunk], failed_spans=True), Scene([chunk])

    assert (wanted.run(10.0), unwanted.run(10.0)) == (0, 0)
    assert [event["transaction"] for event in wanted.events] == ["the request"]
    assert unwanted.events == []
