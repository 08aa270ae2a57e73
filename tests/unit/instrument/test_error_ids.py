import gc
import json
import threading
import weakref

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace import StatusCode

from otel_bridge.convert.identity import derived_id
from otel_bridge.instrument.error_ids import ErrorIds
from otel_bridge.logs.known_errors import KnownErrors, mark_of


class Noting(SpanProcessor):
    """Tells of ended spans as our processor does."""

    def __init__(self, error_ids):
        import sys  # noqa: PLC0415

        self._handled = lambda: sys.exc_info()[1]
        self._error_ids = error_ids

    def on_end(self, span):
        self._error_ids.span_ended(span, self._handled())


class Scene:
    """A tracer whose spans are told of, and what is known then."""

    def __init__(self, scrub=lambda text: text):
        self.known = KnownErrors()
        self.ids = ErrorIds(scrub, self.known)
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(Noting(self.ids))
        self.tracer = provider.get_tracer("test")

    def span(self, name):
        return self.tracer.start_as_current_span(name)

    def at(self, span):
        context = span.get_span_context()
        found = self.known.at(context.trace_id, context.span_id)
        return None if found is None else found.error_id


def id_at(span, kind, message):
    context = span.get_span_context()
    return derived_id(
        context.trace_id.to_bytes(16, "big"), context.span_id.to_bytes(8, "big"), kind, message
    )


def fail(exc):
    raise exc


def test_a_failure_is_known_at_its_span_and_where_it_goes_to():
    scene = Scene()
    with scene.span("request") as request:
        with pytest.raises(ValueError, match="no"), scene.span("query") as query:
            fail(ValueError("no"))
        with scene.span("afterwards") as afterwards:
            assert scene.at(afterwards) is None
        expected = id_at(query, "ValueError", "no")

        assert scene.at(query) == scene.at(request) == expected


def test_it_keeps_the_id_of_the_deepest_span_on_its_way_up():
    scene, exc = Scene(), ValueError("no")
    with (
        pytest.raises(ValueError, match="no"),
        scene.span("request") as request,
        scene.span("service") as service,
        scene.span("query") as query,
    ):
        fail(exc)

    expected = id_at(query, "ValueError", "no")
    assert [scene.at(span) for span in (query, service, request)] == [expected] * 3
    assert mark_of(exc).error_id == expected


def test_what_is_raised_from_it_is_the_same_failure():
    scene = Scene()
    with pytest.raises(RuntimeError), scene.span("request") as request:
        try:
            with scene.span("query") as query:
                fail(ValueError("no"))
        except ValueError as exc:
            raise RuntimeError("cannot") from exc

    assert scene.at(request) == id_at(query, "ValueError", "no")


def test_what_is_raised_instead_of_it_is_another_failure():
    scene = Scene()
    with pytest.raises(RuntimeError), scene.span("request") as request:
        try:
            with scene.span("query"):
                fail(ValueError("no"))
        except ValueError:
            raise RuntimeError("cannot") from None

    assert scene.at(request) == id_at(request, "RuntimeError", "cannot")


def test_an_exception_that_was_only_recorded_has_the_same_id_at_every_level():
    scene = Scene()
    with scene.span("request") as request:
        with scene.span("query") as query:
            query.record_exception(ValueError("no"))
        request.record_exception(ValueError("no"))

    assert scene.at(request) == id_at(query, "ValueError", "no")


def test_ids_are_made_of_clean_messages():
    scene = Scene(scrub=lambda text: text.replace("secret", "***"))
    with pytest.raises(ValueError, match="secret"), scene.span("request") as request:
        fail(ValueError("the secret"))

    assert scene.at(request) == id_at(request, "ValueError", "the ***")


def test_an_exception_raised_again_in_another_trace_is_another_failure():
    scene, cached = Scene(), ValueError("always the same object")
    ids = []
    for _ in range(2):
        with pytest.raises(ValueError, match="always"), scene.span("request") as request:
            fail(cached)
        ids.append(scene.at(request))

    assert len(set(ids)) == 2


def test_a_note_inside_a_span_is_what_the_span_says_later():
    scene, exc = Scene(), ValueError("no")
    with pytest.raises(ValueError, match="no"), scene.span("request") as request:
        noted = scene.ids.note(exc)
        fail(exc)

    assert noted == scene.at(request) == id_at(request, "ValueError", "no")


def test_a_note_after_the_span_is_what_the_span_said():
    scene, exc = Scene(), ValueError("no")
    with pytest.raises(ValueError, match="no"), scene.span("request") as request:
        fail(exc)

    assert scene.ids.note(exc) == scene.at(request)


