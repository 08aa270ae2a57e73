"""Replaces personal attributes in the bytes of a record, without decoding the rest of it.

Most spans that a server writes name the client; to read and write all of a span for one attribute
would cost ten times as much as this.
"""

from collections.abc import Callable, Iterator

Replace = Callable[[str, str], str | None]
"""Is given the key and the text of an attribute; None keeps it."""

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


def splice_attributes(raw: bytes, tag: int, replace: Replace) -> tuple[bytes, int] | None:
    """Return the message with the texts of some attributes replaced, and how many these were.

    Args:
        raw: A serialized message whose attributes are ``KeyValue`` messages at the top level.
        tag: The byte in front of each attribute.
        replace: What becomes of a text.

    Returns:
        None where something is not as expected; then the message has to be decoded.
    """
    pieces: list[bytes] = []
    done = replaced = 0
    try:
        for start, body, end in _fields(raw, tag):
            new = _replaced(raw, body, end, replace)
            if new:
                replaced += 1
                pieces += (raw[done:start], bytes((tag,)), _varint(len(new)), new)
                done = end
    except (Unexpected, IndexError):
        return None
    pieces.append(raw[done:])
    return b"".join(pieces), replaced


def _fields(raw: bytes, tag: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, start of the content and end of each field with the tag."""
    place, size = 0, len(raw)
    while place < size:
        start = place
        first = raw[place]
        place += 1 if first < _TWO_BYTES else 2
        kind = first & _WIRE_TYPE
        if kind == _LENGTH:
            length = raw[place]
            place += 1
            if length >= _TWO_BYTES:
                if raw[place] >= _TWO_BYTES:
                    raise Unexpected
                length = length & _LOW_BITS | raw[place] << 7
                place += 1
            if first == tag:
                yield start, place, place + length
            place += length
        elif kind == _VARINT:
            while raw[place] >= _TWO_BYTES:
                place += 1
            place += 1
        elif kind in _FIXED_SIZES:
            place += _FIXED_SIZES[kind]
        else:
            raise Unexpected
    if place != size:
        raise Unexpected


def _replaced(raw: bytes, place: int, end: int, replace: Replace) -> bytes:
    """Return a new ``KeyValue``, nothing where it stays as it is."""
    if raw[place] != _KEY or raw[place + 1] >= _TWO_BYTES:
        raise Unexpected
    value = place + 2 + raw[place + 1]
    key = raw[place + 2 : value].decode("utf-8", "replace")
    size = end - value
    is_short_text = (
        size >= 4  # noqa: PLR2004 (two tags with their lengths)
        and raw[value] == _VALUE
        and raw[value + 1] == size - 2
        and raw[value + 2] == _STRING
        and raw[value + 3] == size - 4
    )
    if not is_short_text:
        if replace(key, "") is not None:
            raise Unexpected
        return b""
    new = replace(key, raw[value + 4 : end].decode("utf-8", "replace"))
    if new is None:
        return b""
    text = new.encode()
    if len(text) > _MAX_SHORT_TEXT:
        raise Unexpected
    return b"%b\x12%c\x0a%c%b" % (raw[place:value], len(text) + 2, len(text), text)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > _LOW_BITS:
        out.append(number & _LOW_BITS | _TWO_BYTES)
        number >>= 7
    out.append(number)
    return bytes(out)
