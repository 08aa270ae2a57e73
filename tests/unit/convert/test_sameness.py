import pytest

from otel_bridge.convert.recent import KeptSpan
from otel_bridge.convert.sameness import is_replaced_by
from otel_bridge.convert.sighting import span_sightings
from otel_bridge.wire.batch import StatusCode
from tests.unit.convert.telemetry import (
    NOW,
    batch_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_span,
    thrown,
)

NODE = {"telemetry.sdk.language": "nodejs"}
MS = 1_000_000


def javascript(kind, message, *calls):
    lines = "".join(f"\n    at {call}" for call in calls)
    return {"kind": kind, "message": message, "stacktrace": f"{kind}: {message}{lines}"}


STOCK = javascript(
    "TypeError",
    "no rows",
    "load (/srv/app.js:3:4)",
    "/srv/app.js:9:1",
    "route (/srv/node_modules/r.js:1:1)",
)
CHECKOUT = javascript(
    "CheckoutError", "broke", "/srv/app.js:11:11", "route (/srv/node_modules/r.js:1:1)"
)
FROM_NONE = """Traceback (most recent call last):
  File "/srv/shop/orders.py", line 9, in order
    raise LookupError("no such order") from None
LookupError: no such order
"""
HIDDEN = """Traceback (most recent call last):
  File "/srv/shop/orders.py", line 6, in order
    charge(7)
  File "/srv/shop/pay.py", line 3, in charge
    raise PaymentError("refused")
shop.PaymentError: refused
"""


def express(*, cause=STOCK, later=1, parent=2, status=StatusCode.ERROR):
    inner = make_span(3, exception(at=NOW, **cause), parent=2, end=NOW, status=status)
    outer = make_span(2, parent=1, status=0)
    layer = make_span(parent, exception(at=NOW + later * MS, **CHECKOUT), parent=1)
    spans = [inner, layer, make_entry(1)] + ([outer] if parent != 2 else [])
    return events_of(batch_of(*spans, resource=NODE))


def test_an_error_that_was_thrown_for_another_brings_it_as_its_cause():
    (event,) = express()
    cause, error = event["exception"]["values"]

    assert (cause["type"], error["type"]) == ("TypeError", "CheckoutError")
    assert cause["mechanism"]["source"] == "cause"
    assert cause["mechanism"]["parent_id"] == error["mechanism"]["exception_id"] == 0


ELSEWHERE = javascript("TypeError", "no rows", "load (/srv/app.js:3:4)", "other (/srv/app.js:9:1)")


@pytest.mark.parametrize(
    "more",
    [
        {"cause": ELSEWHERE},
        {"cause": {**STOCK, "kind": "CheckoutError", "message": "broke"}},
        {"later": 500},
        {"parent": 4},
        {"status": StatusCode.UNSET},
    ],
    ids=["another function", "the same again", "much later", "beside it", "stayed in its span"],
)
def test_an_error_that_only_came_after_another_is_its_own(more):
    assert len(express(**more)) == 2


def python_spans(stacktrace):
    inner = make_span(
        2, exception("shop.PaymentError", "refused", HIDDEN, at=NOW), parent=1, end=NOW
    )
    return inner, make_entry(1, exception("LookupError", "no such order", stacktrace, at=NOW + MS))


def test_what_python_hid_with_from_none_is_told_by_what_was_raised_instead():
    (event,) = events_of(batch_of(*python_spans(FROM_NONE)))

    assert [value["type"] for value in event["exception"]["values"]] == ["LookupError"]
    assert events_of(*(batch_of(span) for span in python_spans(FROM_NONE))) == [event]


def test_what_was_raised_after_another_was_swallowed_is_its_own():
    swallowed = FROM_NONE.replace(" from None", "")

    assert len(events_of(batch_of(*python_spans(swallowed)))) == 2


def test_a_thrown_object_is_one_event_however_the_layers_write_it():
    layers = [
        make_span(3, exception("E_STOCK", "out of stock", "", at=NOW), parent=2, status=0),
        make_span(2, exception("", "[object Object]", "", at=NOW + 1), parent=1),
    ]
    (event,) = events_of(batch_of(*layers, make_entry(1), resource=NODE))

    assert (thrown(event)["type"], thrown(event)["value"]) == ("E_STOCK", "out of stock")


CUT = """Traceback (most recent call last):
  File "/srv/venv/lib/python3.11/site-packages/flask/app.py", line 9, in wsgi_app
    return self.full_disp"""


def test_a_cut_stack_is_of_the_failure_below_it():
    inner = make_span(2, exception(at=NOW), parent=1)
    entry = make_entry(1, exception(at=NOW + 1, stacktrace=CUT * 3))
    (event,) = events_of(batch_of(inner, entry))

    assert [f["function"] for f in thrown(event)["stacktrace"]["frames"]] == ["charge"]


@pytest.mark.parametrize(("span", "count"), [(1, 1), (3, 2)])
def test_a_cut_log_is_of_the_failure_of_its_span_whatever_it_says(span, count):
    log = exception_log(span, stacktrace=CUT, exception__message="first argument")
    other = make_span(3, parent=1, status=0)

    assert len(events_of(batch_of(log), batch_of(other, make_entry(1, exception())))) == count


def test_two_calls_of_the_same_built_in_are_two_failures():
    calls = [
        exception(**javascript("SyntaxError", "x", "JSON.parse (<anonymous>)", f"f (/a.js:{n}:1)"))
        for n in (5, 9)
    ]

    assert len(events_of(batch_of(make_entry(1, *calls), resource=NODE))) == 2


def test_a_stack_of_another_language_is_replaced_by_nothing():
    java = "shop.Bad: x\n\tat shop.Orders.charge(Orders.java:7)"
    spans = (
        make_span(2, exception("shop.Bad", "x", java), parent=1),
        make_entry(1, exception("shop.Worse", "y", java.replace("Bad: x", "Worse: y"))),
    )
    cause, error = (next(span_sightings(KeptSpan(span, b"", b""))) for span in spans)

    assert not is_replaced_by(cause, error)


def test_a_cut_stack_says_that_it_is():
    event = events_of(batch_of(make_entry(1, exception(stacktrace=CUT))))[0]

    assert "innermost calls are missing" in event["contexts"]["exception"]["note"]


def test_a_thrown_text_has_the_type_that_the_native_sdk_gives_it():
    (event,) = events_of(batch_of(make_entry(1, exception("", "odd", "")), resource=NODE))

    assert thrown(event)["type"] == "Error"
