"""Numbers, ids and times of SDK objects as protobuf fields, whatever was put into them.

A field that cannot hold its value is brought into range: one odd span must not cost the others.
"""

from struct import Struct
from typing import Any

from otel_bridge.wire.text import utf8
from otel_bridge.wire.varint import delimited, varint

_MAX_32 = (1 << 32) - 1
_MAX_64 = (1 << 64) - 1

_pack_fixed64 = Struct("<BQ").pack


def trace_id_bytes(number: Any) -> bytes:
    """Return the 16 bytes of a trace id; what does not fit them becomes the invalid id."""
    try:
        return number.to_bytes(16, "big")  # type: ignore[no-any-return] # an int
    except (OverflowError, AttributeError, TypeError):
        return bytes(16)


def span_id_bytes(number: Any) -> bytes:
    """Return the 8 bytes of a span id; what does not fit them becomes the invalid id."""
    try:
        return number.to_bytes(8, "big")  # type: ignore[no-any-return] # an int
    except (OverflowError, AttributeError, TypeError):
        return bytes(8)


def nanoseconds(value: Any) -> int:
    """Return a time as an unsigned 64-bit number; None and what is no number count as 0."""
    if type(value) is int and 0 <= value <= _MAX_64:
        return value
    try:
        return min(max(int(value), 0), _MAX_64)
    except (TypeError, ValueError, OverflowError):
        return 0


def time_field(tag: int, value: int) -> bytes:
    """Encode a ``fixed64`` time; zero is left out."""
    return _pack_fixed64(tag, value) if value else b""


def unsigned_32(value: Any) -> int:
    """Return a number that fits 32 bits; None and what is no number count as 0."""
    try:
        return min(max(int(value), 0), _MAX_32)
    except (TypeError, ValueError, OverflowError):
        return 0


def count_field(tag: bytes, value: Any) -> bytes:
    """Encode a ``uint32`` count; zero is left out."""
    if not value:
        return b""
    number = unsigned_32(value)
    return tag + varint(number) if number else b""


def text_field(tag: bytes, text: Any) -> bytes:
    """Encode a ``string`` field; empty text and None are left out, anything else becomes text."""
    if not text:
        return b""
    return delimited(tag, utf8(text if isinstance(text, str) else str(text)))


def trace_state_field(tag: bytes, state: Any) -> bytes:
    """Encode a W3C trace state; an empty one is left out."""
    if not state:
        return b""
    return text_field(tag, ",".join(f"{key}={value}" for key, value in state.items()))
