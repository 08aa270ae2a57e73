"""Replaces personal attributes in the bytes of a record, without decoding the rest of it.

Most spans that a server writes name the client; to read and write all of a span for one attribute
would cost ten times as much as this.
"""

from collections.abc import Callable

_TWO_BYTES = 0x80
"""From here on a tag or length goes on in the next byte."""
_FIXED64, _LENGTH, _FIXED32 = 1, 2, 5
_MAX_ONE_BYTE = 0x7F


def splice_attributes(
    raw: bytes, tag: int, replace: Callable[[str, str], str | None]
) -> bytes | None:
    """Return the message with the texts of some attributes replaced.

    Args:
        raw: A serialized message whose attributes are ``KeyValue`` messages at the top level.
        tag: The byte in front of each attribute.
        replace: Is given key and text, returns the new text; None keeps the attribute.

    Returns:
        None where an attribute is not as expected; then the message has to be decoded.
    """
    pieces: list[bytes] = []
    done = place = 0
    size = len(raw)
    while place < size:
        start = place
        first = raw[place]
        place += 1 if first < _TWO_BYTES else 2
        kind = first & 7
        if kind == _LENGTH:
            length = raw[place]
            place += 1
            if length >= _TWO_BYTES:
                if raw[place] >= _TWO_BYTES:
                    return None
                length = length & _MAX_ONE_BYTE | raw[place] << 7
                place += 1
            end = place + length
            if first == tag:
                new = _replaced(raw, place, end, replace)
                if new is None:
                    return None
                if new:
                    pieces += (raw[done:start], bytes((tag,)), _varint(len(new)), new)
                    done = end
            place = end
        elif kind == 0:
            while raw[place] >= _TWO_BYTES:
                place += 1
            place += 1
        elif kind == _FIXED64:
            place += 8
        elif kind == _FIXED32:
            place += 4
        else:
            return None
    if place != size:
        return None
    pieces.append(raw[done:])
    return b"".join(pieces)


def _replaced(
    raw: bytes, place: int, end: int, replace: Callable[[str, str], str | None]
) -> bytes | None:
    """Return a new ``KeyValue``, nothing where it stays, None where it is not as expected."""
    if raw[place] != 0x0A or raw[place + 1] >= _TWO_BYTES:  # noqa: PLR2004 (the key, a short one)
        return None
    value = place + 2 + raw[place + 1]
    key = raw[place + 2 : value].decode("utf-8", "replace")
    if value >= end:
        return b""
    # 12 length 0A length text: an AnyValue with a short string in it.
    is_text = (
        value + 4 <= end
        and raw[value] == 0x12  # noqa: PLR2004 (the tag of the value)
        and raw[value + 1] == end - value - 2
        and raw[value + 2] == 0x0A  # noqa: PLR2004 (the tag of a string)
        and raw[value + 3] == end - value - 4
    )
    if not is_text:
        return b"" if replace(key, "") is None else None
    new = replace(key, raw[value + 4 : end].decode("utf-8", "replace"))
    if new is None:
        return b""
    text = new.encode()
    if len(text) > _MAX_ONE_BYTE - 2:
        return None
    return b"%b\x12%c\x0a%c%b" % (raw[place:value], len(text) + 2, len(text), text)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > _MAX_ONE_BYTE:
        out.append(number & _MAX_ONE_BYTE | _TWO_BYTES)
        number >>= 7
    out.append(number)
    return bytes(out)
