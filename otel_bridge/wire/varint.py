"""The protobuf wire format: base-128 numbers and length-delimited fields."""

from collections.abc import Sized

_ONE_BYTE = tuple(bytes((number,)) for number in range(128))
_MASK_64 = (1 << 64) - 1


def varint(number: int) -> bytes:
    """Encode a number from 0 to 2**64-1 as a base-128 varint."""
    if number < 128:
        return _ONE_BYTE[number]
    if number < 16_384:
        return bytes((number & 127 | 128, number >> 7))
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def varint_size(number: int) -> int:
    """Return how many bytes ``varint(number)`` has."""
    return (number.bit_length() + 6) // 7 or 1


def signed_varint(number: int) -> bytes:
    """Encode an ``int64``; a negative one takes ten bytes. OverflowError beyond 64 bits."""
    if not -(1 << 63) <= number < 1 << 63:
        raise OverflowError("an int64 has 64 bits")
    return varint(number & _MASK_64)


def delimited(tag: bytes, payload: bytes) -> bytes:
    """Encode a length-delimited field under a ready-made tag."""
    return b"%b%b%b" % (tag, varint(len(payload)), payload)


def framed_size(payload: Sized) -> int:
    """Return the size of ``delimited`` with a one-byte tag."""
    size = len(payload)
    return 1 + varint_size(size) + size


class Frames(dict[int, bytes]):
    """The tag and length that go before a payload, by its length; remembers the shorter ones."""

    def __init__(self, tag: bytes) -> None:
        super().__init__()
        self._tag = tag

    def __missing__(self, size: int) -> bytes:
        frame = self._tag + varint(size)
        if size < 4096:  # the cache is bounded by the range of what it keeps
            self[size] = frame
        return frame
