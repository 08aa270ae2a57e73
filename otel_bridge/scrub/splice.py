"""Replaces personal attributes in the bytes of a record, without decoding the rest of it.

Most spans that a server writes name the client; to read and write all of a span for one attribute
would cost ten times as much as this.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

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


class Spliced(NamedTuple):
    """A record with some attributes replaced."""

    raw: bytes
    rest: bytes
    """All of it but these attributes."""


class Unexpected(Exception):
    """The bytes are valid, perhaps, but not of the shape that is quick to handle."""


def splice_attributes(
    raw: bytes, tag: int, keys: Collection[bytes], replace: Replace
) -> Spliced | None:
    """Return the message with the texts of some attributes replaced.

    Args:
        raw: A serialized message whose attributes are ``KeyValue`` messages at the top level.
        tag: The byte in front of each attribute.
        keys: The keys, in lower case, of the attributes that are meant.
        replace: What becomes of the text under such a key.

    Returns:
        None where something is not as expected; then the message has to be decoded.
    """
    pieces: list[bytes] = []
    rest: list[bytes] = []
    done = end = 0
    try:
        while end < len(raw):
            start = end
            size = raw[start + 1]
            if raw[start] == tag and size < _TWO_BYTES:
                body, end = start + 2, start + 2 + size
            else:
                body, end = _field(raw, start)
            if raw[start] != tag or raw[body + 2 : body + 2 + raw[body + 1]].lower() not in keys:
                continue
            new = _replaced(raw, body, end, replace)
            rest.append(raw[done:start])
            pieces += (raw[done:start], bytes((tag,)), _varint(len(new)), new)
            done = end
    except (Unexpected, IndexError, UnicodeDecodeError):
        return None
    if end != len(raw):
        return None
    return Spliced(b"".join([*pieces, raw[done:]]), b"".join([*rest, raw[done:]]))


def _field(raw: bytes, start: int) -> tuple[int, int]:
    """Return the start of the content and the end of the field that starts at a place."""
    first = raw[start]
    body = start + (1 if first < _TWO_BYTES else 2)
    kind = first & _WIRE_TYPE
    if kind == _LENGTH:
        length = raw[body]
        body += 1
        if length >= _TWO_BYTES:
            if raw[body] >= _TWO_BYTES:
                raise Unexpected
            length = length & _LOW_BITS | raw[body] << 7
            body += 1
        return body, body + length
    if kind in _FIXED_SIZES:
        return body, body + _FIXED_SIZES[kind]
    if kind != _VARINT:
        raise Unexpected
    end = body
    while raw[end] >= _TWO_BYTES:
        end += 1
    return body, end + 1


def _replaced(raw: bytes, body: int, end: int, replace: Replace) -> bytes:
    """Return what becomes of a ``KeyValue``."""
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
    new = replace(raw[body + 2 : value].decode(), raw[value + 4 : end].decode())
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
