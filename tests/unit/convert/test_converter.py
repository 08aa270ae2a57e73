import random
from itertools import permutations

import pytest

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.live import LiveError, LiveException, LiveFrame
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.wire.batch import SpanKind, StatusCode
from tests.unit.convert.telemetry import (
    NOW,
    SECOND,
    STACK,
    TRACE,
    batch_of,
    event_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_log,
    make_span,
    span_id,
    thrown,
)

OUTER_STACK = STACK.replace(
    '  File "/srv/shop/orders.py"', '  File "/srv/shop/app.py", line 3, in main\n    charge(1)\n'
    '  File "/srv/shop/orders.py"',
)  # fmt: skip


def nested():
    """One failure, recorded on three spans of a request, innermost first."""
    return (
        make_span(3, exception(at=NOW), parent=2, name="query"),
        make_span(2, exception(at=NOW + 10), parent=1, name="service"),
        make_entry(1, exception(at=NOW + 20, stacktrace=OUTER_STACK)),
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


def test_an_error_waits_for_the_span_of_its_request():
    inner, middle, entry = nested()
    converter = Converter(ConvertOptions())

    assert converter.add(batch_of(inner, middle), 0.0) == []
    (event,) = converter.add(batch_of(entry), 1.0)
    assert event.request is not None
    assert converter.flush() == []


def test_an_error_goes_without_its_request_when_it_has_waited_long_enough():
    inner, middle, entry = nested()
    converter = Converter(ConvertOptions(max_wait_s=5))
    converter.add(batch_of(inner), 100.0)

    assert converter.due(104.9) == []
    (event,) = converter.due(105.0)
    assert event.request is None
    assert converter.add(batch_of(middle, entry), 106.0) == []
    assert converter.flush() == []
    assert converter.duplicates == 1


def test_what_comes_after_the_event_is_a_duplicate():
    inner, middle, entry = nested()
    converter = Converter(ConvertOptions())
    converter.add(batch_of(inner, entry), 0.0)

    assert converter.add(batch_of(middle), 1.0) == []
    assert converter.add(batch_of(exception_log(3)), 2.0) == []
    assert converter.duplicates == 2


def test_a_replay_of_everything_makes_no_second_event():
    converter = Converter(ConvertOptions())
    first = converter.add(batch_of(*nested()), 0.0)

    assert len(first) == 1
    assert converter.add(batch_of(*nested()), 60.0) == []


def test_a_replay_elsewhere_makes_the_same_event_id():
    inner, middle, entry = nested()

    assert event_of(inner, middle, entry)["event_id"] == event_of(middle, inner, entry)["event_id"]


def test_a_record_whose_parent_was_lost_belongs_to_the_request_that_was_open():
    inner, _, entry = nested()

    (event,) = events_of(batch_of(inner, entry), settle_s=1000)
    assert event["contexts"]["trace"]["span_id"] == span_id(3).hex()
    assert event["transaction"] == "/orders/{id}"


def test_a_record_whose_parent_was_lost_stays_alone_when_two_requests_were_open():
    inner, _, entry = nested()
    other = make_entry(9, parent=8, remote=True)

    assert len(events_of(batch_of(inner, entry, other), settle_s=1000)) == 2


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


def test_a_failure_that_leaves_its_request_and_ends_the_job_around_it_is_one_event():
    call = make_entry(2, exception(at=NOW), parent=1)
    job = make_span(1, exception(at=NOW + 5, stacktrace=OUTER_STACK), name="job")

    assert len(events_of(batch_of(call, job))) == 1
    assert len(events_of(batch_of(call), batch_of(job))) == 1


def test_the_last_of_several_equal_failures_is_the_one_that_left():
    calls = [make_entry(n, exception(at=NOW + n), parent=1) for n in (2, 3, 4)]
    job = make_span(1, exception(at=NOW + 9, stacktrace=OUTER_STACK), name="job")

    assert len(events_of(batch_of(*calls, job))) == 3


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


def test_a_log_without_a_trace_is_an_event_after_a_moment():
    log = exception_log(0, trace_id=b"")
    converter = Converter(ConvertOptions())

    assert converter.add(batch_of(log), 0.0) == []
    assert converter.due(1.9) == []
    (event,) = converter.due(2.0)
    assert "trace" not in event.contexts
    assert converter.add(batch_of(log), 3.0) + converter.due(9.0) == []
    assert converter.duplicates == 1


def test_a_trace_of_zeros_is_none():
    (event,) = events_of(batch_of(exception_log(0, trace_id=bytes(16))))

    assert "trace" not in event["contexts"]


@pytest.mark.parametrize("first", ["log", "span"])
def test_what_a_server_logs_after_the_request_is_the_failure_of_the_request(first):
    log = batch_of(exception_log(0, trace_id=b"", at=NOW + SECOND), scope="uvicorn.error")
    span = batch_of(make_entry(1, exception(at=NOW)))
    converter = Converter(ConvertOptions())
    order = (log, span) if first == "log" else (span, log)

    events = [event for batch in order for event in converter.add(batch, 0.0)]
    assert len(events + converter.flush()) == 1
    assert converter.duplicates == 1


def test_the_same_text_much_later_is_another_failure():
    log = exception_log(0, trace_id=b"", at=NOW + 60 * SECOND)

    assert len(events_of(batch_of(make_entry(1, exception(at=NOW))), batch_of(log))) == 2


def test_what_was_captured_on_purpose_does_not_wait():
    log = exception_log(0, trace_id=b"", otel_bridge__event_id="a" * 32)

    (event,) = Converter(ConvertOptions()).add(batch_of(log), 0.0)
    assert event.event_id == "a" * 32


def test_a_record_that_cannot_be_read_costs_only_itself():
    broken = make_entry(1)._replace(raw=b"\xff\xffexception")
    converter = Converter(ConvertOptions())

    assert len(converter.add(batch_of(broken, make_entry(2, exception())), 0.0)) == 1
    assert converter.broken == 1


def test_two_logs_without_a_trace_at_different_times_are_two_events():
    logs = [exception_log(0, trace_id=b"", at=NOW + n) for n in (1, 2)]

    assert len(events_of(batch_of(*logs))) == 2


def test_ordinary_logs_and_spans_make_no_events():
    assert events_of(batch_of(make_log(1)), batch_of(make_entry(1, status=0))) == []


def test_an_exception_without_type_and_message_is_none():
    assert (
        events_of(batch_of(make_entry(1, ("exception", NOW, {"exception.escaped": True})))) == []
    )


def test_a_failed_span_is_an_event_only_when_that_is_switched_on():
    failed = make_entry(1, http__response__status_code=503)

    assert events_of(batch_of(failed)) == []
    (event,) = events_of(batch_of(failed), failed_spans=True)
    assert (thrown(event)["type"], thrown(event)["value"]) == ("HTTP 503", "GET /orders/{id}")
    assert thrown(event)["mechanism"]["synthetic"] is True


def test_a_failed_span_with_an_exception_below_it_is_one_event():
    inner, middle, _ = nested()

    assert len(events_of(batch_of(inner, middle, make_entry(1)), failed_spans=True)) == 1
    assert (
        len(events_of(batch_of(exception_log(1)), batch_of(make_entry(1)), failed_spans=True)) == 1
    )


@pytest.mark.parametrize(
    "entry",
    [
        make_entry(1, http__response__status_code=404),
        make_entry(1, status=StatusCode.UNSET),
        make_span(1, name="job"),
    ],
    ids=["client error", "not failed", "no type of error"],
)
def test_a_span_that_did_not_fail_on_its_own_account_is_no_event(entry):
    assert events_of(batch_of(entry), failed_spans=True) == []


def test_an_error_type_alone_is_a_failure_of_a_job():
    job = make_span(1, kind=SpanKind.CONSUMER, name="charge", error__type="shop.PaymentError")
    (event,) = events_of(batch_of(job), failed_spans=True)

    assert (thrown(event)["type"], event["transaction"]) == ("shop.PaymentError", "charge")


def test_too_many_waiting_errors_go_early():
    converter = Converter(ConvertOptions(max_waiting=10))
    spans = [
        make_span(1, exception(), parent=9, trace_id=number.to_bytes(16, "big"))
        for number in range(1, 16)
    ]
    events = converter.add(batch_of(*spans), 0.0)

    assert len(events) == 5
    assert len(converter.flush()) == 10


def test_too_large_waiting_errors_go_early():
    converter = Converter(ConvertOptions(max_waiting_bytes=10_000))
    span = make_span(1, exception(stacktrace=STACK * 200), parent=9)

    assert len(converter.add(batch_of(span), 0.0)) == 1


def test_settling_waits_for_stragglers():
    inner, middle, entry = nested()
    converter = Converter(ConvertOptions(settle_s=2))

    assert converter.add(batch_of(entry), 0.0) == []
    assert converter.add(batch_of(inner, middle), 1.0) == []
    assert converter.due(2.9) == []
    (event,) = converter.due(3.0)
    assert event.contexts["trace"].span_id == span_id(3).hex()


def test_a_circle_of_parents_ends():
    spans = [make_span(n, exception(), parent=n % 3 + 1) for n in (1, 2, 3)]

    assert len(events_of(batch_of(*spans))) in {1, 2, 3}


def test_a_span_of_an_old_sdk_without_flags_has_its_request_at_the_server_span():
    inner = make_span(2, exception(), parent=1, flags=0)
    entry = make_entry(1, parent=50, flags=0)

    assert event_of(inner, entry)["transaction"] == "/orders/{id}"


def test_memory_stays_bounded_over_many_traces():
    options = ConvertOptions(max_recent=100, max_remembered=50, max_recent_bytes=100_000)
    converter = Converter(options)
    for number in range(1, 1_000):
        trace_id = random.Random(number).randbytes(16)
        converter.add(batch_of(make_entry(1, exception(), trace_id=trace_id)), float(number))
    recent, remembered = converter._recent, converter._remembered

    assert recent._records <= 100
    assert recent._records == sum(len(trace) for trace in recent._traces.values())
    assert len(remembered._events) <= 50
    assert remembered._sightings <= 50


def test_one_endless_trace_stays_bounded():
    converter = Converter(ConvertOptions(max_recent=50))
    for number in range(1, 500):
        converter.add(batch_of(make_span(number, parent=1000, status=0)), float(number))

    assert converter._recent._records <= 50


def live_exception(kind="TypeError"):
    frames = (
        LiveFrame("/srv/shop/app.py", 3, "main", "shop.app"),
        LiveFrame("/srv/shop/orders.py", 7, "charge", "shop.orders", {"order": "7"}),
    )
    return LiveException((LiveError(kind, None, "as it lived", frames),))


def test_the_living_exception_counts_more_than_the_text():
    converter = Converter(ConvertOptions())
    live = {(TRACE, span_id(1)): live_exception()}
    (event,) = converter.add(batch_of(make_entry(1, exception())), 0.0, live)
    (value,) = event.exception.values

    assert value.value == "as it lived"
    assert [frame.module for frame in value.stacktrace.frames] == ["shop.app", "shop.orders"]
    assert value.stacktrace.frames[-1].vars == {"order": "7"}


def test_a_living_exception_of_another_type_is_not_this_one():
    converter = Converter(ConvertOptions())
    live = {(TRACE, span_id(1)): live_exception("KeyError")}
    (event,) = converter.add(batch_of(make_entry(1, exception())), 0.0, live)

    assert event.exception.values[0].value == "'NoneType' object is not subscriptable"


def test_an_expected_error_is_counted_and_not_made():
    converter = Converter(ConvertOptions(ignore_errors=("TypeError",)))

    assert converter.add(batch_of(make_entry(1, exception())), 0.0) == []
    assert dict(converter.filtered) == {"ignore_errors": 1}


def test_what_was_sent_is_forgotten_after_a_while():
    converter = Converter(
        ConvertOptions(duplicate_window_s=10, max_remembered=1, max_recent_age_s=1)
    )
    entry = make_entry(1, exception())
    other = make_entry(1, exception("KeyError", "k"), trace_id=bytes(15) + b"\x08")
    converter.add(batch_of(entry), 0.0)
    converter.add(batch_of(other), 1.0)

    assert len(converter.add(batch_of(entry), 20.0)) == 1


def test_time_of_the_event_is_that_of_the_innermost_record():
    assert event_of(*nested())["timestamp"] == NOW / SECOND
