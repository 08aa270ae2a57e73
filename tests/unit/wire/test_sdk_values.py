import pytest
from opentelemetry.trace import TraceState

from otel_bridge.wire.sdk_values import (
    count_field,
    nanoseconds,
    span_id_bytes,
    text_field,
    time_field,
    trace_id_bytes,
    trace_state_field,
    unsigned_32,
)


@pytest.mark.parametrize("number", [2**128, -1, None, "1", 1.5])
def test_what_is_no_id_becomes_the_invalid_one(number):
    assert trace_id_bytes(number) == bytes(16)
    assert span_id_bytes(number) == bytes(8)


def test_ids_are_big_endian():
    assert trace_id_bytes(0x0102) == bytes(14) + b"\x01\x02"
    assert span_id_bytes(0x0102) == bytes(6) + b"\x01\x02"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5),
        (None, 0),
        (-5, 0),
        (2**64, 2**64 - 1),
        (1.9, 1),
        (True, 1),
        ("x", 0),
        (float("inf"), 0),
        (float("nan"), 0),
    ],
)
def test_a_time_is_brought_into_range(value, expected):
    assert nanoseconds(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(None, 0), (-1, 0), (7, 7), (2**40, 2**32 - 1), ("x", 0)]
)
def test_a_count_is_brought_into_range(value, expected):
    assert unsigned_32(value) == expected


def test_what_proto3_leaves_out_is_left_out():
    fields = [
        time_field(0x09, 0),
        count_field(b"\x10", 0),
        count_field(b"\x10", -3),
        text_field(b"\x1a", ""),
        text_field(b"\x1a", None),
        trace_state_field(b"\x1a", TraceState()),
    ]

    assert set(fields) == {b""}


def test_fields_have_their_tags():
    assert time_field(0x09, 1) == b"\x09\x01" + bytes(7)
    assert count_field(b"\x10", 300) == b"\x10\xac\x02"
    assert text_field(b"\x1a", 17) == b"\x1a\x0217"
    assert trace_state_field(b"\x1a", TraceState([("a", "1"), ("b", "2")])) == b"\x1a\x07a=1,b=2"
