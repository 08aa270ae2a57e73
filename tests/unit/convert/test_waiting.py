from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.wire.batch import SpanKind, StatusCode
from tests.unit.convert.telemetry import (
    NOW,
    OUTER_STACK,
    STACK,
    batch_of,
    event_of,
    events_of,
    exception,
    make_entry,
    make_span,
    nested,
    span_id,
)


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


def test_a_record_whose_parent_was_lost_belongs_to_the_request_that_was_open():
    inner, _, entry = nested()

    (event,) = events_of(batch_of(inner, entry), settle_s=1000)
    assert event["contexts"]["trace"]["span_id"] == span_id(3).hex()
    assert event["transaction"] == "/orders/{id}"


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


def lost(*entries, inner=None):
    """Events of a record whose parent never came, and of the requests around it."""
    inner = make_span(3, exception(at=NOW), parent=2, name="query") if inner is None else inner
    return events_of(batch_of(inner, *entries), settle_s=1000)


def test_of_two_open_requests_the_one_that_recorded_the_same_exception_is_meant():
    own = make_entry(1, exception(at=NOW + 20, stacktrace=OUTER_STACK), http__route="/own")
    other = make_entry(9, parent=8, remote=True, http__route="/other")

    (event,) = lost(own, other)
    assert event["transaction"] == "/own"


def test_of_two_open_requests_the_only_one_that_failed_is_meant():
    failed = make_entry(1, http__route="/failed")
    fine = make_entry(9, parent=8, remote=True, status=StatusCode.UNSET, http__route="/fine")

    (event,) = lost(failed, fine)
    assert event["transaction"] == "/failed"


def test_of_a_request_within_a_request_the_inner_one_is_meant():
    outer = make_entry(1, http__route="/outer")
    call = make_span(5, parent=1, kind=SpanKind.CLIENT)
    inner = make_entry(6, parent=5, remote=True, http__route="/inner")

    (event,) = lost(outer, call, inner)
    assert event["transaction"] == "/inner"


def test_where_nothing_tells_open_requests_apart_none_is_meant():
    entries = [make_entry(n, parent=8, remote=True, http__route=f"/{n}") for n in (1, 9)]

    (event,) = lost(*entries)
    assert event["transaction"] == "query"
    assert "request" not in event


def test_a_record_whose_parent_was_lost_and_whose_request_is_an_event_already_is_none():
    converter = Converter(ConvertOptions(max_wait_s=5))
    entry = make_entry(1, exception(at=NOW + 20, stacktrace=OUTER_STACK))

    assert len(converter.add(batch_of(entry), 0.0)) == 1
    assert converter.add(batch_of(make_span(3, exception(at=NOW), parent=2)), 1.0) == []
    assert converter.due(7.0) == []
    assert converter.duplicates == 1
