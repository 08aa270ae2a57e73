from otel_bridge.instrument.terminal import render_event

FRAME = {
    "filename": "shop/orders.py",
    "function": "pay",
    "lineno": 7,
    "in_app": True,
    "pre_context": ["a", "b", "c"],
    "context_line": "    raise Declined",
    "post_context": ["d"],
}
LIBRARY = {"filename": "lib/x.py", "function": "call", "lineno": 1, "in_app": False}
EVENT = {
    "event_id": "e" * 32,
    "release": "shop@1",
    "transaction": "/checkout/{id}",
    "request": {"method": "POST", "url": "http://x/checkout/1"},
    "contexts": {"trace": {"trace_id": "a" * 32}, "response": {"status_code": 500}},
    "exception": {
        "values": [
            {"type": "Declined", "value": "no money", "stacktrace": {"frames": [FRAME]}},
            {"type": "Failed", "value": "order 1", "stacktrace": {"frames": [LIBRARY] * 3}},
        ]
    },
}


def test_an_event_shows_its_exceptions_frames_and_facts():
    text = render_event(EVENT)

    for part in (
        "Declined: no money",
        "which led to",
        "Failed: order 1",
        "shop/orders.py:7 in pay",
        "    7 ▶     raise Declined",
        "    6   c",
        "    8   d",
        "… 3 frames of libraries",
        "POST http://x/checkout/1",
        "/checkout/{id}",
        "shop@1",
        "a" * 32,
    ):
        assert part in text


def test_frames_of_libraries_are_counted_not_shown():
    assert "lib/x.py" not in render_event(EVENT)


def test_colours_are_used_only_when_asked_for():
    assert "\x1b" not in render_event(EVENT)
    assert "\x1b[31m" in render_event(EVENT, colour=True)


def test_telemetry_cannot_control_the_terminal():
    hostile = {"exception": {"values": [{"type": "X", "value": "\x1b[2J\x07 gone \r"}]}}

    assert not {"\x1b", "\x07", "\r"} & set(render_event(hostile))


def test_an_event_without_exception_shows_its_message():
    assert "disk is full" in render_event({"logentry": {"formatted": "disk is full"}})


def test_an_empty_event_can_be_shown():
    assert "error" in render_event({})
