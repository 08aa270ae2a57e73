"""The repeated ``KeyValue`` fields, the largest part of a span: the encoder's hot loop."""

from collections.abc import Mapping
from typing import Any

from otel_bridge.wire.any_value import (
    FALSE,
    TRUE,
    Unencodable,
    encode_value,
    key_field,
    pack_double,
)
from otel_bridge.wire.text import utf8
from otel_bridge.wire.varint import delimited, signed_varint, varint

MAX_KEYS = 2048
"""Keys remembered per field; an application that makes keys up must not make us grow."""

_MAX_HEADS = 512
_MAX_NUMBERS = 256
_LARGEST_KEPT = 100_000


class AttributeField:
    """Writes one repeated field of ``KeyValue`` and remembers what goes before the value of a key.

    Nothing that an attribute holds is remembered but small integers. May be used by several
    threads: two of them can at worst compute the same bytes twice.
    """

    __slots__ = ("_booleans", "_doubles", "_ints", "_texts", "tag")

    def __init__(self, tag: bytes) -> None:
        self.tag = tag
        self._texts = _Texts(tag)
        self._ints = _Ints(tag)
        self._booleans = _Booleans(tag)
        self._doubles = _Doubles(tag)

    def write(self, attributes: Mapping[str, Any], parts: list[bytes]) -> None:
        """Append the field for every attribute; one that cannot be encoded is left out."""
        append = parts.append
        texts = self._texts
        for key, value in attributes.items():
            kind = type(value)
            if kind is str:
                try:
                    data = value.encode()
                except UnicodeEncodeError:
                    data = utf8(value)
                append(texts[key][len(data)])
                append(data)
            elif kind is int:
                append(self._ints[key][value])
            elif kind is bool:
                append(self._booleans[key][value])
            elif kind is float:
                append(self._doubles[key])
                append(pack_double(value))
            else:
                append(self._other(key, value))

    def text(self, key: str, data: bytes) -> bytes:
        """Return the field for one attribute that holds text, which is UTF-8 already."""
        return self._texts[key][len(data)] + data

    def whole_number(self, key: str, number: int) -> bytes:
        """Return the field for one attribute that holds an integer of at most 64 bits."""
        return self._ints[key][number]

    def _other(self, key: str, value: object) -> bytes:
        try:
            return attribute(self.tag, key, encode_value(value))
        except Unencodable:
            return b""


def attribute(tag: bytes, key: str, value: bytes) -> bytes:
    """Encode one attribute from its key and the content of its ``AnyValue``."""
    return delimited(tag, _key(key) + delimited(b"\x12", value))


def _key(key: object) -> bytes:
    """Return the key field; a key that is no text, which only foreign spans have, becomes text."""
    return key_field(key if isinstance(key, str) else str(key))


class _Heads(dict[int, bytes]):
    """All bytes that go before the text of one key, by the size of the text."""

    def __init__(self, tag: bytes, key: bytes) -> None:
        super().__init__()
        self._tag = tag
        self._key = key

    def __missing__(self, size: int) -> bytes:
        text = b"\x0a" + varint(size)
        head = self._key + b"\x12" + varint(len(text) + size) + text
        head = self._tag + varint(len(head) + size) + head
        if size < _MAX_HEADS:  # what is kept is bounded by the range of sizes
            self[size] = head
        return head


class _Texts(dict[str, _Heads]):
    """Heads of text attributes by key."""

    def __init__(self, tag: bytes) -> None:
        super().__init__()
        self._tag = tag

    def __missing__(self, key: str) -> _Heads:
        heads = _Heads(self._tag, _key(key))
        if len(self) < MAX_KEYS:
            self[key] = heads
        return heads


class _Numbers(dict[int, bytes]):
    """Whole integer attributes of one key, by value."""

    def __init__(self, tag: bytes, key: str) -> None:
        super().__init__()
        self._tag = tag
        self._key = _key(key)

    def __missing__(self, number: int) -> bytes:
        try:
            value = b"\x18" + signed_varint(number)
        except OverflowError:
            return b""  # left out, as the official encoder does
        whole = delimited(self._tag, self._key + delimited(b"\x12", value))
        if 0 <= number < _LARGEST_KEPT and len(self) < _MAX_NUMBERS:
            self[number] = whole
        return whole


class _Ints(dict[str, _Numbers]):
    """Integer attributes by key."""

    def __init__(self, tag: bytes) -> None:
        super().__init__()
        self._tag = tag

    def __missing__(self, key: str) -> _Numbers:
        numbers = _Numbers(self._tag, key)
        if len(self) < MAX_KEYS:
            self[key] = numbers
        return numbers


class _Booleans(dict[str, tuple[bytes, bytes]]):
    """Both possible attributes of a key, false first."""

    def __init__(self, tag: bytes) -> None:
        super().__init__()
        self._tag = tag

    def __missing__(self, key: str) -> tuple[bytes, bytes]:
        both = attribute(self._tag, key, FALSE), attribute(self._tag, key, TRUE)
        if len(self) < MAX_KEYS:
            self[key] = both
        return both


class _Doubles(dict[str, bytes]):
    """What goes before the eight bytes of a float, by key."""

    def __init__(self, tag: bytes) -> None:
        super().__init__()
        self._tag = tag

    def __missing__(self, key: str) -> bytes:
        head = attribute(self._tag, key, b"\x21" + bytes(8))[:-8]
        if len(self) < MAX_KEYS:
            self[key] = head
        return head
