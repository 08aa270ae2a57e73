"""Python values to OTLP ``AnyValue`` bytes.

The mapping of types is the one of the official encoder. What it refuses, and what would
not be readable at the other end, is listed in docs/wire.md.
"""

from collections.abc import Callable, Mapping, Sequence
from struct import Struct

from otel_bridge.wire.text import utf8
from otel_bridge.wire.varint import delimited, signed_varint

MAX_DEPTH = 28
"""Nested lists and mappings below an attribute. A mapping takes three messages a level; common
protobuf decoders stop at 100, of which the request, its groups and the span take seven."""

MAX_VALUES = 100_000
"""Values inside one attribute: bounds what a structure that shares its parts unfolds to."""

TOO_DEEP = "(nested too deep)"
"""Stands where ``MAX_DEPTH`` was exceeded."""

pack_double = Struct("<d").pack

EMPTY = b""
TRUE = b"\x10\x01"
FALSE = b"\x10\x00"


class Unencodable(ValueError):
    """A value that no ``AnyValue`` can hold. Stays inside this package."""


def encode_value(value: object) -> bytes:
    """Return the content of the ``AnyValue`` message for a value.

    Raises:
        Unencodable: The value holds an integer beyond 64 bits, more than ``MAX_VALUES`` values, or
            an object that fails to show itself.
    """
    try:
        return _Nested().encode(value, 0)
    except Unencodable:
        raise
    except Exception as error:
        raise Unencodable(type(error).__name__) from error


class _Nested:
    """Encodes one value to its bounds."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def encode(self, value: object, depth: int) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise Unencodable("too many values")
        encode = _SCALARS.get(type(value))
        if encode is not None:
            return encode(value)
        return self._encode_by_role(value, depth)

    def _encode_by_role(self, value: object, depth: int) -> bytes:
        """Encode containers and subclasses of scalars, in the order the official encoder asks."""
        for role, encode in _BY_ROLE:
            if isinstance(value, role):
                return encode(value)
        if isinstance(value, Sequence | Mapping) and depth == MAX_DEPTH:
            return encode_text(TOO_DEEP)
        if isinstance(value, Sequence):
            items = [delimited(b"\x0a", self.encode(item, depth + 1)) for item in value]
            return delimited(b"\x2a", b"".join(items))
        if isinstance(value, Mapping):
            pairs = [
                delimited(
                    b"\x0a", key_field(str(key)) + delimited(b"\x12", self.encode(item, depth + 1))
                )
                for key, item in value.items()
            ]
            return delimited(b"\x32", b"".join(pairs))
        return encode_text(str(value))


def key_field(key: str) -> bytes:
    """Return the ``key`` field of a ``KeyValue``; proto3 leaves out what is empty."""
    return delimited(b"\x0a", utf8(key)) if key else b""


def encode_text(value: str) -> bytes:
    """Return the content of an ``AnyValue`` that holds text."""
    return delimited(b"\x0a", utf8(value))


def _encode_int(value: int) -> bytes:
    try:
        return b"\x18" + signed_varint(value)
    except OverflowError as error:
        raise Unencodable("an integer beyond 64 bits") from error


def _encode_double(value: float) -> bytes:
    return b"\x21" + pack_double(value)


def _encode_bytes(value: bytes) -> bytes:
    return delimited(b"\x3a", value)


_SCALARS: Mapping[type, Callable[..., bytes]] = {
    str: encode_text,
    int: _encode_int,
    float: _encode_double,
    bool: lambda value: TRUE if value else FALSE,
    bytes: _encode_bytes,
    type(None): lambda _: EMPTY,
}
_BY_ROLE: Sequence[tuple[type, Callable[..., bytes]]] = (
    (str, encode_text),
    (int, _encode_int),
    (float, _encode_double),
    (bytes, _encode_bytes),
)
