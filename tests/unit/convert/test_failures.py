import time
from itertools import permutations

import pytest

from otel_bridge.convert.failures import group
from otel_bridge.convert.recent import Climb, KeptSpan
from otel_bridge.convert.sighting import span_sightings
from otel_bridge.wire.batch import SpanKind, StatusCode
from tests.unit.convert.telemetry import (
    NOW,
    SECOND,
    STACK,
    batch_of,
    event_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_span,
    nested,
    span_id,
    thrown,
)


def test_a_failure_recorded_on_three_spans_is_one_event():
    event = event_of(*nested())

    assert event["contexts"]["trace"]["span_id"] == span_id(3).hex()
    assert event["contexts"]["trace"]["description"] == "query"
    assert event["transaction"] == "/orders/{id}"
    assert [f["function"] for f in thrown(event)["stacktrace"]["frames"]] == ["main", "charge"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_it_is_the_same_event_in_whatever_order_the_spans_arrive_together(order):
    spans = nested()
    events = events_of(batch_of(*(spans[at] for at in order)))

    assert events == events_of(batch_of(*spans))
    assert len(events) == 1


def test_the_same_text_under_two_requests_of_one_trace_is_two_events():
    page = make_span(100, kind=SpanKind.CLIENT, status=StatusCode.OK, name="page")
    calls = [make_entry(number, exception(), parent=100, remote=True) for number in range(1, 4)]
    events = events_of(batch_of(*calls, page))

    assert len(events) == 3
    assert len({event["event_id"] for event in events}) == 3


def test_requests_inside_one_process_count_apart_although_their_parent_is_local():
    test_run = make_span(100, status=StatusCode.UNSET, name="test run")
    calls = [make_entry(number, exception(), parent=100) for number in (1, 2)]

    assert len(events_of(batch_of(*calls, test_run))) == 2


def test_different_messages_in_one_loop_are_different_failures():
    items = [
        make_span(n, exception("ValueError", f"bad item {n}"), parent=1) for n in (10, 11, 110)
    ]

    assert len(events_of(batch_of(*items, make_entry(1)))) == 3


def test_a_span_and_a_log_tell_of_one_failure():
    log = exception_log(1, exception__message="'NoneType' object is not subscriptable")
    entry = make_entry(1, exception())

    for batches in ((batch_of(log), batch_of(entry)), (batch_of(entry), batch_of(log))):
        assert len(events_of(*batches)) == 1


@pytest.mark.parametrize(
    ("kind", "message", "stack"),
    [
        ("TypeError", "'NoneType' object is not subscriptable", STACK),
        ("TypeError", "'NoneType' object is not subscriptable: no rows", STACK),
        ("TypeError", "'NoneType' object is not subscriptable", ""),
        ("card_declined", "'NoneType' object is not subscriptable: no rows", STACK),
        ("TypeError", "x", STACK),
    ],
    ids=["same", "causes appended", "no stack", "code for type", "first argument only"],
)
def test_a_log_twin_is_recognised_however_the_logger_writes_it(kind, message, stack):
    log = exception_log(1, kind, stack, exception__message=message, event_name="anything.at_all")

    assert len(events_of(batch_of(log), batch_of(make_entry(1, exception())))) == 1


def test_a_log_of_another_failure_is_another_event():
    log = exception_log(
        1, "KeyError", STACK.replace("line 7", "line 9").replace("TypeError", "KeyError")
    )

    assert len(events_of(batch_of(log), batch_of(make_entry(1, exception())))) == 2


def test_a_failed_span_with_an_exception_below_it_is_one_event():
    inner, middle, _ = nested()

    assert len(events_of(batch_of(inner, middle, make_entry(1)), failed_spans=True)) == 1
    assert (
        len(events_of(batch_of(exception_log(1)), batch_of(make_entry(1)), failed_spans=True)) == 1
    )


def test_time_of_the_event_is_that_of_the_innermost_record():
    assert event_of(*nested())["timestamp"] == NOW / SECOND


def cost_of(count):
    """Seconds of work for so many failures under one entry span."""
    spans = [
        make_span(n, exception("ValueError", f"item {n}", STACK * 20 + f"ValueError: item {n}"))
        for n in range(2, count + 2)
    ]
    found = [next(span_sightings(KeptSpan(span, b"", b""))) for span in spans]
    best = float("inf")
    for _ in range(3):
        members = [(sighting, Climb(None, span_id(1), 1)) for sighting in found]
        start = time.process_time()
        assert len(group(members)) == count
        best = min(best, time.process_time() - start)
    return best


def test_many_failures_of_one_trace_cost_in_proportion():
    # Eight times as many: 8 where the cost is linear, 64 where each is compared with each.
    assert cost_of(400) / cost_of(50) < 20
