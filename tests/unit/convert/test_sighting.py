import pytest

from otel_bridge.convert.recent import KeptSpan
from otel_bridge.convert.sameness import is_cause
from otel_bridge.convert.sighting import Shape, Sighting
from otel_bridge.convert.stack_text import innermost_frame, last_component
from otel_bridge.wire.batch import SpanRecord


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("ValueError", "ValueError"),
        ("shop.errors.PaymentError", "PaymentError"),
        ("App\\Errors\\PaymentError", "PaymentError"),
        ("shop::PaymentError", "PaymentError"),
        ("*errors.errorString", "errorString"),
        ("", ""),
    ],
)
def test_the_last_component_is_what_levels_agree_on(name, last):
    assert last_component(name) == last


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ('Traceback\n  File "a.py", line 1, in f\n  File "b.py", line 2, in g\nE: x', "b.py"),
        (
            '  + Exception Group\n  |   File "a.py", line 1, in f\n    |   File "b.py", line 2',
            "b.py",
        ),
        ("Error: x\n    at f (a.js:1:2)\n    at g (b.js:1:2)", "a.js"),
        ("E: x\n\tat a.B.f(B.java:1)\n\tat a.C.g(C.java:2)", "B.java"),
        ("goroutine 1 [running]:\nmain.f()\n\t/a/main.go:1 +0x1\n", "main.go"),
        ("no stack at all", ""),
    ],
    ids=["python", "python group", "javascript", "java", "go", "none"],
)
def test_the_innermost_frame_is_found_in_any_language(text, frame):
    found = innermost_frame(text)

    assert frame in found
    assert bool(found) == bool(frame)


def sighting(short_type, message, stacktrace=""):
    kept = KeptSpan(
        SpanRecord(b"t" * 16, b"s" * 8, b"", 0x100, 1, 2, 0, 1, b""), resource=b"", scope=b""
    )
    facts = {
        "exception.type": short_type,
        "exception.message": message,
        "exception.stacktrace": stacktrace,
    }
    return Sighting(Shape.SPAN_EVENT, kept, facts)


CHAIN = """Traceback (most recent call last):
  File "/app/pay.py", line 3, in charge
    raise Declined("no money")
shop.pay.Declined: no money

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/shop.py", line 9, in order
    raise Failed("order 12") from error
shop.Failed: order 12
"""


@pytest.mark.parametrize(
    ("kind", "message", "expected"),
    [
        ("Declined", "no money", True),
        ("shop.pay.Declined", "no money", True),
        ("Declined", "no", False),
        ("lined", "no money", False),
        ("Failed", "order 1", False),
        ("Failed", "order 12", False),
        ("", "no money", False),
    ],
)
def test_a_cause_is_named_by_a_whole_line_of_the_chain(kind, message, expected):
    assert (
        is_cause(sighting(kind, message), sighting("shop.Failed", "order 12", CHAIN)) is expected
    )


def test_what_was_raised_elsewhere_is_no_cause_however_it_reads():
    elsewhere = 'Traceback\n  File "/app/other.py", line 1, in f\nDeclined: no money\n'
    cause = sighting("Declined", "no money", elsewhere)

    assert is_cause(cause, sighting("shop.Failed", "order 12", CHAIN)) is False
