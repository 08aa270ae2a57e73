"""How a parcel is written into a segment file. Pure: bytes in, bytes out.

A segment is a mark and then records, one after the other: a header of fixed size with length and
checksum, and the parcel's bytes. One byte of the header, outside the checksum, says whether the
parcel is still wanted; nothing else is ever overwritten.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from otel_bridge.stats import Kind

SEGMENT_MARK = b"OBSPOOL1"
"""What a segment begins with; the last character is the version of this format."""

STATE_OFFSET = 4
WAITING, DONE = 0, 1
MAX_BODY_BYTES = 256 * 2**20
"""No longer record is written or believed."""

_RECORD_MARK = b"\xf5OBR"  # 0xf5 is in no UTF-8 text
_KINDS = (Kind.SPAN, Kind.LOG, Kind.ERROR)
_PLAIN, _DEFLATED = 0, 1
_COMPRESS_FROM_BYTES = 512

# mark, state, kind, encoding, unused, stored bytes, body bytes, items, milliseconds, key
_HEADER = struct.Struct("<4sBBBxIIIQ32s")
_CHECKSUM = struct.Struct("<I")
HEADER_BYTES = _HEADER.size + _CHECKSUM.size


class Entry(NamedTuple):
    """A record that was found in a segment."""

    offset: int
    """Where it begins."""
    size: int
    """Its length with the header."""
    is_waiting: bool
    kind: Kind
    items: int
    accepted_at: float
    key: str


class Damage(NamedTuple):
    """A part of a segment that holds no whole record."""

    offset: int
    size: int


def encode_record(
    kind: Kind,
    items: int,
    accepted_at: float,
    key: str,
    body: bytes,
    *,
    compress: bool = True,
) -> bytes:
    """Return the record of a parcel, waiting for its delivery.

    Args:
        kind: What it counts for.
        items: How many it counts for.
        accepted_at: Seconds since the epoch.
        key: At most 32 ASCII characters.
        body: Its bytes.
        compress: Whether long bodies are compressed.

    Raises:
        ValueError: The body is longer than any record may be.
    """
    if len(body) > MAX_BODY_BYTES:
        raise ValueError(f"wanted at most {MAX_BODY_BYTES} bytes, found {len(body)}")
    stored, encoding = body, _PLAIN
    if compress and len(body) >= _COMPRESS_FROM_BYTES:
        stored, encoding = zlib.compress(body, 1), _DEFLATED
    header = _HEADER.pack(
        _RECORD_MARK, WAITING, _KINDS.index(kind), encoding, len(stored), len(body), items,
        max(0, int(accepted_at * 1000)), key.encode("ascii", "replace")[:32],
    )  # fmt: skip
    return b"%b%b%b" % (header, _CHECKSUM.pack(_checksum(header, stored)), stored)


def decode_body(record: bytes) -> bytes | None:
    """Return the body of one record, or None if the record is damaged."""
    entry = _entry_at(record, 0)
    if entry is None:
        return None
    _, _, _, encoding, _, size, *_ = _HEADER.unpack_from(record)
    stored = record[HEADER_BYTES : entry.size]
    if encoding == _PLAIN:
        return stored
    try:
        body = zlib.decompressobj().decompress(stored, size)
    except zlib.error:
        return None
    return body if len(body) == size else None


def read_segment(content: bytes) -> Iterator[Entry | Damage]:
    """Find every whole record; what lies between them is damage, and does not end the search."""
    offset = len(SEGMENT_MARK) if content.startswith(SEGMENT_MARK) else 0
    while offset < len(content):
        entry = _entry_at(content, offset)
        if entry is not None:
            yield entry
            offset += entry.size
            continue
        following = _next_record(content, offset + 1)
        yield Damage(offset, following - offset)
        offset = following


def _next_record(content: bytes, offset: int) -> int:
    """Return where the next whole record begins, or the end of the content."""
    while (offset := content.find(_RECORD_MARK, offset)) >= 0:
        if _entry_at(content, offset) is not None:
            return offset
        offset += 1
    return len(content)


def _entry_at(content: bytes, offset: int) -> Entry | None:
    if len(content) - offset < HEADER_BYTES:
        return None
    mark, state, kind, encoding, stored_size, size, items, accepted_ms, key = _HEADER.unpack_from(
        content, offset
    )
    end = offset + HEADER_BYTES + stored_size
    known = mark == _RECORD_MARK and kind < len(_KINDS) and encoding <= _DEFLATED
    if not known or end > len(content) or size > MAX_BODY_BYTES:
        return None
    header = content[offset : offset + _HEADER.size]
    (checksum,) = _CHECKSUM.unpack_from(content, offset + _HEADER.size)
    if _checksum(header, content[offset + HEADER_BYTES : end]) != checksum:
        return None
    text = key.rstrip(b"\0").decode("ascii", "replace")
    is_waiting = state != DONE
    return Entry(offset, end - offset, is_waiting, _KINDS[kind], items, accepted_ms / 1000, text)


def _checksum(header: bytes, stored: bytes) -> int:
    without_state = header[:STATE_OFFSET] + header[STATE_OFFSET + 1 :]
    return zlib.crc32(stored, zlib.crc32(without_state))
