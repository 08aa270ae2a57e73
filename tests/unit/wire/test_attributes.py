import math

import pytest

from otel_bridge.wire.attributes import MAX_KEYS, AttributeField, attribute
from otel_bridge.wire.messages import Resource
from otel_bridge.wire.values import attributes as to_dict


def written(field, values):
    """Write attributes as the ``attributes`` field of a ``Resource`` and read them back."""
    parts = []
    field.write(values, parts)
    return to_dict(Resource.FromString(b"".join(parts)).attributes)


VALUES = {
    "text": "grün",
    "empty": "",
    "long": "x" * 70_000,
    "yes": True,
    "no": False,
    "zero": 0,
    "small": 200,
    "large": 2**62,
    "negative": -5,
    "float": 0.25,
    "infinite": math.inf,
    "bytes": b"\x00\x01",
    "none": None,
    "list": ("a", "b"),
    "mapping": {"a": 1},
    "": "no key",
}


def test_attributes_of_all_types_come_back_the_first_time_and_from_memory():
    field = AttributeField(b"\x0a")
    expected = {**VALUES, "list": ["a", "b"]}

    assert written(field, VALUES) == expected
    assert written(field, VALUES) == expected


def test_one_and_true_are_not_confused():
    field = AttributeField(b"\x0a")

    types = [type(written(field, {"k": value})["k"]) for value in (1, True, 1.0, True, 1, 1.0)]

    assert types == [int, bool, float, bool, int, float]


def test_what_cannot_be_encoded_is_left_out_and_the_rest_stays():
    field = AttributeField(b"\x0a")

    assert written(field, {"a": 1, "b": 2**64, "c": [2**64], "d": 2}) == {"a": 1, "d": 2}


def test_text_that_is_no_unicode_is_repaired():
    field = AttributeField(b"\x0a")

    assert written(field, {"\ud800": "\udfff"}) == {"\ufffd": "\ufffd"}


@pytest.mark.parametrize("value", ["x", 1, True, 1.5, None])
def test_a_key_that_is_no_text_becomes_text(value):
    assert written(AttributeField(b"\x0a"), {7: value}) == {"7": value}


def test_keys_and_numbers_made_up_without_end_are_not_all_remembered():
    field = AttributeField(b"\x0a")

    for number in range(MAX_KEYS + 10):
        expected = {f"t{number}": "x", f"i{number}": 1, f"b{number}": True, f"f{number}": 1.5}
        assert written(field, expected) == expected
    for number in range(1000):
        assert written(field, {"i1": number}) == {"i1": number}

    kept = field._texts, field._ints, field._booleans, field._doubles
    assert [len(cache) for cache in kept] == [MAX_KEYS] * 4
    assert len(field._ints["i1"]) < 1000


def test_an_attribute_is_encoded_from_its_key_and_value():
    assert attribute(b"\x0a", "k", b"\x10\x01") == b"\x0a\x07\x0a\x01k\x12\x02\x10\x01"
