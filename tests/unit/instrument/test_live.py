import contextlib
import traceback

import pytest
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider

from otel_bridge.instrument.live import LiveReader


class Watch(SpanProcessor):
    """Reads the exception behind every span."""

    def __init__(self, **options):
        self.reader = LiveReader(**options)
        self.found = {}

    def on_end(self, span):
        self.found[span.name] = self.reader.read(span) if span.events else None


def watched(**options):
    provider = TracerProvider(shutdown_on_exit=False)
    watch = Watch(**options)
    provider.add_span_processor(watch)
    return watch, provider.get_tracer("test")


def read(call, **options):
    """What is read of an exception that leaves a span."""
    watch, tracer = watched(**options)
    with contextlib.suppress(Exception), tracer.start_as_current_span("span"):
        call()
    return watch.found["span"]


def told(live):
    """Type, message and calls of each exception, without those of OpenTelemetry."""
    return [
        (error.type, error.message, [f.function for f in error.frames if f.module == __name__])
        for error in live.errors
    ]


def charge(order):
    try:
        return {}[order]
    except KeyError as error:
        raise ValueError("refused") from error


class Meddler(Exception):
    """An exception whose own code must never run."""

    calls = 0

    def __init__(self, message):
        super().__init__(message)

    def __str__(self):
        Meddler.calls += 1
        return "said by itself"

    __repr__ = __str__


class Hidden(Exception):
    @property
    def __cause__(self):
        raise AssertionError("asked")

    __context__ = __traceback__ = __notes__ = args = __cause__


def test_the_exception_that_leaves_a_span_is_read_with_its_cause():
    live = read(lambda: charge(7))

    assert told(live) == [
        ("KeyError", "7", ["charge"]),
        ("ValueError", "refused", ["read", "<lambda>", "charge"]),
    ]
    assert [error.module for error in live.errors] == [None, None]
    assert live.errors[-1].frames[-1].module == __name__
    assert live.kind is ValueError


def test_each_span_on_the_way_out_knows_more_of_the_stack():
    watch, tracer = watched()

    def outer():
        with tracer.start_as_current_span("inner"):
            charge(7)

    with contextlib.suppress(ValueError), tracer.start_as_current_span("outer"):
        outer()

    inner, around = (
        [f.function for f in watch.found[name].errors[-1].frames if f.module == __name__]
        for name in ("inner", "outer")
    )
    assert inner == ["outer", "charge"]
    assert around[-2:] == inner
    assert len(around) > len(inner)


def test_an_exception_that_was_caught_before_the_span_ended_is_gone():
    watch, tracer = watched()
    with tracer.start_as_current_span("span") as span:
        try:
            charge(7)
        except ValueError as error:
            span.record_exception(error)

    assert watch.found["span"] is None


def test_an_exception_that_was_recorded_while_another_is_handled_is_found_behind_it():
    watch, tracer = watched()
    with contextlib.suppress(RuntimeError):
        try:
            charge(7)
        except ValueError as error:
            with tracer.start_as_current_span("span", record_exception=False) as span:
                span.record_exception(error)
                raise RuntimeError("another") from None

    assert watch.found["span"].errors[-1].type == "ValueError"


def test_another_exception_of_the_same_type_is_not_taken_for_the_recorded_one():
    watch, tracer = watched()
    recording = tracer.start_as_current_span("span", record_exception=False)
    with contextlib.suppress(ValueError), recording as span:
        span.record_exception(ValueError("first"))
        raise ValueError("second")

    assert watch.found["span"] is None


def test_no_code_of_the_exception_runs():
    def fail():
        try:
            raise Meddler("quiet")  # caught here on purpose
        except Meddler as error:
            raise RuntimeError("outer") from error

    try:
        fail()
    except RuntimeError as error:
        text = "".join(traceback.format_exception(error))
        Meddler.calls = 0
        live = LiveReader().read_exception(error, {"exception.stacktrace": text})

    assert told(live)[0] == ("Meddler", "said by itself", ["fail"])
    assert Meddler.calls == 0


