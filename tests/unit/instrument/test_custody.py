import threading

from otel_bridge.instrument.custody import Custody
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.handover import Taken
from otel_bridge.stats import Fate, Kind, Stats
from tests.unit.send.by_hand import spans

GUARD = Guard(Stats(), lambda: 0.0)
CHUNK = Taken([object(), object()], [], {}, [], [], None)


class Places:
    """What was handed on, and the queue that it came from."""

    def __init__(self, *chunks):
        self.chunks = list(chunks)
        self.events = []
        self.batches = []
        self.stats = Stats()
        self.custody = Custody(
            lambda: self.chunks.pop(0) if self.chunks else None,
            self.events.append,
            self.batches.append,
            self.stats,
        )


def test_nothing_counts_and_nothing_is_handed_on_before_it_is_settled():
    places = Places(CHUNK)
    custody = places.custody

    assert custody.next() is CHUNK
    custody.book.received(Kind.SPAN, 2)
    custody.book.fate(Kind.SPAN, Fate.FILTERED, 2)
    custody.add_events([{"event_id": "a"}])
    assert (places.stats.snapshot()["span"], places.events) == ({"received": 0}, [])
    custody.settle(GUARD)

    assert places.stats.snapshot()["span"] == {"received": 2, "filtered": 2}
    assert places.events == [{"event_id": "a"}]


def test_what_a_revoked_worker_still_does_counts_for_nothing():
    places = Places(CHUNK, CHUNK)
    custody = places.custody
    custody.next()
    custody.book.received(Kind.SPAN, 2)
    custody.add_events([{"event_id": "a"}])

    in_hand = custody.revoke([])
    custody.add_batch(spans(2))
    custody.book.received(Kind.ERROR, 1)
    custody.settle(GUARD)

    assert in_hand == (CHUNK, 2, [{"event_id": "a"}])
    assert custody.next() is None
    assert (places.events, places.batches) == ([], [])
    assert places.stats.snapshot() == Stats().snapshot()


def test_errors_that_have_their_fate_when_it_is_revoked_are_counted_with_it():
    places = Places(CHUNK)
    custody = places.custody
    custody.next()
    custody.book.received(Kind.ERROR, 3)
    custody.book.fate(Kind.ERROR, Fate.DUPLICATE, 2)
    custody.revoke([])

    assert places.stats.snapshot()["error"] == {"received": 2, "duplicate": 2}


def test_an_event_that_was_handed_on_is_not_found_ready_again():
    places = Places(CHUNK, CHUNK)
    custody, event, later = places.custody, {"event_id": "a"}, {"event_id": "b"}
    custody.next()
    custody.add_events([event])
    custody.settle(GUARD)
    custody.next()
    custody.add_events([later])

    assert custody.revoke([event, later]).events == [later]


def test_spans_that_wait_for_a_decision_have_expired_when_they_are_written_off():
    places = Places(CHUNK)
    custody = places.custody
    custody.book.received(Kind.SPAN, 5)
    custody.book.fate(Kind.SPAN, Fate.SAMPLED_OUT, 1)
    custody.add_batch(spans(1))
    custody.settle(GUARD)
    custody.write_off_held()
    custody.write_off_held()

    assert places.stats.snapshot()["span"] == {
        "received": 5,
        "expired:at_shutdown": 3,
        "sampled_out": 1,
    }


def test_a_worker_that_is_handing_on_keeps_what_it_has():
    entered, released = threading.Event(), threading.Event()
    stats = Stats()

    def hang(_event):
        entered.set()
        released.wait(10)

    custody = Custody(lambda: CHUNK, hang, None, stats)
    custody.next()
    custody.book.received(Kind.ERROR)
    custody.add_events([{"event_id": "a"}])
    worker = threading.Thread(target=custody.settle, args=(GUARD,))
    worker.start()
    assert entered.wait(10)

    assert custody.revoke([]) == (None, 0, [])
    released.set()
    worker.join(10)
    assert stats.snapshot()["error"] == {"received": 1}
