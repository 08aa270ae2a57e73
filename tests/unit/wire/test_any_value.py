import enum
import math

import pytest

from otel_bridge.wire.any_value import (
    MAX_DEPTH,
    MAX_VALUES,
    TOO_DEEP,
    Unencodable,
    encode_text,
    encode_value,
    key_field,
)
from otel_bridge.wire.messages import AnyValue
from otel_bridge.wire.values import to_python


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Broken:
    def __str__(self) -> str:
        raise RuntimeError("no")


def encoded(value):
    return to_python(AnyValue.FromString(encode_value(value)))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -1,
        2**63 - 1,
        -(2**63),
        0.0,
        -0.5,
        math.inf,
        -math.inf,
        "",
        "text",
        b"",
        b"\x00\xff",
        [],
        ["a", 1, None, [True, b"x"]],
        {},
        {"a": {"b": [1.5, {"c": None}]}, "": "empty key"},
    ],
    ids=repr,
)
def test_a_value_comes_back_as_it_went_in(value):
    assert encoded(value) == value
    assert type(encoded(value)) is type(value)


def test_not_a_number_stays_one():
    assert math.isnan(encoded(math.nan))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, 2), [1, 2]),
        (range(3), [0, 1, 2]),
        (bytearray(b"ab"), [97, 98]),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        ({1: "a"}, {"1": "a"}),
        (Colour, "<enum 'Colour'>"),
        ({"a": 1}.keys(), "dict_keys(['a'])"),
        ("\ud800", "\ufffd"),
    ],
    ids=["tuple", "range", "bytearray", "text enum", "number enum", "number key", "class", "view",
         "surrogate"],
)  # fmt: skip
def test_what_is_no_plain_value_becomes_the_nearest_one(value, expected):
    assert encoded(value) == expected


@pytest.mark.parametrize(
    "number", [2**63, -(2**63) - 1, 10**5000], ids=["large", "small", "endless"]
)
@pytest.mark.parametrize(
    "wrap",
    [lambda n: n, lambda n: ["a", n], lambda n: {"a": [n]}],
    ids=["bare", "list", "mapping"],
)
def test_an_integer_beyond_64_bits_cannot_be_encoded_at_any_depth(number, wrap):
    with pytest.raises(Unencodable, match="64 bits"):
        encode_value(wrap(number))


def test_an_object_that_fails_to_show_itself_cannot_be_encoded():
    with pytest.raises(Unencodable, match="RuntimeError"):
        encode_value([Broken()])


@pytest.mark.parametrize(
    "wrap", [lambda inner: [inner], lambda inner: {"k": inner}], ids=["list", "mapping"]
)
def test_what_is_nested_too_deeply_is_replaced_and_the_rest_can_be_read(wrap):
    value = "core"
    for _ in range(MAX_DEPTH + 1):
        value = wrap(value)

    decoded = encoded(value)

    for _ in range(MAX_DEPTH):
        decoded = decoded[0] if isinstance(decoded, list) else decoded["k"]
    assert decoded == TOO_DEEP


def test_the_deepest_value_allowed_is_whole():
    value = "core"
    for _ in range(MAX_DEPTH):
        value = {"k": value}

    assert encoded(value) == value


def test_a_structure_that_contains_itself_ends():
    loop: dict = {}
    loop["me"] = loop

    assert TOO_DEEP in str(encoded(loop))


def test_a_structure_that_unfolds_without_end_cannot_be_encoded():
    loop: list = []
    loop += [loop, loop]

    with pytest.raises(Unencodable, match="too many"):
        encode_value(loop)


def test_as_many_values_as_allowed_can_be_encoded():
    assert len(encoded([0] * (MAX_VALUES - 1))) == MAX_VALUES - 1


def test_an_empty_key_is_left_out():
    assert key_field("") == b""
    assert key_field("ab") == b"\x0a\x02ab"


def test_text_alone_has_its_own_way_in():
    assert AnyValue.FromString(encode_text("x")).string_value == "x"
