import pytest

from otel_bridge.wire.messages import AnyValue, KeyValue, LogRecord, Span
from otel_bridge.wire.parts import LOG_PARTS, SPAN_PARTS

IDS = {"trace_id": b"\x01" * 16, "span_id": b"\x02" * 8, "parent_span_id": b"\x03" * 8}


def pair(key, text):
    return KeyValue(key=key, value=AnyValue(string_value=text))


def span(name="GET /", *pairs):
    made = Span(**IDS, name=name, kind=2, start_time_unix_nano=1, flags=0x100, status={"code": 0})
    made.attributes.extend(pair(*each) for each in pairs)
    return made


def full_span():
    made = span("charge", ("a", "1"), ("b", "2"))
    made.trace_state = "v=1"
    made.events.add(name="exception").attributes.append(pair("c", "3"))
    made.links.add(trace_state="w=1", **{k: v for k, v in IDS.items() if k != "parent_span_id"})
    made.status.message = "declined"
    made.dropped_events_count = 4
    return made


def raw_of(*made):
    return [each.SerializeToString() for each in made]


def test_the_parts_of_spans_are_all_that_may_hold_text_each_once():
    full = full_span()

    parts = SPAN_PARTS.read(raw_of(full, span("GET /", ("a", "1"), ("d", "4"))))

    assert parts.distinct == {
        "trace_state": {b"v=1"},
        "name": {b"charge", b"GET /"},
        "attributes": set(raw_of(*full.attributes, pair("d", "4"))),
        "events": set(raw_of(*full.events)),
        "links": set(raw_of(*full.links)),
        "status": {b"", *raw_of(full.status)},
    }


def test_the_parts_of_log_records_are_all_that_may_hold_text():
    log = LogRecord(severity_text="WARN", event_name="paid", body=AnyValue(string_value="hello"))
    log.attributes.append(pair("a", "1"))
    log.trace_id = b"\x01" * 16

    parts = LOG_PARTS.read([log.SerializeToString()])

    assert parts.distinct == {
        "severity_text": {b"WARN"},
        "event_name": {b"paid"},
        "body": set(raw_of(log.body)),
        "attributes": set(raw_of(pair("a", "1"))),
    }


def test_the_holders_of_a_part_are_found_wherever_it_stands():
    raws = raw_of(span("x", ("a", "1")), full_span(), span("y"), span("x", ("a", "1"), ("z", "9")))
    parts = SPAN_PARTS.read(raws)

    assert parts.holders({pair("a", "1").SerializeToString()}) == {0, 1, 3}
    assert parts.holders({b"x"}) == {0, 3}
    assert parts.holders({full_span().events[0].SerializeToString()}) == {1}
    assert parts.holders({b"y", pair("z", "9").SerializeToString()}) == {2, 3}
    assert parts.holders({b"nowhere"}) == set()


def test_a_record_without_parts_moves_no_place():
    raws = [b"", *raw_of(Span()), b"", *raw_of(span("x"))]

    assert SPAN_PARTS.read(raws).holders({b"x"}) == {3}


UNREADABLE = {
    "an unknown field": b"\xa2\x06\x06secret",
    "text where a number belongs": b"\x32\x06secret",  # `kind`, as if it were packed
    "an id that is text": b"\x0a\x06secret",
    "a parent that is text": b"\x22\x06secret",
    "no message": b"\x4a\xff",
    "a number where text belongs": b"\x28\x05",
    "a name that is a mark": b"\x2a\x01\x00",
    "marks of the next record in what seems to be an id": b"\x0a\x10" + bytes(10),
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE)
def test_records_that_hold_more_than_their_parts_are_not_taken_apart(raw):
    good = span("x").SerializeToString()

    assert SPAN_PARTS.read([good, good + raw, good]) is None
    assert SPAN_PARTS.read([good, good]) is not None


def test_an_attribute_is_changed_and_nothing_else():
    made = full_span()
    (raw,) = raw_of(made)
    old, new = pair("a", "1").SerializeToString(), pair("a", "[Filtered]").SerializeToString()

    changed = SPAN_PARTS.with_attributes(raw, {old}, lambda _: new, lambda *_: True)

    made.attributes[0].value.string_value = "[Filtered]"
    assert changed == made.SerializeToString()


def test_an_attribute_is_left_out():
    made = full_span()
    (raw,) = raw_of(made)
    pairs = {each.SerializeToString() for each in made.attributes}

    changed = SPAN_PARTS.with_attributes(raw, pairs, lambda _: None, lambda *_: True)

    del made.attributes[:]
    assert changed == made.SerializeToString()


def test_a_record_in_which_nothing_changes_is_the_same_object():
    # Fields in an order that no encoder of ours writes.
    raw = b"\x2a\x01x\x0a\x10" + bytes(16)

    assert SPAN_PARTS.with_attributes(raw, {b"x"}, lambda p: p, lambda *_: False) is raw
    (usual,) = raw_of(full_span())
    old = pair("a", "1").SerializeToString()
    assert SPAN_PARTS.with_attributes(usual, {old}, lambda p: p, lambda *_: True) is usual


@pytest.mark.parametrize(
    ("field", "part"),
    [("name", b"charge"), ("trace_state", b"v=1"), ("status", b"\x12\x08declined")],
)
def test_where_another_part_has_to_change_the_record_has_to_be_decoded(field, part):
    (raw,) = raw_of(full_span())

    asked = []
    answer = SPAN_PARTS.with_attributes(
        raw, {part}, lambda pair: pair, lambda *which: asked.append(which) or True
    )

    assert (answer, asked) == (None, [(field, part)])
    assert SPAN_PARTS.with_attributes(raw, {part}, lambda p: p, lambda *_: False) is raw


def test_a_name_that_is_overridden_by_a_later_one_is_asked_about_too():
    raw = b"\x2a\x05first\x2a\x04last"

    assert SPAN_PARTS.with_attributes(raw, {b"first"}, lambda p: p, lambda *_: True) is None


def test_what_is_empty_and_what_came_in_pieces_stays_so():
    raw = b"\x7a\x03\x12\x01x" + b"\x7a\x02\x18\x02" + b"\x30\x00" + b"\x50\x00"
    raw = b"\x0a\x10" + bytes(16) + b"\x4a\x07\x0a\x01a\x12\x02\x10\x01" + raw
    old = b"\x0a\x01a\x12\x02\x10\x01"

    changed = SPAN_PARTS.with_attributes(raw, {old}, lambda _: None, lambda *_: True)

    assert Span.FromString(changed).status.message == "x"
    assert b"\x30\x00" in changed
    assert b"\x50\x00" in changed


def test_the_usual_form_of_what_is_written_in_another_order_has_its_key_first():
    usual = pair("user.name", "jane").SerializeToString()
    odd = usual[11:] + usual[:11]  # the value, and then the key
    full = full_span()

    def unusual(*attributes):
        found = SPAN_PARTS.read(raw_of(full)).distinct | {"attributes": attributes}
        return list(SPAN_PARTS.unusual(found))

    assert unusual(usual, b"") == []
    assert unusual(usual, odd) == [(odd, usual)]
    assert unusual(b"\x0a\x09user") == [(b"\x0a\x09user", None)]
    assert SPAN_PARTS.usual("attributes", odd) == usual
    assert SPAN_PARTS.usual("name", odd) == odd
