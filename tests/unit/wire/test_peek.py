import pytest

from otel_bridge.wire.messages import KeyValue, Span
from otel_bridge.wire.peek import (
    AttributeProbe,
    SpanParts,
    as_usual,
    behind_ids,
    has_exception,
    trace_state_of,
    with_trace_state,
)

ROUTE = AttributeProbe("http.route")
IDS = {"trace_id": bytes(16), "span_id": bytes(8)}


def span(**attributes):
    made = Span(**IDS, name="GET /x")
    for key, value in attributes.items():
        found = made.attributes.add(key=key.replace("__", ".")).value
        if isinstance(value, int):
            found.int_value = value
        else:
            found.string_value = value
    return made


@pytest.mark.parametrize(
    "made",
    [
        Span(**IDS, trace_state="ot=th:8", name="x"),
        Span(**IDS, trace_state="v=" + "x" * 300, name="x"),
        Span(**IDS, name="x"),
        Span(**IDS),
        Span(trace_state="ot=th:8"),
        Span(trace_id=bytes(8), span_id=bytes(4), trace_state="ot=th:8"),
        Span(),
    ],
    ids=["usual", "long", "none", "ids only", "no ids", "odd ids", "nothing"],
)
def test_the_tracestate_is_found_and_replaced_wherever_it_stands(made):
    raw = made.SerializeToString()

    assert trace_state_of(raw).decode() == made.trace_state
    for state in ("", "a=b", "ot=th:c," + "y" * 200):
        made.trace_state = state
        assert Span.FromString(with_trace_state(raw, state.encode())) == made


@pytest.mark.parametrize("value", ["/orders", "", "x" * 126, "x" * 130, "ä", 0, 503, -1])
def test_the_value_of_an_attribute_is_found(value):
    parts = SpanParts(span(a="1", http__route=value, b="2").SerializeToString())

    assert (parts.name, parts.value(ROUTE)) == ("GET /x", value)
    assert parts.value(AttributeProbe("missing")) is None
    assert KeyValue.FromString(parts.pair(ROUTE)).key == "http.route"


def test_an_empty_value_is_none():
    made = span()
    made.attributes.add(key="http.route").value.SetInParent()

    assert SpanParts(made.SerializeToString()).value(ROUTE) is None


def test_the_same_bytes_inside_a_value_are_not_the_attribute():
    inside = span(http__route="/inner").attributes[0].SerializeToString().decode()

    parts = SpanParts(
        span(note=f"J{chr(len(inside))}{inside}", http__route="/outer").SerializeToString()
    )
    none = SpanParts(span(note=inside).SerializeToString())

    assert (parts.value(ROUTE), none.value(ROUTE)) == ("/outer", None)


def test_a_probe_at_the_very_end_is_harmless():
    made = span()
    made.attributes.add(key="x").value.string_value = ROUTE.head.decode()
    raw = made.SerializeToString()

    assert SpanParts(raw).value(ROUTE) is None


def test_exceptions_are_told_from_other_events():
    failed, noted = span(), span(a="\x12\x09exception")
    failed.events.add(name="exception")
    noted.events.add(name="note")

    assert has_exception(failed.SerializeToString())
    assert not has_exception(noted.SerializeToString())
    assert not has_exception(span().SerializeToString())


@pytest.mark.parametrize(
    ("made", "rest"),
    [
        (Span(**IDS, name="x"), Span(name="x")),
        (Span(**IDS, parent_span_id=bytes(8), name="x"), Span(name="x")),
        (Span(**IDS), Span(**IDS)),
        (Span(trace_id=bytes(16), name="x" * 40), Span(trace_id=bytes(16), name="x" * 40)),
        (Span(name="x" * 40), Span(name="x" * 40)),
        (
            Span(**IDS, trace_state="a=b", parent_span_id=bytes(8)),
            Span(trace_state="a=b", parent_span_id=bytes(8)),
        ),
    ],
    ids=["root", "child", "nothing else", "no span id", "no ids", "trace state"],
)
def test_ids_in_front_are_left_out_and_nothing_else(made, rest):
    assert Span.FromString(behind_ids(made.SerializeToString())) == rest


STATED_FIELDS = [
    Span(**{name: value}).SerializeToString()
    for name, value in {
        **IDS,
        "trace_state": "ot=th:8",
        "parent_span_id": b"\x1a" * 8,
        "name": "x",
    }.items()
]
STATED = b"".join(STATED_FIELDS)


@pytest.mark.parametrize(
    "raw",
    [
        b"".join(sorted(STATED_FIELDS, key=lambda field: field[0] == 0x1A)),
        b"".join(reversed(STATED_FIELDS)),
        STATED + Span(trace_state="ot=th:c").SerializeToString(),
        span().SerializeToString() + Span(trace_state="ot=th:c").SerializeToString(),
        STATED + Span(trace_id=b"\x01" * 16).SerializeToString(),
    ],
    ids=["behind the name", "backwards", "twice", "at the end", "ids twice"],
)
def test_a_tracestate_where_no_usual_encoder_puts_it_is_found_and_replaced(raw):
    made = Span.FromString(raw)
    usual = as_usual(raw, made)

    assert Span.FromString(usual) == made
    assert trace_state_of(usual).decode() == made.trace_state
    made.trace_state = "a=b"
    assert Span.FromString(with_trace_state(usual, b"a=b")) == made


@pytest.mark.parametrize(
    "made",
    [
        span(),
        Span(**IDS, trace_state="ot=th:8", name="x"),
        Span(**IDS, trace_state="v=" + "x" * 300),
        Span(name="\x1a" * 40),
        Span(**IDS),
    ],
    ids=["plain", "stated", "long state", "no ids", "ids only"],
)
def test_a_span_of_a_usual_encoder_stays_the_bytes_it_is(made):
    raw = made.SerializeToString()

    assert as_usual(raw, made) is raw


def value_field(text):
    pair = KeyValue()
    pair.value.string_value = text
    return pair.SerializeToString()


@pytest.mark.parametrize("turned", [True, False], ids=["value first", "value twice"])
def test_the_attribute_of_an_unusual_encoder_is_found(turned):
    key = KeyValue(key="http.route").SerializeToString()
    body = value_field("/orders") + key if turned else key + b"".join(map(value_field, "ab"))
    raw = Span(name="x").SerializeToString() + b"\x4a" + bytes([len(body)]) + body

    assert SpanParts(raw).value(ROUTE) == ("/orders" if turned else "b")
