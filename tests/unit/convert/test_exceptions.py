import pytest

from otel_bridge.convert.event import Frame
from otel_bridge.convert.frame_maker import cap
from tests.unit.convert.telemetry import (
    PYTHON,
    STACK,
    event_of,
    exception,
    exception_log,
    make_entry,
    thrown,
)

LIBRARY = "/srv/venv/lib/python3.11/site-packages"
CHAINED = f"""Traceback (most recent call last):
  File "/srv/shop/orders.py", line 3, in find
    return rows[order]
KeyError: 7

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "{LIBRARY}/opentelemetry/trace/__init__.py", line 589, in use_span
    yield span
  File "/usr/lib/python3.11/contextlib.py", line 81, in inner
    return func(*args, **kwds)
  File "{LIBRARY}/flask/app.py", line 9, in wsgi_app
    response = self.full_dispatch_request()
  File "/srv/shop/orders.py", line 5, in charge
    raise PaymentError("refused") from error
shop.orders.PaymentError: refused
"""


class Disk:
    """Source and modules of a process, from memory."""

    def __init__(self, **files):
        self.files = files

    def lines(self, abs_path):
        return ["one", "two", "  three\r\n", "four", "five"] if abs_path in self.known() else None

    def module_name(self, abs_path):
        return self.known().get(abs_path)

    def has_module(self, name):
        return name in {"shop", "shop.orders", "xml.etree.ElementTree"}

    def installed(self):
        return {}

    def known(self):
        return {"/srv/shop/orders.py": "shop.orders"}


def values_of(text, kind="shop.orders.PaymentError", message="refused", **more):
    entry = make_entry(1, exception(kind, message, text))
    return event_of(entry, **more)["exception"]["values"]


def test_a_chain_is_told_cause_first_with_one_mechanism():
    cause, last = values_of(CHAINED)

    assert (cause["type"], cause["value"], cause.get("module")) == ("KeyError", "7", None)
    assert (last["type"], last["value"], last["module"]) == (
        "PaymentError",
        "refused",
        "shop.orders",
    )
    assert (
        cause["mechanism"]
        == last["mechanism"]
        == {
            "type": "auto.otel.span_event",
            "handled": False,
        }
    )


def test_frames_that_only_recorded_the_exception_are_left_out():
    frames = values_of(CHAINED)[-1]["stacktrace"]["frames"]

    assert [(f["function"], f["in_app"], f["filename"]) for f in frames] == [
        ("wsgi_app", False, "flask/app.py"),
        ("charge", True, "/srv/shop/orders.py"),
    ]


def test_an_error_inside_the_telemetry_itself_keeps_its_frames():
    text = (
        'Traceback (most recent call last):\n  File "/srv/shop/orders.py", line 3, in f\n    f()\n'
        f'  File "{LIBRARY}/opentelemetry/trace/__init__.py", line 1, in g\n    g()\n'
        "TypeError: x\n"
    )

    assert [f["function"] for f in values_of(text)[-1]["stacktrace"]["frames"]] == ["f", "g"]


def test_a_process_that_owns_the_code_fills_in_lines_and_modules():
    frame = values_of(CHAINED, source=Disk())[0]["stacktrace"]["frames"][0]

    assert frame == {
        "filename": "shop/orders.py",
        "abs_path": "/srv/shop/orders.py",
        "module": "shop.orders",
        "function": "find",
        "lineno": 3,
        "in_app": True,
        "pre_context": ["one", "two"],
        "context_line": "  three",
        "post_context": ["four", "five"],
    }


def test_a_process_knows_where_a_module_ends_and_a_class_begins():
    text = STACK.replace("TypeError: 'NoneType'", "xml.etree.ElementTree.ParseError: x 'NoneType'")
    kind = "xml.etree.ElementTree.ParseError"
    (value,) = values_of(text, kind, source=Disk())

    assert (value["module"], value["type"]) == ("xml.etree.ElementTree", "ParseError")


