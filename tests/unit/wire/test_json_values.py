import math

import msgspec
import pytest

from otel_bridge.errors import ReceiveError
from otel_bridge.wire.attributes import AttributeField
from otel_bridge.wire.json_shapes import AnyValue
from otel_bridge.wire.json_values import (
    attribute_fields,
    count_field,
    enum_field,
    enum_number,
    fixed32_field,
    fixed64_field,
    id_bytes,
    text_field,
    value_content,
    whole_number,
)
from otel_bridge.wire.messages import AnyValue as Message
from otel_bridge.wire.values import to_python


def value_of(json):
    shape = msgspec.json.decode(json.encode(), type=AnyValue)
    return to_python(Message.FromString(value_content(shape)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, 0),
        (7, 7),
        ("07", 7),
        (7.0, 7),
        ("18446744073709551615", 2**64 - 1),
        (1.8446744073709550e19, 18446744073709549568),
    ],
    ids=str,
)
def test_a_whole_number_is_a_number_or_a_string(value, expected):
    assert whole_number(value, "n", 64) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", " 7", "7 ", "1_000", "0x7", "\u0667", "--7", "seven", "1.5", "-1", "9" * 5000),
        *(2.5, -2, 2**64),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_such_number_is_refused_by_name(value):
    with pytest.raises(ReceiveError, match="startTimeUnixNano"):
        whole_number(value, "startTimeUnixNano", 64)


def test_a_signed_number_has_a_sign():
    assert whole_number("-9223372036854775808", "n", 64, signed=True) == -(2**63)
    with pytest.raises(ReceiveError):
        whole_number(2**63, "n", 64, signed=True)


def test_an_enum_is_a_number_and_its_name_is_taken_too():
    assert [enum_number(x, "kind", {"SERVER": 2}) for x in (2, "2", "SERVER", None)] == [
        2,
        2,
        2,
        0,
    ]
    with pytest.raises(ReceiveError, match="kind"):
        enum_number("CLIENT", "kind", {"SERVER": 2})


@pytest.mark.parametrize("text", ["0af7651916cd43dd", "0AF7651916CD43DD", "0aF7651916cD43dd"])
def test_an_id_is_hexadecimal_in_any_case(text):
    assert id_bytes(text, "spanId", 8).hex() == "0af7651916cd43dd"


@pytest.mark.parametrize(
    "text", ["0af7", "zz" * 8, "0a f7 65 19 16 c", "0af7651916cd43dd00", "é" * 16]
)
def test_what_is_no_id_is_refused_by_name(text):
    with pytest.raises(ReceiveError, match="spanId"):
        id_bytes(text, "spanId", 8)


def test_a_missing_id_is_empty():
    assert id_bytes(None, "spanId", 8) == id_bytes("", "spanId", 8) == b""


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        ("{}", None),
        ('{"stringValue": ""}', ""),
        ('{"stringValue": "x", "later": [1]}', "x"),
        ('{"stringValue": null, "boolValue": false}', False),
        ('{"intValue": "-5"}', -5),
        ('{"intValue": 5}', 5),
        ('{"doubleValue": 1}', 1.0),
        ('{"doubleValue": "2.5e3"}', 2500.0),
        ('{"doubleValue": "-Infinity"}', -math.inf),
        ('{"doubleValue": "Infinity"}', math.inf),
        ('{"bytesValue": "_-8="}', b"\xff\xef"),
        ('{"bytesValue": "/+8"}', b"\xff\xef"),
        ('{"bytesValue": ""}', b""),
        ('{"arrayValue": {}}', []),
        ('{"arrayValue": {"values": [{"intValue": 1}, {}, null]}}', [1, None, None]),
        ('{"kvlistValue": {"values": [{"key": "a"}, null, {"value": {"boolValue": true}}]}}',
         {"a": None, "": True}),
    ],
)  # fmt: skip
def test_a_value_is_read_by_the_rules(json, expected):
    assert value_of(json) == expected
    assert type(value_of(json)) is type(expected)


def test_not_a_number_has_a_name():
    assert math.isnan(value_of('{"doubleValue": "NaN"}'))


@pytest.mark.parametrize(
    "json",
    [
        '{"intValue": "9223372036854775808"}',
        '{"intValue": 1.5}',
        '{"doubleValue": "nan"}',
        '{"doubleValue": "1_0"}',
        '{"doubleValue": ""}',
        '{"doubleValue": "e"}',
        f'{{"doubleValue": {10**400}}}',
        '{"bytesValue": "a"}',
        '{"bytesValue": "a b="}',
        '{"bytesValue": "é"}',
    ],
)
def test_a_value_that_breaks_the_rules_is_refused(json):
    with pytest.raises(ReceiveError, match="Value"):
        value_of(json)


@pytest.mark.parametrize(
    ("head", "tail", "depth"),
    [
        ('{"arrayValue":{"values":[', "]}}", 45),
        ('{"kvlistValue":{"values":[{"key":"k","value":', "}]}}", 30),
    ],
    ids=["lists", "mappings"],
)
def test_nesting_ends_where_a_protobuf_decoder_would_stop(head, tail, depth):
    assert value_of(head * depth + "{}" + tail * depth) is not None
    with pytest.raises(ReceiveError, match="nested"):
        value_of(head * (depth + 1) + "{}" + tail * (depth + 1))


def test_what_proto3_leaves_out_is_left_out():
    fields = [
        count_field(b"\x10", None, "n"),
        count_field(b"\x10", "0", "n"),
        enum_field(b"\x10", 0),
        fixed64_field(0x09, 0),
        fixed32_field(0x45, 0),
        text_field(b"\x0a", None),
        text_field(b"\x0a", ""),
        attribute_fields(AttributeField(b"\x0a"), None),
        attribute_fields(AttributeField(b"\x0a"), [None]),
    ]

    assert set(fields) == {b""}
