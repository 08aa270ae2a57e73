"""Bounded decompression: no body becomes larger than it may, whatever it promises."""

import zlib
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import NamedTuple, Protocol

from otel_bridge.errors import MissingComponent, ReceiveError, TooLarge

_CHUNK = 1 << 16
_MAX_STREAMS = 10_000
"""Compressed streams in one body, one after the other: an empty one costs time and few bytes."""


_ZSTD_WINDOW_LOG = 23
"""8 MiB, what RFC 9659 allows a content encoding: the decompressor sets aside that much."""


class _Stream(Protocol):
    """What the decompressors of ``zlib`` and ``zstd`` have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Codec(NamedTuple):
    """How to decompress one stream."""

    open: Callable[[], _Stream]
    damage: type[Exception]
    """What it raises."""


_GZIP = _Codec(lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), zlib.error)
_ZLIB = _Codec(zlib.decompressobj, zlib.error)
_RAW_DEFLATE = _Codec(lambda: zlib.decompressobj(-zlib.MAX_WBITS), zlib.error)


def decompress(body: bytes, encoding: str, *, max_bytes: int) -> bytes:
    """Undo an HTTP content encoding: ``gzip``, ``deflate``, ``zstd``, ``identity`` or none.

    Raises:
        TooLarge: The result has more than ``max_bytes`` bytes.
        ReceiveError: The body is damaged or cut short, or the encoding is not known.
        MissingComponent: ``zstd`` needs a package that is not installed.
    """
    match encoding.strip().lower():
        case "" | "identity":
            if len(body) > max_bytes:
                raise TooLarge(f"wanted at most {max_bytes} bytes, found {len(body)}")
            return body
        case "gzip" | "x-gzip":
            return _unpack(body, _GZIP, max_bytes)
        case "deflate" if _has_zlib_header(body):
            return _unpack(body, _ZLIB, max_bytes)
        case "deflate":  # what RFC 9110 calls an error that a recipient ought to understand
            return _unpack(body, _RAW_DEFLATE, max_bytes)
        case "zstd":
            return _unpack(body, _zstd(), max_bytes)
        case other:
            raise ReceiveError(f"unknown content encoding {other[:40]!r}")


def detected_encoding(body: bytes) -> str:
    """Return the encoding that the first bytes show, or ``identity``."""
    if body.startswith(b"\x1f\x8b"):
        return "gzip"
    if body.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd"
    return "deflate" if _has_zlib_header(body) else "identity"


def _has_zlib_header(body: bytes) -> bool:
    """Return whether a body begins as RFC 1950 says: deflate, a window of 32 KiB, check bits."""
    return len(body) > 1 and body[0] == 0x78 and (body[0] << 8 | body[1]) % 31 == 0


def _zstd() -> _Codec:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            zstd = import_module(name)
        except ImportError:
            continue
        options = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
        return _Codec(partial(zstd.ZstdDecompressor, options=options), zstd.ZstdError)
    raise MissingComponent("zstd needs: pip install 'otel-bridge[zstd]'")


def _unpack(body: bytes, codec: _Codec, max_bytes: int) -> bytes:
    """Decompress all streams of a body, one after the other."""
    out: list[bytes] = []
    left = max_bytes
    position = 0
    for _ in range(_MAX_STREAMS):
        position, pieces = _unpack_stream(body, position, codec, left)
        out += pieces
        left -= sum(map(len, pieces))
        if position == len(body):
            return b"".join(out)
    raise ReceiveError(f"more than {_MAX_STREAMS} compressed streams", f"byte {position}")


def _unpack_stream(
    body: bytes, position: int, codec: _Codec, max_bytes: int
) -> tuple[int, list[bytes]]:
    """Decompress the stream that starts at a position; return where it ends and what it held."""
    stream = codec.open()
    pieces: list[bytes] = []
    left = max_bytes
    while not stream.eof:
        chunk = body[position : position + _CHUNK]
        if not chunk:
            raise ReceiveError("the compressed body is cut short", f"byte {position}")
        try:
            piece = stream.decompress(chunk, left + 1)
        except codec.damage as error:
            raise ReceiveError(f"damaged compressed body ({error})", f"byte {position}") from None
        left -= len(piece)
        if left < 0:
            raise TooLarge(f"wanted at most {max_bytes} bytes after decompression, found more")
        pieces.append(piece)
        position += len(chunk)
    return position - len(stream.unused_data), pieces
