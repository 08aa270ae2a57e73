"""What real services sent becomes exactly one event for each failure, in any order of bodies."""

from pathlib import Path

import pytest

from otel_bridge.cli.convert import convert
from otel_bridge.wire.detect import read_body
from tests.contracts.relay import errors_of, schema_errors_of

BODIES = Path(__file__).parents[1] / "captures" / "bodies"
NAMES = sorted(folder.name for folder in BODIES.iterdir())
PAYMENT, MISSING = "PaymentError", "TypeError"

EXPRESS = {
    "/throw/:id": (PAYMENT, "charge", False, 500),
    "/plain/:id": (MISSING, "load", False, 500),
    "/async/:id": (MISSING, "load", False, 500),
    "/handled/:id": (PAYMENT, "charge", True, 200),
    "/winston/:id": (MISSING, "load", True, 200),
    "/manual/:id": (MISSING, "load", True, 502),
    "/nested/:id": (PAYMENT, "charge", False, 500),
    "/group/:id": ("AggregateError", None, False, 500),
    "/logged/:id": (MISSING, "load", False, 500),
}
FASTAPI = {
    "/throw/{order}": (PAYMENT, "charge", False, 500),
    "/async/{order}": (PAYMENT, "charge", False, 500),
    "/handled/{order}": (PAYMENT, "charge", True, 200),
    "/manual/{order}": (MISSING, "load", True, 200),
    "/manual502/{order}": (MISSING, "load", True, 502),
    "/nested/{order}": (PAYMENT, "charge", False, 500),
    "/group/{order}": ("ExceptionGroup", "__aexit__", False, 500),
    "/swallowed/{order}": (MISSING, "load", True, 200),
}
FLASK = {
    "/throw/<int:order>": (PAYMENT, "charge", False, 500),
    "/async/<int:order>": ("RuntimeError", "throw_async", False, 500),
    "/handled/<int:order>": (PAYMENT, "charge", True, 200),
    "/manual/<int:order>": (MISSING, "load", True, 200),
    "/manual502/<int:order>": (MISSING, "load", True, 502),
    "/nested/<int:order>": (PAYMENT, "charge", False, 500),
    "/group/<int:order>": ("ExceptionGroup", "group", False, 500),
}
DJANGO = {
    "throw/<int:order>": (PAYMENT, "charge", False, 500),
    "async/<int:order>": (PAYMENT, "charge", False, 500),
    "nested/<int:order>": (PAYMENT, "charge", False, 500),
    "handled/<int:order>": (PAYMENT, "charge", True, 200),
}
AIOHTTP = {
    "/throw/{order}": (PAYMENT, "charge", False, None),
    "/nested/{order}": (PAYMENT, "charge", False, None),
    "/handled/{order}": (PAYMENT, "charge", True, 200),
}
CELERY = {
    "shop.throw": (PAYMENT, "charge", False, None),
    "shop.nested": (PAYMENT, "charge", False, None),
    "shop.handled": (PAYMENT, "charge", True, None),
    "shop.retried": (PAYMENT, "charge", False, None),
}
FASTAPI_PARTS = {
    "/admin/orders/{order}": (PAYMENT, "charge", False, 500),
    "/background/{order}": (PAYMENT, "charge", False, 200),
    "/stream/{order}": (PAYMENT, "charge", False, 200),
    "/from-none/{order}": ("LookupError", "from_none", False, 500),
    "/conflict-logged/{order}": ("ConflictError", "logs_and_answers_409", True, 409),
    "/outage/{order}": ("OutageError", "answers_500", True, 500),
}
EXPRESS_ODD = {
    "/object/:id": ("E_STOCK", None, False, 500),
    "/bare-object/:id": ("Error", None, False, 500),
    "/string/:id": ("Error", None, False, 500),
    "/wrapped/:id": ("CheckoutError", "?", False, 500),
    "/wrapped-logged/:id": ("CheckoutError", "?", False, 500),
    "/parse/:id": ("SyntaxError", "JSON.parse", False, 500),
    "/parse-elsewhere/:id": ("SyntaxError", "JSON.parse", False, 500),
}
# Where Python's text was cut it has neither the place nor the exception: type and message are the
# recorded ones, the frames those that are left.
CUT = {
    "fastapi-limited": {"/throw/{order}", "/async/{order}", "/nested/{order}", "/group/{order}"},
    "flask-limited": {
        "/throw/<int:order>",
        "/async/<int:order>",
        "/nested/<int:order>",
        "/group/<int:order>",
    },
}
EXPECTED = {
    "express": EXPRESS,
    "express-json": EXPRESS,
    # Without its router's instrumentation Express does not tell a recording from a throw.
    "express-bare": {**EXPRESS, "/manual/:id": (MISSING, "load", None, 502)},
    "fastapi": FASTAPI,
    "fastapi-stable": FASTAPI,
    "fastapi-own": FASTAPI,
    "flask": FLASK,
    "django": DJANGO,
    "aiohttp": AIOHTTP,
    "celery": CELERY,
    "express-odd": EXPRESS_ODD,
    "express-limited": EXPRESS,
    "fastapi-parts": FASTAPI_PARTS,
    "fastapi-limited": FASTAPI,
    "flask-limited": FLASK,
}
TWICE = {"/retried/{order}": 2}
"""Routes that fail more than once."""


