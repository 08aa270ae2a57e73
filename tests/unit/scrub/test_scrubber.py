"""The scrub stage as the pipeline uses it."""

from collections import Counter

import pytest

from otel_bridge.scrub.jsonl import scrub_line
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord
from otel_bridge.wire.messages import Span

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
