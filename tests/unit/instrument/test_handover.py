import threading

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanContext, Status, StatusCode

from otel_bridge.instrument.handover import (
    CHUNK,
    ERROR_RESERVE,
    LOG_LIMIT,
    QUEUE_LIMIT,
    HandOver,
    PutLog,
)
from otel_bridge.instrument.unsampled import UnsampledGate
from otel_bridge.stats import Stats
from tests.unit.wire.make import make_span


@pytest.fixture
def stats():
    return Stats()


@pytest.fixture
def handover(stats):
    return HandOver(stats, UnsampledGate(wants_roots=False))


def ended(name="work"):
    span = TracerProvider(shutdown_on_exit=False).get_tracer("test").start_span(name)
    span.end()
    return span._readable_span()


def taken(handover):
    spans = []
    while (chunk := handover.take()) is not None:
        spans += chunk.spans
    return spans


def test_what_is_put_is_taken_in_order_and_in_chunks(handover):
    spans = [ended(str(number)) for number in range(3)] * CHUNK
    for span in spans:
        handover.put(span)

    first = handover.take()
    assert first is not None
    assert len(first.spans) == CHUNK
    assert first.spans + taken(handover) == spans
    assert handover.take() is None


def test_spans_that_were_not_sampled_are_taken_apart(handover):
    context, failure = SpanContext(1, 2, is_remote=False), Status(StatusCode.ERROR)
    failed, sampled = make_span(context=context, status=failure), ended()
    for item in (failed, sampled):
        handover.put(item)
        handover.put_error(item, None)

    taken_now = handover.take()

    assert taken_now.spans == [sampled] * 2
    assert taken_now.unsampled == [failed] * 2


def test_a_full_queue_takes_errors_and_no_spans(handover, stats):
    span = ended()
    for _ in range(QUEUE_LIMIT + 3):
        handover.put(span)
    for _ in range(ERROR_RESERVE + 2):
        handover.put_error(span, None)

    assert stats.snapshot()["span"] == {"received": 5, "queue_full": 5}
    assert len(taken(handover)) == QUEUE_LIMIT + ERROR_RESERVE


def test_a_flood_of_logs_leaves_room_for_spans(handover, stats):
    for _ in range(LOG_LIMIT + 2):
        handover.put_log(PutLog(object()))
    handover.put(ended())

    assert stats.snapshot()["log"] == {"received": 2, "queue_full": 2}
    assert stats.snapshot()["span"] == {"received": 0}


def test_a_living_exception_comes_with_its_span_whatever_chunk_that_is_in(handover):
    for _ in range(CHUNK + 5):
        handover.put(ended())
    failed, live = ended("failed"), object()
    handover.put_error(failed, live)

    first, second = handover.take(), handover.take()

    assert first.live == {}
    assert list(second.live.values()) == [live]
    assert second.spans[-1] is failed


def test_a_barrier_ends_a_chunk(handover):
    handover.put(ended())
    barrier = handover.put_barrier()
    handover.put(ended())

    first, second = handover.take(), handover.take()

    assert (len(first.spans), first.barrier, len(second.spans)) == (1, barrier, 1)


def test_what_waits_when_it_closes_and_what_comes_later_has_a_fate(handover, stats):
    handover.put(ended())
    handover.put_log(PutLog(object()))
    handover.close()
    handover.put(ended())
    handover.put_error(ended(), None)

    assert stats.snapshot()["span"] == {
        "received": 3,
        "expired:after_shutdown": 2,
        "expired:at_shutdown": 1,
    }
    assert stats.snapshot()["log"] == {"received": 1, "expired:at_shutdown": 1}
    assert handover.take() is None


def test_what_the_worker_itself_ends_does_not_come_round(handover, stats):
    handover.worker = threading.get_ident()
    handover.put(ended())
    handover.put_error(ended(), None)

    assert handover.take() is None
    assert stats.snapshot()["span"] == {"received": 2, "filtered:our_own": 2}


def test_what_waits_can_still_be_taken_after_it_refuses(handover, stats):
    handover.put(ended())
    handover.refuse()
    handover.put(ended())

    assert len(taken(handover)) == 1
    assert stats.snapshot()["span"] == {"received": 1, "expired:after_shutdown": 1}


def test_the_rest_is_everything_up_to_the_end_in_chunks(handover, stats):
    span = ended()
    for _ in range(CHUNK + 1):
        handover.put(span)
    handover.put_barrier()
    handover.put_log(PutLog(object()))
    rest = handover.rest()

    assert [(len(each.spans), len(each.logs)) for each in rest] == [(CHUNK, 0), (1, 0), (0, 1)]
    assert (handover.take(), stats.snapshot()["span"]) == (None, {"received": 0})
