"""Replaces a few attributes in the bytes of a record, without decoding the rest of it.

Most spans that a server writes name the client; to read and write all of a span for one attribute
would cost ten times as much as this.
"""

from collections.abc import Callable, Sequence

Replace = Callable[[str, str], str | None]
"""Is given the key and the text of an attribute; None where it is to be left out."""

_TWO_BYTES = 0x80
"""From here on a tag or length goes on in the next byte."""
_LOW_BITS = 0x7F
_WIRE_TYPE = 7
_VARINT, _LENGTH = 0, 2
_FIXED_SIZES = {1: 8, 5: 4}
_KEY, _VALUE, _STRING = 0x0A, 0x12, 0x0A
"""The tags of ``KeyValue.key``, ``KeyValue.value`` and ``AnyValue.string_value``."""
_MAX_SHORT_TEXT = _LOW_BITS - 2
"""A text whose length, and that of the message around it, fit in one byte each."""


class Unexpected(Exception):
    """The bytes are valid, perhaps, but not of the shape that is quick to handle."""


def splice_attributes(
    raw: bytes, tag: int, places: Sequence[int], replace: Replace
) -> bytes | None:
    """Return the message with the texts of some attributes replaced.

    Args:
        raw: A serialized message whose attributes are ``KeyValue`` messages at the top level.
        tag: The byte in front of each attribute.
        places: Where the keys of the attributes that are meant begin, in order.
        replace: What becomes of the text under such a key.

    Returns:
        None where something is not as expected; then the message has to be decoded.
    """
    pieces: list[bytes] = []
    done = end = 0
    try:
        for place in places:
            start, body, end = _field_around(raw, end, place)
            if raw[start] != tag or place != body + 2:
                return None
            new = _replaced(raw, body, end, replace)
            if new:
                pieces += (raw[done:start], bytes((tag,)), _varint(len(new)), new)
                done = end
    except (Unexpected, IndexError, UnicodeDecodeError):
        return None
    pieces.append(raw[done:])
    return b"".join(pieces)


def _field_around(raw: bytes, at: int, place: int) -> tuple[int, int, int]:
    """Return start, start of the content and end of the field around a place.

    Args:
        raw: A serialized message.
        at: Where one of its fields begins, at the place or before it.
        place: The place.
    """
    while True:
        start = at
        first = raw[at]
        at += 1 if first < _TWO_BYTES else 2
        if first & _WIRE_TYPE == _LENGTH:
            length = raw[at]
            at += 1
            if length >= _TWO_BYTES:
                if raw[at] >= _TWO_BYTES:
                    raise Unexpected
                length = length & _LOW_BITS | raw[at] << 7
                at += 1
            body, at = at, at + length
            if at > place:
                return start, body, at
        else:
            at = _behind_number(raw, at, first & _WIRE_TYPE)
            if at > place:
                raise Unexpected


def _behind_number(raw: bytes, at: int, kind: int) -> int:
    if kind in _FIXED_SIZES:
        return at + _FIXED_SIZES[kind]
    if kind != _VARINT:
        raise Unexpected
    while raw[at] >= _TWO_BYTES:
        at += 1
    return at + 1


def _replaced(raw: bytes, body: int, end: int, replace: Replace) -> bytes:
    """Return a new ``KeyValue``, nothing where it stays as it is."""
    value = body + 2 + raw[body + 1]
    size = end - value
    is_expected = (
        raw[body] == _KEY
        and raw[body + 1] < _TWO_BYTES
        and size >= 4  # noqa: PLR2004 (two tags with their lengths)
        and raw[value] == _VALUE
        and raw[value + 1] == size - 2
        and raw[value + 2] == _STRING
        and raw[value + 3] == size - 4
    )
    if not is_expected:
        raise Unexpected
    text = raw[value + 4 : end].decode()
    new = replace(raw[body + 2 : value].decode(), text)
    if new == text:
        return b""
    content = b"" if new is None else new.encode()
    if new is None or len(content) > _MAX_SHORT_TEXT:
        raise Unexpected
    return b"%b\x12%c\x0a%c%b" % (raw[body:value], len(content) + 2, len(content), content)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > _LOW_BITS:
        out.append(number & _LOW_BITS | _TWO_BYTES)
        number >>= 7
    out.append(number)
    return bytes(out)
