import time

import pytest

from otel_bridge.scrub.engine import Engine
from otel_bridge.scrub.first_pass import MAX_REMEMBERED_PARTS, FirstPass
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import LogRecord, SpanKind, SpanRecord
from otel_bridge.wire.messages import AnyValue, KeyValue, Span
from tests.benchmarks.scrub_spans import make_records
from tests.properties.scrub_data import span_batch

SECRET = "Bearer " + "ab1" * 9
PEER = ("network.peer.address", "203.0.113.17")


def first_pass(**options):
    return FirstPass(Engine(ScrubOptions(**options)).detector)


def span_of(*pairs, name="GET /"):
    span = Span(trace_id=b"\1" * 16, span_id=b"\2" * 8, name=name)
    for key, text in pairs:
        span.attributes.add(key=key).value.string_value = text
    return span.SerializeToString()


def record_of(raw, kind=SpanKind.CLIENT):
    return SpanRecord(b"\1" * 16, b"\2" * 8, b"", 0, kind, 0, 1, 2, raw)


def doubts(records):
    return first_pass().doubts([record_of(raw) for raw in records])


def test_ordinary_spans_are_hardly_ever_in_doubt():
    found = first_pass().doubts(make_records(1_000))

    assert len(found.places) < 80  # those with `messaging.kafka.message.key`, and a few more


def test_a_secret_puts_its_attribute_and_all_its_holders_in_doubt():
    clean, secret = span_of(("a", "1")), span_of(("a", "1"), ("note", SECRET))

    found = doubts([clean, secret, clean, secret])

    pair = KeyValue(key="note", value=AnyValue(string_value=SECRET))
    assert found == ({1, 3}, {pair.SerializeToString()})


def test_what_was_in_doubt_is_in_doubt_again():
    look = first_pass()
    record = record_of(span_of(("note", SECRET)))

    assert look.doubts([record]) == look.doubts([record]) != (set(), set())


def test_what_was_cleared_is_in_doubt_no_more():
    look = first_pass()
    record = record_of(span_of(("service.key", "6f1c9a2e-7d44-4b0e-9a5e-2d3c5b7f8a90")))
    (part,) = look.doubts([record]).parts

    look.clear(part)

    assert look.doubts([record]) == (set(), set())


@pytest.mark.parametrize("served_first", [True, False])
def test_the_address_of_a_peer_is_judged_by_the_span_that_it_is_in(served_first):
    scrubber = Scrubber()
    kinds = [SpanKind.SERVER, SpanKind.CLIENT] * 2
    hidden = []
    for kind in kinds if served_first else kinds[::-1]:
        (record,) = scrubber.batch(span_batch(span_of(PEER), kind=kind)).batch.records()
        hidden.append((kind, PEER[1].encode() not in record.raw))

    assert set(hidden) == {(SpanKind.SERVER, True), (SpanKind.CLIENT, False)}


def test_a_field_that_is_not_known_here_is_looked_into():
    unknown = b"\xa2\x06" + bytes((len(SECRET),)) + SECRET.encode()

    found = doubts([span_of(("a", "1")), span_of(("a", "1")) + unknown])

    assert found == ({1}, set())


VALUE_FIRST = b"\x12\x06\x0a\x04jane\x0a\x09user.name"


@pytest.mark.parametrize("unknown", [b"", b"\xa2\x06\x01x"], ids=["known", "unknown fields"])
def test_a_value_before_its_key_is_in_doubt_also_in_a_log_record(unknown):
    raw = b"\x32" + bytes((len(VALUE_FIRST),)) + VALUE_FIRST + unknown
    record = LogRecord(b"", b"", 0, 0, 1, raw)

    assert first_pass().doubts([record]).places == {0}


def test_a_status_with_a_message_is_not_in_doubt_for_how_it_begins():
    span = Span(trace_id=b"\1" * 16, span_id=b"\2" * 8, status={"message": "card declined"})

    assert doubts([span.SerializeToString()]) == (set(), set())


def test_the_memory_of_parts_is_bounded():
    look = first_pass()
    for number in range(0, 5 * MAX_REMEMBERED_PARTS, 1_000):
        pairs = [(f"n{place}", "x") for place in range(number, number + 1_000)]
        look.doubts([record_of(span_of(*pairs))])

    assert look.remembered <= 2 * (MAX_REMEMBERED_PARTS + 1_003)


def test_one_large_batch_is_not_held_in_memory():
    look = first_pass()

    look.doubts([record_of(span_of(*((f"n{n}", "x") for n in range(3 * MAX_REMEMBERED_PARTS))))])

    assert look.remembered <= 2 * (MAX_REMEMBERED_PARTS + 3)


@pytest.mark.parametrize("before", ["GET /", "v1", "a."])
def test_an_address_is_found_in_a_name_whatever_is_searched_before_it(before):
    span = Span(trace_state=before, name="8.8.8.8")

    # The second is searched from where the first was found.
    for spans in ([span], [Span(name="8.8.4.4"), span], [span, Span(name="8.8.4.4")]):
        found = doubts([each.SerializeToString() for each in spans])
        assert found.places == set(range(len(spans)))
        assert b"8.8.8.8" in found.parts


ODDLY_WRITTEN = {
    "values before their keys": lambda n: b"\x12\x03\x0a\x01x\x0a\x05n%04d" % n,
    "statements": lambda n: b"\x0a\x0cdb.statement\x12\x0f\x0a\x0dselect 1 %04d" % n,
    "clean": lambda n: b"\x0a\x05n%04d\x12\x03\x0a\x01x" % n,
}


@pytest.mark.parametrize("attribute", ODDLY_WRITTEN.values(), ids=ODDLY_WRITTEN)
def test_many_attributes_of_a_record_cost_no_more_each_than_a_few(attribute):
    def seconds(count):
        raw = b"".join(
            b"\x4a" + bytes((len(each),)) + each for each in map(attribute, range(1_000, count))
        )
        look = first_pass()
        records = [record_of(raw)]
        start = time.process_time()
        look.doubts(records)
        return time.process_time() - start

    few, many = (min(seconds(1_000 + count) for _ in range(3)) for count in (500, 8_000))

    assert many < 16 * few * 4
