import json

import pytest

from otel_bridge.convert.event import (
    Breadcrumb,
    Breadcrumbs,
    ErrorEvent,
    Exceptions,
    ExceptionValue,
    Frame,
    Request,
    Sdk,
    Stacktrace,
    User,
    to_plain,
)
from otel_bridge.convert.limits import MAX_EVENT_BYTES, Cutter
from tests.contracts.relay import cuts_of, errors_of, schema_errors_of


def fitted(**parts):
    event = ErrorEvent("a" * 32, 1.0, "python", "error", Sdk("otel_bridge", "0"), **parts)
    Cutter(event).fit()
    return to_plain(event)


def value(**parts):
    return Exceptions([ExceptionValue(type="E", **parts)])


def test_what_fits_stays_as_it_is():
    event = fitted(transaction="/x", exception=value(value="v"))

    assert event["transaction"] == "/x"
    assert "_meta" not in event


@pytest.mark.parametrize(
    ("parts", "path", "limit"),
    [
        ({"transaction": "x" * 300}, ("transaction",), 200),
        ({"server_name": "x" * 300}, ("server_name",), 256),
        ({"user": User(id="x" * 300)}, ("user", "id"), 128),
        ({"request": Request(query_string="x" * 5_000)}, ("request", "query_string"), 1_024),
        ({"exception": value(value="x" * 9_000)}, ("exception", "values", 0, "value"), 1_024),
    ],
)
def test_what_is_too_long_is_cut_and_said(parts, path, limit):
    event = fitted(**parts)
    cut, meta = event, event["_meta"]
    for step in path:
        cut, meta = cut[step], meta[str(step)]

    assert len(cut) == limit
    assert cut.endswith("...")
    assert meta[""]["rem"] == [["!limit", "x", limit - 3, limit]]
    assert errors_of(event) == []
    # The schema is of the event alone; remarks stand beside it.
    assert schema_errors_of({key: event[key] for key in event if key != "_meta"}) == []


def test_a_context_keeps_what_comes_first():
    event = fitted(
        contexts={"otel": {"first": "a", "long": "x" * 5_000, "many": ["y" * 900] * 99}}
    )
    otel = event["contexts"]["otel"]

    assert otel["first"] == "a"
    assert len(json.dumps(otel)) < 9_000
    assert errors_of(event) == []


def test_nesting_ends():
    deep = {}
    inner = deep
    for _ in range(50):
        inner["a"] = {}
        inner = inner["a"]

    assert json.dumps(fitted(contexts={"otel": deep})["contexts"]).count("{") < 10


def test_numbers_that_json_does_not_know_become_text():
    otel = fitted(contexts={"otel": {"a": float("nan"), "b": float("inf"), "c": b"\xff"}})

    assert otel["contexts"]["otel"] == {"a": "nan", "b": "inf", "c": "\ufffd"}


def test_variables_of_a_frame_are_bounded():
    frame = Frame(function="f", vars={f"v{n}": "x" * 300 for n in range(50)})
    event = fitted(exception=value(stacktrace=Stacktrace([frame])))
    kept = event["exception"]["values"][0]["stacktrace"]["frames"][0]["vars"]

    assert 0 < sum(map(len, kept.values())) <= 2_048


@pytest.mark.parametrize("lines", [400, 3_000, 9_000])
def test_the_whole_event_stays_below_what_trackers_accept(lines):
    frames = [
        Frame(function=f"f{n}", in_app=n % 2 == 0, pre_context=["x" * lines] * 5, context_line="y")
        for n in range(100)
    ]
    chain = [ExceptionValue(type="E", stacktrace=Stacktrace(frames)) for _ in range(3)]
    event = fitted(
        exception=Exceptions(chain),
        breadcrumbs=Breadcrumbs([Breadcrumb(1.0, "x" * 1_000) for _ in range(100)]),
        contexts={"otel": {"a": "b"}},
    )

    assert len(json.dumps(event)) <= MAX_EVENT_BYTES
    assert event["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "f99"
    assert errors_of(event) == []


def test_relay_finds_nothing_more_to_cut():
    event = fitted(
        transaction="x" * 500,
        exception=value(value="v" * 20_000, stacktrace=Stacktrace([Frame(function="g" * 999)])),
    )

    assert cuts_of({**event, "_meta": {}}) == []
