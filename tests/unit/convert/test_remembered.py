import random

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from tests.unit.convert.telemetry import (
    NOW,
    OUTER_STACK,
    batch_of,
    event_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_span,
    nested,
)


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


def test_a_failure_that_leaves_its_request_and_ends_the_job_around_it_is_one_event():
    call = make_entry(2, exception(at=NOW), parent=1)
    job = make_span(1, exception(at=NOW + 5, stacktrace=OUTER_STACK), name="job")

    assert len(events_of(batch_of(call, job))) == 1
    assert len(events_of(batch_of(call), batch_of(job))) == 1


def test_the_last_of_several_equal_failures_is_the_one_that_left():
    calls = [make_entry(n, exception(at=NOW + n), parent=1) for n in (2, 3, 4)]
    job = make_span(1, exception(at=NOW + 9, stacktrace=OUTER_STACK), name="job")

    assert len(events_of(batch_of(*calls, job))) == 3


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


def test_what_was_sent_is_forgotten_after_a_while():
    converter = Converter(
        ConvertOptions(duplicate_window_s=10, max_remembered=1, max_recent_age_s=1)
    )
    entry = make_entry(1, exception())
    other = make_entry(1, exception("KeyError", "k"), trace_id=bytes(15) + b"\x08")
    converter.add(batch_of(entry), 0.0)
    converter.add(batch_of(other), 1.0)

    assert len(converter.add(batch_of(entry), 20.0)) == 1
