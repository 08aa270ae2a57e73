import logging
import sys

import pytest
from opentelemetry import context as otel_context

from otel_bridge.logs.intake import Intake
from otel_bridge.logs.known_errors import Mark, mark
from tests.unit.logs.takers import ERROR_ID, Taker


def record_of(name="shop", level=logging.INFO, exc=None, thread="MainThread"):
    exc_info = (type(exc), exc, exc.__traceback__) if exc is not None else None
    record = logging.LogRecord(name, level, "/app/shop.py", 7, "said", None, exc_info)
    record.threadName = thread
    return record


def raised(exc):
    try:
        raise exc
    except type(exc) as caught:
        return caught


def test_without_a_sink_nothing_happens():
    intake = Intake()
    intake.note(record_of(level=logging.ERROR, exc=ValueError()))
    intake.take(record_of())


def test_a_record_is_taken_once():
    taker, record = Taker(), record_of()
    Intake(taker).take(record)
    Intake(taker).take(record)

    assert taker.texts == ["said"]


@pytest.mark.parametrize(
    "record",
    [
        record_of("otel_bridge"),
        record_of("otel_bridge.send"),
        record_of("opentelemetry.sdk.trace"),
        record_of("urllib3", thread="otel-bridge-worker"),
    ],
    ids=["ours", "ours-below", "the-sdk", "our-thread"],
)
def test_what_tells_of_telemetry_itself_is_not_telemetry(record):
    taker = Taker()
    Intake(taker).take(record)

    assert taker.logs == []


def test_what_is_logged_while_instrumentation_is_suppressed_is_not_telemetry():
    taker = Taker()
    key = otel_context._SUPPRESS_INSTRUMENTATION_KEY
    token = otel_context.attach(otel_context.set_value(key, True))
    try:
        Intake(taker).take(record_of())
    finally:
        otel_context.detach(token)

    assert taker.logs == []


def test_a_record_has_the_ids_of_the_span_it_was_written_in(tracer):
    taker = Taker()
    with tracer.start_as_current_span("work") as span:
        Intake(taker).take(record_of())

    context, body = span.get_span_context(), taker.logs[0].body
    assert (body.trace_id, body.span_id, body.trace_flags) == (
        context.trace_id,
        context.span_id,
        int(context.trace_flags),
    )


def test_a_record_outside_any_span_has_the_ids_that_its_exception_brings():
    taker, exc = Taker(), raised(ValueError("no"))
    mark(exc, Mark(1, 2, 3, ERROR_ID))
    Intake(taker).take(record_of(level=logging.ERROR, exc=exc))

    body = taker.logs[0].body
    assert (body.trace_id, body.span_id, body.trace_flags) == (1, 2, 3)


def test_an_exception_at_error_level_asks_for_an_event():
    taker, exc = Taker(), raised(ValueError("no"))
    Intake(taker).take(record_of(level=logging.ERROR, exc=exc))

    (log,) = taker.logs
    assert log.exc is exc
    assert log.body.attributes["exception.type"] == "ValueError"
    assert log.body.attributes["exception.stacktrace"].startswith("Traceback")
    assert log.body.attributes["otel_bridge.event_id"] == ERROR_ID


def test_an_exception_below_error_level_is_a_breadcrumb():
    taker = Taker()
    Intake(taker).take(record_of(level=logging.WARNING, exc=raised(ValueError("no"))))

    (log,) = taker.logs
    assert log.body.attributes["otel_bridge.breadcrumb"] is True
    assert taker.noted == []


@pytest.mark.parametrize(
    ("level", "name"),
    [(logging.WARNING, None), (logging.ERROR, "otel_bridge.message")],
)
def test_a_line_without_an_exception_is_an_event_from_the_level_that_was_set(level, name):
    taker = Taker()
    Intake(taker, event_level=logging.ERROR).take(record_of(level=level))

    assert taker.logs[0].body.event_name == name


def test_the_traceback_that_a_formatter_has_made_is_used_again():
    taker, record = Taker(), record_of(level=logging.ERROR, exc=raised(ValueError("no")))
    record.exc_text = "Traceback (most recent call last):\nValueError: no"
    Intake(taker).take(record)

    assert taker.logs[0].body.attributes["exception.stacktrace"] == record.exc_text + "\n"


def test_a_short_form_that_a_formatter_has_made_is_not():
    taker, record = Taker(), record_of(level=logging.ERROR, exc=raised(ValueError("no")))
    record.exc_text = "ValueError"
    Intake(taker).take(record)

    assert taker.logs[0].body.attributes["exception.stacktrace"].startswith("Traceback")


def test_the_id_of_an_exception_is_asked_for_before_the_line_is_written():
    taker, exc = Taker(), raised(ValueError("no"))
    intake = Intake(taker)
    intake.note(record_of(level=logging.WARNING, exc=exc))
    intake.note(record_of("otel_bridge", level=logging.ERROR, exc=exc))
    assert taker.noted == []

    intake.note(record_of(level=logging.ERROR, exc=exc))

    assert taker.noted == [exc]


def test_a_record_that_a_handler_has_emitted_itself_is_not_taken_again():
    taker, exc = Taker(), raised(ValueError("no"))
    intake, record = Intake(taker), record_of(level=logging.ERROR, exc=exc)
    intake.begin(record)

    assert intake.claim(123) is None
    assert intake.claim(int(record.created * 1e9)) is exc
    intake.end()
    intake.take(record)

    assert taker.logs == []
    assert intake.claim(int(record.created * 1e9)) is None


def test_no_exception_is_at_hand_where_none_is_told_of():
    intake, record = Intake(Taker()), record_of(level=logging.ERROR)
    record.exc_info = sys.exc_info()
    intake.begin(record)

    assert intake.claim(int(record.created * 1e9)) is None
