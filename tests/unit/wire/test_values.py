import pytest

from otel_bridge.wire.any_value import TOO_DEEP
from otel_bridge.wire.messages import AnyValue, KeyValue
from otel_bridge.wire.values import attributes, to_python


def nested(depth):
    value = AnyValue(string_value="core")
    for _ in range(depth):
        outer = AnyValue()
        outer.array_value.values.append(value)
        value = outer
    return value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (AnyValue(), None),
        (AnyValue(string_value=""), ""),
        (AnyValue(bool_value=False), False),
        (AnyValue(int_value=0), 0),
        (AnyValue(double_value=1.5), 1.5),
        (AnyValue(bytes_value=b"\x00"), b"\x00"),
        (AnyValue(array_value={}), []),
        (AnyValue(kvlist_value={}), {}),
    ],
    ids=["nothing", "text", "bool", "int", "double", "bytes", "list", "mapping"],
)
def test_every_kind_of_value_has_a_python_type(value, expected):
    assert to_python(value) == expected
    assert type(to_python(value)) is type(expected)


def test_nesting_is_followed_to_a_bound():
    assert to_python(nested(3), max_depth=3) == [[["core"]]]
    assert to_python(nested(4), max_depth=3) == [[[TOO_DEEP]]]


def test_a_mapping_counts_as_a_level():
    value = AnyValue()
    value.kvlist_value.values.add(key="k").value.CopyFrom(nested(1))

    assert to_python(value, max_depth=1) == {"k": TOO_DEEP}
    assert to_python(value, max_depth=0) == TOO_DEEP


def test_of_attributes_that_repeat_a_key_the_last_one_counts():
    pairs = [KeyValue(key="a", value=AnyValue(int_value=n)) for n in (1, 2)]

    assert attributes([*pairs, KeyValue(key="b")]) == {"a": 2, "b": None}
