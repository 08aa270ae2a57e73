from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Status, StatusCode, set_span_in_context

from otel_bridge.instrument.handover import PutError, PutLog, Taken
from otel_bridge.instrument.leftover import Leftover
from otel_bridge.stats import Stats


def ended(name, parent=None, error=None, *, failed=False):
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("test")
    context = None if parent is None else set_span_in_context(parent)
    span = tracer.start_span(name, context)
    if error is not None:
        span.record_exception(error)
    if failed:
        span.set_status(Status(StatusCode.ERROR))
        span.set_attribute("error.type", "timeout")
    span.end()
    return span


def taken(*spans, logs=()):
    return Taken([span._readable_span() for span in spans], [], {}, list(logs), [], None)


def names(items):
    return [item.record.name for item in items]


def test_errors_are_told_from_what_is_around_them_and_from_all_else():
    request = ended("request")
    error = ended("query", request, ValueError("no"))
    left = Leftover.of([taken(ended("other"), error), taken(request)], Stats())

    assert [names(group) for group in left.errors] == [["query"]]
    assert names(left.context) == ["request"]


def test_a_request_that_failed_without_an_exception_is_looked_into():
    left = Leftover.of([taken(ended("GET", failed=True), ended("other"))], Stats())

    assert (left.errors, names(left.context)) == ([], ["GET"])


def test_errors_of_one_trace_are_one_group_up_to_a_number():
    request = ended("request")
    errors = [ended("query", request, ValueError("no")) for _ in range(65)]
    left = Leftover.of([taken(*errors, ended("alone", None, ValueError("no")))], Stats())

    assert [len(group) for group in left.errors] == [64, 1, 1]


def test_what_takes_long_to_scrub_comes_last():
    large = ended("large", None, ValueError("x" * 100_000))
    left = Leftover.of([taken(large, ended("small", None, ValueError("no")))], Stats())

    assert [names(group) for group in left.errors] == [["small"], ["large"]]


def test_everything_has_expired_as_a_span_or_log_record_whatever_it_is():
    stats = Stats()
    log = PutLog(object(), is_urgent=True)
    left = Leftover.of(
        [Taken([object(), ended("a")._readable_span()], [], {}, [log], [], None)], stats
    )

    assert [len(group) for group in left.errors] == [1]
    assert stats.snapshot()["span"] == {"received": 2, "expired:at_shutdown": 2}
    assert stats.snapshot()["log"] == {"received": 1, "expired:at_shutdown": 1}


def test_what_the_worker_has_let_go_of_is_counted_and_its_errors_are_found():
    stats, live = Stats(), object()
    error = ended("query", None, ValueError("no"))._readable_span()
    left = Leftover.of([Taken([], [], {}, [], [PutError(error, live)], None)], stats, spent=7)

    assert [(item.record, item.live) for (item,) in left.errors] == [(error, live)]
    assert stats.snapshot()["span"] == {"received": 7, "expired:at_shutdown": 7}


def test_a_long_text_around_an_error_is_left_out():
    request = ended("request", None, failed=True)
    large = ended("x" * 10, request)
    large._attributes = {"text": "x" * 100_000}
    left = Leftover.of([taken(large, ended("query", request, ValueError("no")), request)], Stats())

    assert names(left.context) == ["request"]
