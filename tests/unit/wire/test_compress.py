import gzip
import zlib
from importlib.util import find_spec

import pytest

from otel_bridge.errors import MissingComponent, ReceiveError, TooLarge
from otel_bridge.wire.compress import decompress, detected_encoding

BODY = b"resource spans " * 10_000
HAS_ZSTD = bool(find_spec("compression.zstd") if find_spec("compression") else None) or bool(
    find_spec("backports") and find_spec("backports.zstd")
)


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED = {
    "gzip": gzip.compress(BODY),
    "deflate": zlib.compress(BODY),
    "identity": BODY,
}


@pytest.mark.parametrize("encoding", PACKED)
def test_an_encoding_is_undone_and_detected(encoding):
    assert decompress(PACKED[encoding], encoding, max_bytes=len(BODY)) == BODY
    assert detected_encoding(PACKED[encoding]) == encoding


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (" GZIP ", PACKED["gzip"]),
        ("x-gzip", PACKED["gzip"]),
        ("", BODY),
        ("deflate", raw_deflate(BODY)),
        ("gzip", gzip.compress(BODY[:7]) + gzip.compress(BODY[7:])),
    ],
    ids=["case and space", "old name", "none", "deflate without header", "two members"],
)
def test_ways_of_saying_the_same_are_understood(encoding, body):
    assert decompress(body, encoding, max_bytes=len(BODY)) == BODY


@pytest.mark.parametrize("encoding", PACKED)
def test_one_byte_more_than_allowed_is_too_large(encoding):
    with pytest.raises(TooLarge) as caught:
        decompress(PACKED[encoding], encoding, max_bytes=len(BODY) - 1)

    assert caught.value.status_hint == 413


def test_a_bomb_stops_at_the_limit():
    bomb = gzip.compress(bytes(50_000_000))

    with pytest.raises(TooLarge):
        decompress(bomb, "gzip", max_bytes=1_000)


def test_members_together_are_too_large_as_well():
    with pytest.raises(TooLarge):
        decompress(PACKED["gzip"] * 3, "gzip", max_bytes=2 * len(BODY))


def test_a_body_of_empty_members_ends():
    with pytest.raises(ReceiveError, match="streams"):
        decompress(gzip.compress(b"") * 11_000, "gzip", max_bytes=1_000)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b""),
        ("gzip", b"\x1f\x8b"),
        ("gzip", b"not gzip"),
        ("gzip", PACKED["gzip"][:-1]),
        ("gzip", PACKED["gzip"][:50] + b"\x00\x00" + PACKED["gzip"][52:]),
        ("gzip", PACKED["gzip"] + b"tail"),
        ("deflate", PACKED["deflate"][:-1]),
        ("deflate", b"\xff\xff"),
        ("br", BODY),
    ],
)
def test_a_damaged_body_is_refused(encoding, body):
    with pytest.raises(ReceiveError):
        decompress(body, encoding, max_bytes=10**9)


def test_an_unknown_encoding_is_named_but_not_in_full():
    with pytest.raises(ReceiveError, match="snappy"):
        decompress(b"", "snappy", max_bytes=1)
    with pytest.raises(ReceiveError) as caught:
        decompress(b"", "x" * 1000, max_bytes=1)
    assert len(str(caught.value)) < 100


@pytest.mark.skipif(not HAS_ZSTD, reason="needs backports.zstd or Python 3.14")
def test_zstd_is_undone_detected_and_bounded():
    try:
        from compression import zstd  # noqa: PLC0415 - Python 3.14
    except ImportError:
        from backports import zstd  # noqa: PLC0415 - before
    packed = zstd.compress(BODY)

    assert detected_encoding(packed) == "zstd"
    assert decompress(packed + packed, "zstd", max_bytes=2 * len(BODY)) == BODY * 2
    with pytest.raises(TooLarge):
        decompress(packed, "zstd", max_bytes=len(BODY) - 1)
    with pytest.raises(ReceiveError):
        decompress(packed[:-3], "zstd", max_bytes=10**9)
    with pytest.raises(ReceiveError):
        decompress(b"not zstd", "zstd", max_bytes=10**9)


@pytest.mark.skipif(HAS_ZSTD, reason="zstd is installed")
def test_zstd_that_is_not_installed_says_what_to_install():
    with pytest.raises(MissingComponent, match=r"otel-bridge\[zstd\]"):
        decompress(b"\x28\xb5\x2f\xfd", "zstd", max_bytes=10)