@pytest.mark.parametrize("more", [{"source_context_lines": 1}, {"source_context_lines": 0}])
def test_the_number_of_lines_around_can_be_chosen(more):
    frame = values_of(CHAINED, source=Disk(), **more)[0]["stacktrace"]["frames"][0]

    assert len(frame["post_context"]) == more["source_context_lines"]


def test_a_stack_that_was_cut_off_takes_its_type_from_the_attributes():
    # A limit on attributes keeps the head of a text: Python's own line is lost.
    value = values_of(CHAINED.rpartition("    raise")[0])[-1]

    assert (value["type"], value["value"]) == ("PaymentError", "refused")
    assert value["stacktrace"]["frames"]


def test_text_that_cannot_be_read_is_kept_beside():
    event = event_of(make_entry(1, exception("E", "m", "what is this?")))

    assert thrown(event) == {
        "type": "E",
        "value": "m",
        "mechanism": {"type": "auto.otel.span_event", "handled": False},
    }
    assert event["contexts"]["exception"]["stacktrace"] == "what is this?"


@pytest.mark.parametrize(
    ("language", "platform"),
    [("nodejs", "node"), ("webjs", "javascript"), ("", "node"), ("cobol", "other")],
)
def test_a_stack_is_read_by_the_sdks_language_else_by_its_looks(language, platform):
    text = "PaymentError: refused\n    at charge (/srv/shop/app.js:3:4)"
    entry = make_entry(1, exception("card_declined", "refused", text))
    resource = {"telemetry.sdk.language": language} if language else {}
    event = event_of(entry, resource=resource)

    assert event["platform"] == platform
    assert thrown(event)["type"] == "PaymentError"
    assert thrown(event)["mechanism"]["data"] == {"code": "card_declined"}
    assert thrown(event)["stacktrace"]["frames"][0]["function"] == "charge"


def test_notes_stay_with_the_message():
    text = STACK + "tried twice\n"
    (value,) = values_of(text, "TypeError", "'NoneType' object is not subscriptable")

    assert value["value"] == "'NoneType' object is not subscriptable\ntried twice"


def test_a_logged_type_without_module_is_filled_from_the_text():
    log = exception_log(1, "PaymentError", CHAINED, exception__message="refused")

    assert thrown(event_of(log))["module"] == "shop.orders"


def test_a_group_is_told_as_the_native_sdk_tells_it():
    text = """  + Exception Group Traceback (most recent call last):
  |   File "/srv/shop/a.py", line 1, in f
  |     raise ExceptionGroup("parts", errors)
  | ExceptionGroup: parts (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: one
    +---------------- 2 ----------------
    | TypeError: two
    +------------------------------------
"""
    values = values_of(text, "ExceptionGroup", "parts (2 sub-exceptions)")

    assert [(v["type"], v["value"]) for v in values] == [
        ("TypeError", "two"),
        ("ValueError", "one"),
        ("ExceptionGroup", "parts (2 sub-exceptions)"),
    ]
    assert [
        {k: v for k, v in value["mechanism"].items() if k not in {"handled", "type"}}
        for value in values
    ] == [
        {"source": "exceptions[1]", "exception_id": 2, "parent_id": 0},
        {"source": "exceptions[0]", "exception_id": 1, "parent_id": 0},
        {"exception_id": 0, "is_exception_group": True},
    ]


def test_a_long_stack_keeps_its_way_in_and_its_end():
    frames = [Frame(function=str(n)) for n in range(1_000)]
    kept = [frame.function for frame in cap(frames)]

    assert kept == [str(n) for n in [*range(20), *range(920, 1_000)]]
    assert cap(frames[:100]) == frames[:100]


def test_source_roots_name_the_modules_of_telemetry_from_elsewhere():
    (_, value) = values_of(CHAINED, source_roots=("/srv", "/srv/shop"), resource=PYTHON)

    assert [f.get("module") for f in value["stacktrace"]["frames"]] == ["flask.app", "orders"]
    assert "module" not in values_of(CHAINED)[-1]["stacktrace"]["frames"][-1]
