"""The scrub stage as the pipeline uses it."""

from collections import Counter

import pytest

from otel_bridge.scrub.jsonl import scrub_line
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord
from otel_bridge.wire.messages import (
    AnyValue,
    InstrumentationScope,
    KeyValue,
    Resource,
    Span,
)
from tests.properties.scrub_data import SCRUBBERS

SCRUBBER = Scrubber()


def make_batch(*raws: bytes) -> Batch:
    records = [SpanRecord(b"t" * 16, b"s" * 8, b"", 0, 2, 0, 1, 2, raw) for raw in raws]
    return Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", list(records))])])


def test_a_record_without_secrets_passes_as_the_same_bytes():
    raw = Span(name="GET /items").SerializeToString()

    scrubbed = SCRUBBER.batch(make_batch(raw))

    assert [record.raw for record in scrubbed.batch.records()] == [raw]
    assert scrubbed.rules == Counter()


def test_a_record_that_cannot_be_read_is_dropped_and_counted():
    scrubbed = SCRUBBER.batch(make_batch(b"\xff\xffpassword=hunter22"))

    assert scrubbed.dropped == 1
    assert len(scrubbed.batch) == 0


def test_a_secret_in_a_span_name_is_replaced_by_a_marker_that_names_the_rule():
    raw = Span(name="login password=hunter22 failed").SerializeToString()

    scrubbed = SCRUBBER.batch(make_batch(raw))

    (record,) = scrubbed.batch.records()
    assert Span.FromString(record.raw).name == "login password=[Filtered:password] failed"
    assert scrubbed.rules == Counter({"password": 1})


@pytest.mark.parametrize(
    "line", [b'{"a":1.10,"b":12345678901234567890123,"c":"\xc3\xa9"}', b"[]", b'"x"']
)
def test_a_clean_line_passes_byte_for_byte(line):
    assert scrub_line(line, SCRUBBER) == (line, [])


def test_a_dirty_line_keeps_its_numbers_and_its_order():
    line = b'{"b":1.10,"password":"x","a":12345678901234567890123}'

    clean, _ = scrub_line(line, SCRUBBER)

    assert clean == b'{"b":1.10,"password":"[Filtered:password]","a":12345678901234567890123}'


def test_the_same_bytes_as_resource_and_as_scope_are_two_things():
    """A scope's name has the number of a resource's attributes: what one shows the other hides."""
    scope = InstrumentationScope(name="lib", version="token ghp_" + "a1B2c3D4e5" * 3 + "F6g7h8")
    raw = scope.SerializeToString()
    scrubber = Scrubber()

    for first, second in ((raw, b""), (b"", raw), (raw, raw)):
        batch = Batch(Signal.TRACES, [ResourceGroup(first, [ScopeGroup(second, [])])])
        clean = scrubber.batch(batch).batch

        assert b"ghp_" not in clean.to_request()
        if second:
            assert clean.resources[0].scopes[0].scope != b""


def test_long_resources_are_scrubbed_and_not_kept():
    scrubber = Scrubber()
    resources = [
        Resource(attributes=[KeyValue(key=f"k{n}", value=AnyValue(string_value="x" * 10_000))])
        for n in range(50)
    ]

    for resource in resources:
        raw = resource.SerializeToString()
        scrubber.batch(Batch(Signal.TRACES, [ResourceGroup(raw, [])]))

    assert sum(len(raw) for _, raw in scrubber._parts) < 10_000


@pytest.mark.parametrize(
    ("text", "is_hidden"),
    [
        ("monkey=4f9aK2mPq7Zt1xWv8Lb3", False),
        ("hockey: 4f9aK2mPq7Zt1xWv8Lb3", False),
        ("app_key=4f9aK2mPq7Zt1xWv8Lb3", True),
        # Many services give UUIDs out as tokens; what is called an id is one.
        ("token: 3f2504e0-4f89-41d3-9a0c-0305e82c3301", True),
        ("session_id=3f2504e0-4f89-41d3-9a0c-0305e82c3301", False),
        ("note 3f2504e0-4f89-41d3-9a0c-0305e82c3301", False),
    ],
)
def test_a_name_decides_what_a_string_is(text, is_hidden):
    assert (SCRUBBER.text(text) != text) == is_hidden


@pytest.mark.parametrize("style", ["marker", "mask", "drop", "hmac"])
@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("DETAIL:  Key (email)=(jane, doe) already exists.", "jane"),
        ("DETAIL:  Key (a)=([Filtered:email], doe) already exists.", "doe"),
        ("DETAIL:  Failing row contains (1, jane).", "jane"),
        ("postgres://app:[x9Tk2@db/shop", "x9Tk2"),
        ("postgres://app:{x9Tk2@db/shop", "x9Tk2"),
        ("postgres://app:$x9Tk2@db/shop", "x9Tk2"),
    ],
)
def test_what_begins_like_a_replacement_is_hidden_and_the_rest_stays(style, text, gone):
    scrubber = SCRUBBERS["default" if style == "marker" else style]

    clean = scrubber.text(text)

    assert gone not in clean
    assert clean.startswith(text[:9])
    assert clean.endswith(text[-2:])
    assert scrubber.text(clean) == clean
