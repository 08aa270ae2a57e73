"""The judges tell good events from bad ones; what passes them is worth something."""

import pytest

from tests.contracts.relay import cuts_of, errors_of, schema_errors_of


def make_event(**changes) -> dict:
    frame = {"filename": "shop.py", "lineno": 3, "function": "buy", "in_app": True}
    error = {
        "type": "ValueError",
        "value": "no such item",
        "stacktrace": {"frames": [frame | {"context_line": "    raise", "vars": {"n": "1"}}]},
        "mechanism": {"type": "generic", "handled": False},
    }
    return {
        "event_id": "0123456789abcdef0123456789abcdef",
        "timestamp": "2026-01-02T03:04:05.123456Z",
        "platform": "python",
        "level": "error",
        "release": "shop@1.0",
        "environment": "production",
        "transaction": "GET /items/{id}",
        "exception": {"values": [error]},
        "tags": {"region": "north"},
        "request": {"url": "http://shop.example/items/1", "method": "GET", "headers": {"A": "b"}},
        "contexts": {"trace": {"trace_id": "ab" * 16, "span_id": "cd" * 8}},
    } | changes


def test_a_good_event_passes_both_judges():
    assert errors_of(make_event()) == []
    assert schema_errors_of(make_event()) == []
    assert cuts_of(make_event()) == []


def test_judging_does_not_change_the_event():
    event = make_event(tags=None)

    errors_of(event)
    schema_errors_of(event)

    assert event == make_event(tags=None)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"level": "grave"}, "level: invalid_data invalid level"),
        ({"timestamp": "yesterday"}, "timestamp: invalid_data input contains invalid characters"),
        ({"event_id": "17"}, "event_id: invalid_data invalid length: found 2"),
        ({"colour": "red"}, "colour: invalid_attribute"),
        ({"environment": "a/b"}, "environment: invalid_data"),
        ({"exception": {"values": [{}]}}, "exception.values.0: missing_attribute type or value"),
        (
            {"contexts": {"trace": {"trace_id": "xy", "span_id": "cd" * 8}}},
            "contexts.trace.trace_id: invalid_data not a valid trace id",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_relay_names_what_is_wrong(change: dict, complaint: str):
    assert complaint in errors_of(make_event(**change))


@pytest.mark.parametrize(
    ("change", "violation"),
    [
        ({"level": "grave"}, "data.level"),
        ({"event_id": 17}, "data.event_id"),
        ({"colour": "red"}, "{'colour'} properties"),
        ({"exception": [{"type": "ValueError"}]}, "data.exception must be object or null"),
        ({"request": {"method": 3}}, "data.request"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_the_schema_names_where_a_type_is_wrong(change: dict, violation: str):
    (told,) = schema_errors_of(make_event(**change))

    assert violation in told


def test_values_that_relay_would_shorten_are_named():
    assert cuts_of(make_event(transaction="x" * 1000)) == ["transaction"]
