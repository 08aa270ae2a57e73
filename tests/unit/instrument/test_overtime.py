"""An engine whose worker does not come back, with what keeps error events and what does not."""

import threading

import pytest

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.instrument.overtime import RESCUE_S
from otel_bridge.send.lane import SAVE_S
from tests.unit.instrument.test_engine import (
    build,
    fail_in_a_request_that_goes_on,
    make_spans,
    provider_for,
)

TIMEOUT_S = 0.1


@pytest.fixture
def released():
    event = threading.Event()
    yield event
    event.set()


def hanging(released, what="hangs"):
    entered = threading.Event()

    def before_send(event, _hint):
        if event["exception"]["values"][0]["value"] == what:
            entered.set()
            released.wait(30)
        return event

    engine, events, _batches, stats = build(before_send=before_send)
    provider = provider_for(engine)
    make_spans(provider, 1, ValueError("hangs"))
    engine.start()
    return engine, provider, events, stats, entered


def values(events):
    return [event["exception"]["values"][0]["value"] for event in events.items]


def fates(stats, kind):
    counts = dict(stats.snapshot()[kind])
    return counts.pop("received"), sum(counts.values())


def test_a_worker_that_hangs_keeps_no_other_error_from_being_kept(released):
    engine, provider, events, stats, entered = hanging(released)
    assert entered.wait(10)
    make_spans(provider, 1, ValueError("behind"))
    make_spans(provider, 3)

    assert engine.shutdown(TIMEOUT_S) is False
    assert values(events) == ["behind"]
    assert events.stopped
    assert stats.snapshot()["span"] == {"received": 5, "expired:at_shutdown": 5}
    assert stats.snapshot()["error"]["expired:at_shutdown"] == 1
    received, counted = fates(stats, "error")
    assert received == counted + len(events.items)


def test_nothing_is_made_for_a_destination_that_keeps_nothing(released):
    engine, provider, events, stats, entered = hanging(released)
    events.keeps = False
    told = []
    events.discarded = lambda fate, reason, items=1: told.append((str(fate), reason, items))
    assert entered.wait(10)
    make_spans(provider, 2, ValueError("behind"))

    engine.shutdown(TIMEOUT_S)
    assert events.items == []
    assert told == [("expired", "at_shutdown", 4)]  # the one that hangs is known from two places
    assert fates(stats, "error")[0] == fates(stats, "error")[1]


def test_errors_of_an_engine_that_was_never_started_are_kept():
    engine, events, _batches, stats = build()
    make_spans(provider_for(engine), 2, ValueError("no"))
    make_spans(provider_for(engine), 2)

    assert engine.shutdown(TIMEOUT_S) is False
    assert values(events) == ["no", "no"]
    assert stats.snapshot()["span"] == {"received": 4, "expired:at_shutdown": 4}
    assert stats.snapshot()["error"] == {"received": 2}


def test_an_engine_that_is_done_in_time_spends_no_more(released):
    engine, events, batches, stats = build()
    engine.start()
    make_spans(provider_for(engine), 2, ValueError("no"))

    assert engine.shutdown(10.0)
    assert len(events.items) == 2
    assert sum(len(batch) for batch in batches.items) == 2
    assert stats.snapshot()["span"] == {"received": 2}
    assert RESCUE_S + SAVE_S <= 2.0  # what docs/delivery.md says


@pytest.mark.parametrize("comes_back", [True, False], ids=["for a moment", "for ever"])
def test_a_worker_in_the_middle_of_converting_is_waited_for_or_done_without(comes_back, released):
    entered = threading.Event()

    class Hanging(Converter):
        def add(self, batch, now, live=None):
            if self.waiting:
                entered.set()
                released.wait(0.3 if comes_back else 30)
            return super().add(batch, now, live)

    engine, events, _batches, stats = build()
    engine._pipeline._converter = Hanging(ConvertOptions())
    provider = provider_for(engine)
    engine.start()
    fail_in_a_request_that_goes_on(provider)
    while not engine._pipeline.waiting:
        engine._handover.wake.set()
        threading.Event().wait(0.001)
    make_spans(provider, 1, ValueError("in hand"))
    assert entered.wait(10)

    assert engine.shutdown(TIMEOUT_S) is False
    lost = stats.snapshot()["error"].get("expired:at_shutdown", 0)
    assert sorted(values(events)) == (["in hand", "no"] if comes_back else ["in hand"])
    assert lost == (0 if comes_back else 1)
    assert fates(stats, "error")[0] == fates(stats, "error")[1] + len(events.items)
