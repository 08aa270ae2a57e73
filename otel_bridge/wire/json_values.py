"""Numbers, ids and values of OTLP/JSON as protobuf fields.

What cannot be one is refused with a ``ReceiveError`` that says what was found, but not where: the
caller knows the record.
"""

from base64 import b64decode
from binascii import Error as NotBase64, unhexlify
from collections.abc import Iterable, Mapping, Sequence
from struct import Struct

from otel_bridge.errors import ReceiveError
from otel_bridge.wire.any_value import EMPTY, FALSE, TRUE, encode_text, pack_double
from otel_bridge.wire.attributes import AttributeField, attribute
from otel_bridge.wire.json_shapes import AnyValue, KeyValue, Number
from otel_bridge.wire.text import utf8
from otel_bridge.wire.varint import delimited, signed_varint, varint

MAX_NESTING = 90
"""Messages below an attribute, counted as protobuf decoders count, which stop at 100."""

_MAX_DIGITS = 32
"""No number of 64 bits is longer, and Python takes quadratic time to read long ones."""

_pack_fixed64 = Struct("<BQ").pack
_pack_fixed32 = Struct("<BI").pack

_NOT_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_URL_SAFE = str.maketrans("-_", "+/")


def whole_number(value: Number, name: str, bits: int, *, signed: bool = False) -> int:
    """Return a whole number that was written as a number or as a string; missing is 0."""
    if value is None:
        return 0
    number = _whole(value, name)
    low, high = (-(1 << bits - 1), 1 << bits - 1) if signed else (0, 1 << bits)
    if not low <= number < high:
        raise ReceiveError(f"{name} does not fit {bits} bits")
    return number


def _whole(value: float | str, name: str) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if value.is_integer():
            return int(value)
    elif len(value) <= _MAX_DIGITS and value.isascii() and value.removeprefix("-").isdigit():
        return int(value)
    raise ReceiveError(f"{name} is not a whole number")


def enum_number(value: Number, name: str, names: Mapping[str, int]) -> int:
    """Return the number of an enum value; the names that protobuf has for them are taken too."""
    if isinstance(value, str) and value in names:
        return names[value]
    return whole_number(value, name, 32, signed=True)


def id_bytes(text: str | None, name: str, size: int) -> bytes:
    """Return the bytes of a hexadecimal id, in any case; missing and empty are empty."""
    if not text:
        return b""
    if len(text) != 2 * size:
        raise ReceiveError(f"{name} wants {2 * size} hexadecimal digits, found {len(text)}")
    try:
        return unhexlify(text)
    except ValueError:
        raise ReceiveError(f"{name} is not hexadecimal") from None


def text_field(tag: bytes, text: str | None) -> bytes:
    """Encode a ``string`` field; missing and empty are left out."""
    return delimited(tag, utf8(text)) if text else b""


def count_field(tag: bytes, value: Number, name: str) -> bytes:
    """Encode a ``uint32`` field; missing and zero are left out."""
    number = whole_number(value, name, 32)
    return tag + varint(number) if number else b""


def enum_field(tag: bytes, number: int) -> bytes:
    """Encode an enum field; zero is left out."""
    return tag + signed_varint(number) if number else b""


def fixed64_field(tag: int, number: int) -> bytes:
    """Encode a ``fixed64`` field; zero is left out."""
    return _pack_fixed64(tag, number) if number else b""


def fixed32_field(tag: int, number: int) -> bytes:
    """Encode a ``fixed32`` field with a one-byte tag; zero is left out."""
    return _pack_fixed32(tag, number) if number else b""


def attribute_fields(field: AttributeField, attributes: Sequence[KeyValue | None] | None) -> bytes:
    """Encode a repeated ``KeyValue`` field, the usual values with what is remembered of keys."""
    if not attributes:
        return b""
    parts: list[bytes] = []
    for pair in attributes:
        if pair is None:
            continue
        key, value = pair.key or "", pair.value
        if value is None:
            parts.append(delimited(field.tag, text_field(b"\x0a", key)))
        elif value.string_value is not None:
            parts.append(field.text(key, utf8(value.string_value)))
        elif value.int_value is not None:
            number = whole_number(value.int_value, "intValue", 64, signed=True)
            parts.append(field.whole_number(key, number))
        else:
            parts.append(attribute(field.tag, key, value_content(value)))
    return b"".join(parts)


def value_content(value: AnyValue, nesting: int = MAX_NESTING) -> bytes:
    """Return the content of an ``AnyValue`` message."""
    if value.string_value is not None:
        return encode_text(value.string_value)
    if value.int_value is not None:
        return b"\x18" + signed_varint(whole_number(value.int_value, "intValue", 64, signed=True))
    if value.bool_value is not None:
        return TRUE if value.bool_value else FALSE
    if value.double_value is not None:
        return b"\x21" + pack_double(_double(value.double_value))
    if value.bytes_value is not None:
        return delimited(b"\x3a", _base64(value.bytes_value))
    return _nested(value, nesting)


def _nested(value: AnyValue, nesting: int) -> bytes:
    if value.array_value is not None:
        items = value.array_value.values or ()
        left = _inside(nesting, 2)
        return delimited(b"\x2a", b"".join(_values(items, left)))
    if value.kvlist_value is not None:
        pairs = value.kvlist_value.values or ()
        left = _inside(nesting, 3)
        return delimited(b"\x32", b"".join(_key_values(b"\x0a", pairs, left)))
    return EMPTY


def _inside(nesting: int, messages: int) -> int:
    if nesting < messages:
        raise ReceiveError("a value is nested too deeply")
    return nesting - messages


def _values(items: Iterable[AnyValue | None], nesting: int) -> Iterable[bytes]:
    return (delimited(b"\x0a", value_content(item, nesting) if item else EMPTY) for item in items)


def _key_values(tag: bytes, pairs: Iterable[KeyValue | None], nesting: int) -> Iterable[bytes]:
    for pair in pairs:
        if pair is None:
            continue
        key = text_field(b"\x0a", pair.key)
        if pair.value is not None:
            key += delimited(b"\x12", value_content(pair.value, nesting))
        yield delimited(tag, key)


def _double(value: float | str) -> float:
    """Return a double that was written as a number, a string, or a name of what is not finite."""
    if isinstance(value, str) and value in _NOT_FINITE:
        return _NOT_FINITE[value]
    try:
        if isinstance(value, int | float) or _is_decimal(value):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise ReceiveError("doubleValue is not a number")


def _is_decimal(text: str) -> bool:
    """Return whether text has only what a JSON number has; ``float`` alone takes more."""
    return bool(text) and not text.strip("+-.0123456789eE")


def _base64(text: str) -> bytes:
    """Return bytes written in the standard or the URL-safe alphabet, padded or not."""
    plain = text.translate(_URL_SAFE).rstrip("=")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (NotBase64, ValueError):
        raise ReceiveError("bytesValue is not base64") from None
