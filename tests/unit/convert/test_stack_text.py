import pytest

from otel_bridge.convert.stack_text import (
    ends_in_library,
    function_of,
    headlines,
    innermost_frame,
    lost_its_end,
    own_calls,
    passes,
    raised_from_none,
)

WHOLE = """Traceback (most recent call last):
  File "/srv/venv/lib/python3.11/site-packages/flask/app.py", line 9, in wsgi_app
    x
  File "/srv/shop/orders.py", line 7, in charge
    return rows[order]
shop.errors.PaymentError: no money
and no credit
"""
GROUP = """  + Exception Group Traceback (most recent call last):
  |   File "/srv/shop/a.py", line 1, in f
  |     raise ExceptionGroup("parts", errors)
  | ExceptionGroup: parts (1 sub-exception)
  +-+---------------- 1 ----------------
    | ValueError: one
    +------------------------------------
"""


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (WHOLE, "PaymentError", False),
        (WHOLE[:120], "PaymentError", True),
        (WHOLE[: WHOLE.index("shop.errors")], "PaymentError", True),
        (WHOLE, "LookupError", True),
        (GROUP, "ExceptionGroup", False),
        (GROUP[:250], "ExceptionGroup", True),
        ('  File "/a.py", line 1, in f\n    x\n', "ValueError", False),
        ("Error: x\n    at f (/a.js:1:1)", "Error", False),
        ("", "Error", False),
    ],
    ids=["whole", "cut", "no headline", "other", "group", "cut group", "frames", "js", "none"],
)
def test_a_python_text_that_was_cut_is_known_by_its_end(text, kind, expected):
    assert lost_its_end(text, kind) is expected


def test_a_call_without_a_place_brings_the_one_that_has_one():
    text = (
        "SyntaxError: x\n    at JSON.parse (<anonymous>)\n    at load (/srv/app.js:3:4)\n    at g"
    )

    assert innermost_frame(text) == "at JSON.parse (<anonymous>)\n    at load (/srv/app.js:3:4)"
    assert innermost_frame("x\n    at f (native)") == "at f (native)"


@pytest.mark.parametrize(
    ("frame", "function"),
    [
        ('File "/srv/a b.py", line 7, in charge', 'File "/srv/a b.py  in charge'),
        ("at load (/srv/app.js:3:4)", "load (/srv/app.js"),
        ("at async load (/srv/app.js:3:4)", "load (/srv/app.js"),
        ("at /srv/app.js:3:4", "/srv/app.js"),
        ("at C:\\srv\\app.js:3:4", "C:\\srv\\app.js"),
        ("at JSON.parse (<anonymous>)\n    at /srv/app.js:3:4", "/srv/app.js"),
        ("at shop.Orders.charge(Orders.java:7)", ""),
        ("at Shop.Orders.Charge() in /srv/Orders.cs:line 7", ""),
        ("", ""),
    ],
)
def test_a_function_is_a_frame_without_its_line(frame, function):
    assert function_of(frame) == function


def test_a_stack_passes_a_function_at_whatever_line():
    text = "E: x\n    at load (/srv/app.js:3:4)\n    at async /srv/app.js:9:9"

    assert passes(text, "load (/srv/app.js")
    assert passes(text, "/srv/app.js")
    assert not passes(text, "oad (/srv/app.js")
    assert passes(WHOLE, 'File "/srv/shop/orders.py  in charge')
    assert not passes(WHOLE, 'File "/srv/shop/orders.py  in wsgi_app')
    assert not passes(WHOLE, "")


def test_what_hides_its_context_is_seen_in_the_source():
    line = "    raise LookupError(order) from None\n"

    assert raised_from_none(WHOLE.replace("    return rows[order]\n", line))
    assert not raised_from_none(WHOLE)
    assert not raised_from_none("x from None")


def test_calls_of_the_application_are_counted():
    windows = '\n  File "C:\\Python311\\Lib\\asyncio\\runners.py", line 1, in run\n'

    assert own_calls(WHOLE) == 1
    assert own_calls(windows) == 0
    assert ends_in_library(WHOLE[: WHOLE.index('  File "/srv/shop')])
    assert not ends_in_library(WHOLE)


def test_headlines_are_named_with_and_without_what_stands_before_them():
    text = (
        "java.lang.IllegalStateException: outer\n\tat a.B.c(B.java:1)\n"
        "Caused by: shop.Orders$Missing: no order: 7\n  [cause]: TypeError: x\nshop.Bare"
    )

    assert headlines(text, 512) >= {
        ("IllegalStateException", "outer"),
        ("Orders$Missing", "no order: 7"),
        ("Missing", "no order: 7"),
        ("TypeError", "x"),
        ("Bare", ""),
    }
