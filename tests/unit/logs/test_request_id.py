import pytest
from opentelemetry import baggage, context

from otel_bridge.logs.request_id import current_request_id, reset_request_id, set_request_id


def test_an_id_holds_until_it_is_reset():
    token = set_request_id("req-7")
    assert current_request_id() == "req-7"

    reset_request_id(token)
    assert current_request_id() == ""


def test_an_id_in_the_baggage_is_carried_on():
    token = context.attach(baggage.set_baggage("request.id", "from-upstream"))
    try:
        assert current_request_id(context.get_current()) == "from-upstream"
    finally:
        context.detach(token)


@pytest.mark.parametrize(
    ("foreign", "kept"),
    [
        ("a\nINFO forged line", "aINFO forged line"),
        ("a\x1b[31mb", "a[31mb"),
        ("ä", ""),
        ("x" * 500, "x" * 200),
    ],
    ids=["newline", "escape", "not-ascii", "long"],
)
def test_an_id_cannot_break_a_log_line(foreign, kept):
    token = set_request_id(foreign)
    try:
        assert current_request_id() == kept
    finally:
        reset_request_id(token)
