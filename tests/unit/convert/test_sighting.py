import pytest

from otel_bridge.convert.sighting import innermost_frame, last_component


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
