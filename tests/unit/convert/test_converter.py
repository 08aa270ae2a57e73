import pytest
from msgspec.structs import replace

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.live import LiveError, LiveException, LiveFrame
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.wire.batch import SpanKind, StatusCode
from tests.unit.convert.telemetry import (
    NOW,
    SECOND,
    TRACE,
    batch_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_log,
    make_span,
    span_id,
    thrown,
)


def live_exception(kind="TypeError"):
    frames = (
        LiveFrame("/srv/shop/app.py", 3, "main", "shop.app"),
        LiveFrame("/srv/shop/orders.py", 7, "charge", "shop.orders", {"order": "7"}),
    )
    return LiveException((LiveError(kind, None, "as it lived", frames),))


@pytest.mark.parametrize("with_locals", [True, False])
def test_the_same_stack_again_gives_the_same_frames_and_shares_none(with_locals):
    converter, seen = Converter(ConvertOptions()), []
    for number in range(1, 4):
        live = live_exception()
        if not with_locals:
            frames = tuple(replace(frame, vars=None) for frame in live.errors[0].frames)
            live = LiveException((LiveError("TypeError", None, "as it lived", frames),))
        ids = bytes(15) + bytes([number])
        (event,) = converter.add(
            batch_of(make_entry(1, exception(), trace_id=ids)), 0.0, {(ids, span_id(1)): live}
        )
        frames = event.exception.values[0].stacktrace.frames
        assert [frame.function for frame in frames] == ["main", "charge"]
        assert frames[1].vars == ({"order": "7"} if with_locals else None)
        seen += frames
        for frame in frames:
            frame.function = frame.vars = None

    assert len({id(frame) for frame in seen}) == 6


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
    # Trackers show no type of what is called synthetic, and here there is nothing else to show.
    assert "synthetic" not in thrown(event)["mechanism"]


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