def events_of(name, order=1):
    files = sorted((BODIES / name).iterdir())[::order]
    return convert([b for file in files for b in read_body(file.read_bytes(), max_bytes=1 << 26)])


def summary(event, expected=()):
    value = event["exception"]["values"][-1]
    frames = value.get("stacktrace", {}).get("frames")
    return (
        value.get("type"),
        expected[1] if expected else frames[-1]["function"] if frames else None,
        value["mechanism"].get("handled"),
        event["contexts"].get("response", {}).get("status_code"),
    )


def test_every_capture_is_expected():
    assert sorted(EXPECTED) == NAMES


@pytest.mark.parametrize("order", [1, -1], ids=["as sent", "reversed"])
@pytest.mark.parametrize("name", NAMES)
def test_one_event_for_each_failure_with_frame_route_and_answer(name, order):
    expected, cut = EXPECTED[name], CUT.get(name, set())
    events = [event for event in events_of(name, order) if event["transaction"] not in TWICE]
    routes = [event["transaction"] for event in events]

    assert sorted(routes) == sorted(expected)
    assert {
        route: summary(event, expected[route] if route in cut else ())
        for route, event in zip(routes, events, strict=True)
    } == expected


def test_what_fails_twice_for_different_reasons_is_two_events():
    events = [e for e in events_of("fastapi-parts") if e["transaction"] in TWICE]

    assert {summary(event)[:3] for event in events} == {
        ("ConnectionError", "fails_twice", True),
        ("ConnectionError", "fails_twice", False),
    }
    assert len(events) == 2


def test_a_cause_that_only_its_own_span_recorded_comes_along():
    event = next(e for e in events_of("express-odd") if e["transaction"] == "/wrapped/:id")
    cause, thrown = event["exception"]["values"]

    assert (cause["type"], thrown["type"]) == ("TypeError", "CheckoutError")
    assert cause["mechanism"]["source"] == "cause"
    assert cause["stacktrace"]["frames"][-1]["function"] == "load"


def test_a_cut_stack_keeps_the_application_s_frames_that_any_record_has():
    events = {e["transaction"]: e for e in events_of("flask-limited")}
    frames = events["/nested/<int:order>"]["exception"]["values"][-1]["stacktrace"]["frames"]

    assert [frame["function"] for frame in frames if frame["in_app"]] == ["nested"]


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_bodies_changes_no_event_id(name):
    ids = [{e["transaction"]: e["event_id"] for e in events_of(name, order)} for order in (1, -1)]

    assert ids[0] == ids[1]


@pytest.mark.parametrize("name", NAMES)
def test_every_event_has_its_request_trace_and_origin_and_passes_the_judges(name):
    for event in events_of(name):
        route = event["transaction"].partition("{")[0].partition("<")[0].partition(":")[0]
        if name != "celery":
            assert event["request"]["method"] == "GET"
            path = event["request"]["url"].partition("://")[2].partition("/")[2]
            assert path.startswith(route.removeprefix("/"))
        assert "opensesame" not in str(event.get("request"))
        assert len(event["contexts"]["trace"]["trace_id"]) == 32
        assert (event["release"], event["environment"]) == ("1.4.2", "staging")
        assert event["platform"] == ("node" if "express" in name else "python")
        assert errors_of(event) == []
        assert schema_errors_of({key: event[key] for key in event if key != "_meta"}) == []


def test_the_code_of_an_express_error_is_kept_beside_its_class():
    event = next(e for e in events_of("express") if e["transaction"] == "/throw/:id")

    assert event["exception"]["values"][-1]["mechanism"]["data"] == {"code": "card_declined"}


def test_causes_come_along_where_the_telemetry_has_them():
    python = next(e for e in events_of("flask") if "/throw" in e["transaction"])
    pino = next(e for e in events_of("express") if "/handled" in e["transaction"])

    assert [v["type"] for v in python["exception"]["values"]] == ["KeyError", "PaymentError"]
    assert [v["type"] for v in pino["exception"]["values"]] == ["SyntaxError", "PaymentError"]
