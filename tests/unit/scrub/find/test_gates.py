import pytest

from otel_bridge.scrub.find.gates import ValueFirstGate
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord
from otel_bridge.wire.messages import ExportLogsServiceRequest, Span
from otel_bridge.wire.receive import read_request
from otel_bridge.wire.varint import delimited


def attribute(key, value, *, value_first=False):
    text = delimited(b"\x12", delimited(b"\x0a", value))
    name = delimited(b"\x0a", key)
    return text + name if value_first else name + text


def span_with(pair):
    return Span(name="work", kind=1).SerializeToString() + delimited(b"\x4a", pair)


@pytest.mark.parametrize("size", [1, 100, 200, 20_000])
def test_an_attribute_with_its_value_first_opens(size):
    raw = span_with(attribute(b"k" * 7, b"v" * size, value_first=True))

    assert ValueFirstGate().may_find(raw)


@pytest.mark.parametrize("key", [b"app.field_20", b"HTTP.J1", b'odd."x', b"2" * 40])
def test_keys_that_only_look_like_it_do_not(key):
    raw = span_with(attribute(key, b"some value"))

    assert not ValueFirstGate().may_find(raw)


def test_more_look_alikes_than_are_read_open():
    assert ValueFirstGate().may_find(b"20\x12" * 1_001)


def test_a_secret_in_front_of_its_key_is_hidden():
    raw = span_with(attribute(b"db.password", b"opensesame", value_first=True))
    record = SpanRecord(bytes(16), bytes(8), b"", 0, 1, 0, 0, 0, raw)
    batch = Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", [record])])])

    (clean,) = Scrubber().batch(batch).batch.records()

    assert b"opensesame" not in clean.raw


def test_a_secret_in_front_of_its_key_in_a_log_record_is_hidden():
    record = delimited(b"\x32", attribute(b"db.password", b"opensesame", value_first=True))
    scope = delimited(b"\x12", record)
    body = delimited(b"\x0a", delimited(b"\x12", scope))
    assert ExportLogsServiceRequest.FromString(body).resource_logs

    (clean,) = Scrubber().batch(read_request(body, Signal.LOGS)).batch.records()

    assert b"opensesame" not in clean.raw