def test_a_note_of_what_was_raised_from_it_names_the_same_failure():
    scene = Scene()
    try:
        try:
            with scene.span("query") as query:
                fail(ValueError("no"))
        except ValueError as cause:
            raise RuntimeError("cannot") from cause
    except RuntimeError as exc:
        noted = scene.ids.note(exc)

    assert noted == id_at(query, "ValueError", "no")


def test_without_a_span_each_exception_has_an_id_and_keeps_it():
    ids = Scene().ids
    one, other = ValueError("no"), ValueError("no")

    assert ids.note(one) == ids.note(one)
    assert ids.note(one) != ids.note(other)
    assert ids.new_id("", "said") != ids.new_id("", "said")


def test_an_exception_that_cannot_show_itself_has_an_id():
    class Unspeakable(Exception):
        def __str__(self):
            raise RuntimeError("no")

    assert len(Scene().ids.note(Unspeakable())) == 32


def test_a_chain_that_bites_its_tail_comes_to_an_end():
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one

    assert len(Scene().ids.note(one)) == 32


def test_a_failure_in_another_thread_of_the_trace_is_known_where_it_was_waited_for():
    scene = Scene()
    with scene.span("request") as request:

        def work():
            with (
                trace.use_span(request),
                pytest.raises(ValueError, match="no"),
                scene.span("query"),
            ):
                fail(ValueError("no"))

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

        assert scene.at(request) is not None


def test_events_that_are_no_exceptions_say_nothing():
    scene = Scene()
    with scene.span("request") as request:
        request.add_event("exception", {"exception.type": 7})
        request.add_event("cache miss")

    assert scene.at(request) is None


def fail_without_recording(scene, exc, error_type):
    """End a span because of an exception, as frameworks do that log it and do not record it."""
    span = scene.tracer.start_span("request", attributes={"error.type": error_type})
    try:
        fail(exc)
    except type(exc):
        span.set_status(StatusCode.ERROR)
        span.end()
    scene.ids.span_failed(span, exc)
    return span


@pytest.mark.parametrize("name", ["LookupError", "builtins.LookupError"])
def test_an_exception_that_a_span_only_names_is_known_to_whoever_logs_it_later(name):
    scene, exc = Scene(), LookupError("no such order")
    span = fail_without_recording(scene, exc, name)

    assert mark_of(exc).span_id == span.get_span_context().span_id
    assert scene.ids.note(exc) == id_at(span, "LookupError", "no such order") == scene.at(span)


def test_one_that_it_does_not_name_is_not():
    scene, exc = Scene(), LookupError("no such order")
    fail_without_recording(scene, exc, "500")

    assert mark_of(exc) is None


def test_the_innermost_of_such_spans_counts():
    scene, exc = Scene(), LookupError("no such order")
    with scene.span("request") as outer:
        inner = fail_without_recording(scene, exc, "LookupError")
    scene.ids.span_failed(outer, exc)

    assert mark_of(exc).span_id == inner.get_span_context().span_id


def test_nothing_is_searched_for_secrets_before_somebody_asks_for_the_id():
    searched = []
    scene = Scene(lambda text: searched.append(text) or text)
    with pytest.raises(ValueError, match="no"), scene.span("query") as query:
        fail(ValueError("no"))
    assert searched == []

    assert scene.at(query) == id_at(query, "ValueError", "no")
    assert searched == ["no"]


def test_a_long_message_is_not_kept_for_its_id():
    searched = []
    scene = Scene(lambda text: searched.append(text) or text)
    with pytest.raises(ValueError, match="x"), scene.span("query"):
        fail(ValueError("x" * 513))

    assert searched == ["x" * 513]


def test_half_a_character_is_read_as_it_is_sent():
    scene = Scene()
    with pytest.raises(ValueError), scene.span("query") as query:  # noqa: PT011  # no text to match
        fail(ValueError("half \ud800 of it"))

    assert scene.at(query) == id_at(query, "ValueError", "half \ufffd of it")


def fail_in_a_scene():
    """Return what is left of a scene that is gone: an exception, and the place it came from."""
    scene = Scene()
    with pytest.raises(ValueError, match="no") as caught, scene.span("query") as query:
        fail(ValueError("no"))
    exc = caught.value
    exc.__traceback__ = None
    context = query.get_span_context()
    return weakref.ref(scene.ids), scene.known, exc, context


def test_what_is_written_on_an_exception_can_be_json_and_keeps_no_bridge_alive():
    maker, known, exc, context = fail_in_a_scene()
    gc.collect()

    assert json.loads(json.dumps(vars(exc)))
    assert maker() is None
    assert mark_of(exc).error_id == ""
    assert known.at(context.trace_id, context.span_id).error_id == ""
