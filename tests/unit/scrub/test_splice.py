import pytest

from otel_bridge.scrub.splice import splice_attributes
from otel_bridge.wire.messages import Span

TAG = 0x4A
KEYS = {b"client.address"}
MARKER = "[Filtered:client-ip]"


def make_span(**attributes):
    span = Span(name="GET", start_time_unix_nano=7, flags=257, kind=2)
    for key, value in attributes.items():
        pair = span.attributes.add(key=key.replace("_", "."))
        if isinstance(value, str):
            pair.value.string_value = value
        else:
            pair.value.int_value = value
    return span


def splice(span, replace=lambda *_: MARKER):
    raw = span if isinstance(span, bytes) else span.SerializeToString()
    return splice_attributes(raw, TAG, KEYS, replace)


def test_only_the_attributes_that_are_meant_change():
    span = make_span(http_method="GET", client_address="203.0.113.7", status=500)
    asked = []

    spliced = splice(span, lambda key, text: asked.append((key, text)) or MARKER)

    span.attributes[1].value.string_value = MARKER
    assert Span.FromString(spliced.raw) == span
    assert asked == [("client.address", "203.0.113.7")]
    del span.attributes[1]
    assert Span.FromString(spliced.rest) == span


def test_keys_count_in_any_case():
    span = make_span()
    span.attributes.add(key="Client.Address").value.string_value = "203.0.113.7"

    assert MARKER.encode() in splice(span).raw


def test_a_span_without_such_attributes_is_the_same():
    raw = make_span(http_method="GET", long="x" * 500).SerializeToString()

    assert splice(raw) == (raw, raw)


def test_names_in_texts_and_deeper_are_left_and_stay_to_be_looked_at():
    span = make_span(note="client.address")
    event = span.events.add(name="client.address")
    event.attributes.add(key="client.address").value.string_value = "203.0.113.7"

    raw = span.SerializeToString()

    assert splice(raw) == (raw, raw)


@pytest.mark.parametrize(
    "raw",
    [
        make_span(client_address=1).SerializeToString(),
        make_span(client_address="x" * 126).SerializeToString(),
        make_span(client_address="y").SerializeToString() + b"\x4a",
        make_span(client_address="y").SerializeToString() + b"\x4a\x7f",
        make_span(text="y" * 20_000).SerializeToString(),
        b"\x4b",
    ],
    ids=["a number", "long", "cut tag", "cut length", "longer", "a group"],
)
def test_what_is_not_as_expected_is_for_others(raw):
    assert splice(raw) is None


def test_an_attribute_with_its_value_first_stays_to_be_looked_at():
    raw = b"\x4a\x15\x12\x03\x0a\x01x\x0a\x0eclient.address"

    assert splice(raw) == (raw, raw)


def test_what_is_to_be_left_out_or_becomes_long_is_for_others():
    span = make_span(client_address="203.0.113.7")

    assert splice(span, lambda *_: None) is None
    assert splice(span, lambda *_: "x" * 126) is None


def test_invalid_text_is_for_others():
    raw = make_span(client_address="abc").SerializeToString().replace(b"abc", b"a\xffc")

    assert splice(raw) is None