def test_properties_that_pose_as_the_exceptions_own_are_not_asked():
    def fail():
        raise Hidden("x")

    try:
        fail()
    except Hidden as error:
        live = LiveReader().read_exception(error, {"exception.message": "m"})

    assert [(e.type, e.message) for e in live.errors] == [("Hidden", "m")]
    assert [f.function for f in live.errors[0].frames][-1] == "fail"


@pytest.mark.parametrize(
    ("exc", "message"),
    [
        (ValueError(), ""),
        (ValueError("a"), "a"),
        (ValueError("a", 1), "('a', 1)"),
        (KeyError("a"), "'a'"),
        (OSError(2, "No such file", "x"), "[Errno 2] No such file: 'x'"),
        (ValueError(object()), ""),
        (ValueError(10**30), ""),
        (ExceptionGroup("g", [ValueError("a")]), "g (1 sub-exception)"),
    ],
)
def test_a_message_is_read_where_no_code_of_the_host_is_needed(exc, message):
    assert LiveReader().read_exception(exc, {}).errors[-1].message == message


def test_notes_follow_the_message():
    exc = ValueError("a")
    exc.add_note("b")
    exc.__notes__.append(object())

    assert LiveReader().read_exception(exc, {}).errors[-1].message == "a\nb"
    exc.__notes__ = "no list"
    assert LiveReader().read_exception(exc, {}).errors[-1].message == "a"


def test_a_group_is_numbered_as_the_native_sdk_numbers_it():
    member = ValueError("one")
    member.__context__ = LookupError("before")
    group = ExceptionGroup("g", [member, OSError(5, "disk")])
    live = LiveReader().read_exception(group, {})

    assert [(e.type, e.exception_id, e.parent_id, e.source) for e in live.errors] == [
        ("OSError", 3, 0, "exceptions[1]"),
        ("LookupError", 2, 0, "__context__"),
        ("ValueError", 1, 0, "exceptions[0]"),
        ("ExceptionGroup", 0, None, None),
    ]
    assert live.errors[0].errno == 5
    assert live.errors[-1].is_group


def test_circles_end():
    one, other = ValueError("one"), ValueError("other")
    one.__context__, other.__context__ = other, one
    group = ExceptionGroup("g", [one])
    one.__cause__ = group

    assert len(LiveReader().read_exception(one, {}).errors) == 2
    assert len(LiveReader().read_exception(group, {}).errors) == 2


def test_a_suppressed_context_stays_out():
    def fail():
        try:
            charge(7)
        except ValueError:
            raise LookupError("x") from None

    assert [error.type for error in read(fail).errors] == ["LookupError"]


def test_frames_that_hide_themselves_stay_out():
    def helper():
        __tracebackhide__ = True
        charge(7)

    assert "helper" not in [f.function for f in read(helper).errors[-1].frames]


def test_endless_chains_and_stacks_are_bounded():
    exc = None
    for number in range(200):
        new = ValueError(str(number))
        new.__context__ = exc
        exc = new

    def down(depth):
        return down(depth - 1) if depth else 1 / 0

    assert len(LiveReader().read_exception(exc, {}).errors) == 50
    assert len(read(lambda: down(900)).errors[-1].frames) <= 1_000


def test_locals_are_read_on_request():
    frame = read(lambda: charge(7), include_locals=True).errors[-1].frames[-1]

    assert frame.vars["order"] == "7"
    assert read(lambda: charge(7)).errors[-1].frames[-1].vars is None


def test_locals_are_read_once_for_an_exception_on_its_way_out():
    watch, tracer = watched(include_locals=True)

    def outer():
        seen = ["before"]
        try:
            with tracer.start_as_current_span("inner"):
                charge(7)
        finally:
            seen[0] = "after"

    with contextlib.suppress(ValueError), tracer.start_as_current_span("outer"):
        outer()

    frames = {f.function: f.vars for f in watch.found["outer"].errors[-1].frames}
    assert frames["outer"]["seen"] == "['before']"


def test_the_object_is_kept_only_on_request():
    assert read(lambda: charge(7)).exception is None
    assert isinstance(read(lambda: charge(7), keep_exception=True).exception, ValueError)


def test_outside_of_any_handling_there_is_nothing_to_read():
    assert LiveReader().read(ReadableSpan("x")) is None
