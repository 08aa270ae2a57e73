"""Mutations of bodies: some blind, some that know a little about protobuf and JSON."""

import zlib
from collections.abc import Callable, Sequence
from random import Random

_TOKENS = (
    *(b"{", b"}", b"[", b"]", b",", b":", b'"', b"null", b"true", b"1e999", b"-1", b"NaN"),
    *(b"18446744073709551616", b"\\ud800", b"\xff\xfe", b"\xed\xa0\x80", b"\x00"),
    *(b'"traceId"', b'"value"', b'"intValue"', b'"arrayValue"', b'"kind"'),
)
_VARINTS = (b"\xff" * 9 + b"\x01", b"\xff" * 11, b"\x80\x80\x80\x80\x08", b"\x80")


def mutated(bodies: Sequence[bytes], random: Random) -> bytes:
    """Return a body with one to five changes, which a few times are made under a compression."""
    body = random.choice(bodies)
    for _ in range(random.choice((1, 1, 1, 2, 3, 5))):
        body = random.choice(_MUTATIONS)(body, bodies, random)
    body = body[:100_000]
    return zlib.compress(body, 1) if random.random() < 0.05 else body


def _place(body: bytes, random: Random) -> int:
    return random.randrange(len(body) + 1)


def _flip(body: bytes, _: Sequence[bytes], random: Random) -> bytes:
    if not body:
        return body
    at = random.randrange(len(body))
    return body[:at] + bytes([body[at] ^ 1 << random.randrange(8)]) + body[at + 1 :]


def _set(body: bytes, _: Sequence[bytes], random: Random) -> bytes:
    at = _place(body, random)
    return body[:at] + bytes([random.randrange(256)]) + body[at + 1 :]


def _insert(body: bytes, _: Sequence[bytes], random: Random) -> bytes:
    at = _place(body, random)
    return body[:at] + random.randbytes(random.randint(1, 8)) + body[at:]


def _token(body: bytes, _: Sequence[bytes], random: Random) -> bytes:
    at = _place(body, random)
    return body[:at] + random.choice(_TOKENS) + body[at + random.randint(0, 3) :]


def _length(body: bytes, _: Sequence[bytes], random: Random) -> bytes:
    at = _place(body, random)
    return body[:at] + random.choice(_VARINTS) + body[at + 1 :]


def _delete(body: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start, end = sorted((_place(body, random), _place(body, random)))
    return body[:start] + body[min(end, start + random.randint(1, 40)) :]


def _cut(body: bytes, _: Sequence[bytes], random: Random) -> bytes:
    return body[: _place(body, random)]


def _repeat(body: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start, end = sorted((_place(body, random), _place(body, random)))
    return body[:start] + body[start:end] * random.randint(2, 4) + body[end:]


def _splice(body: bytes, bodies: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(bodies)
    return body[: _place(body, random)] + other[_place(other, random) :]


_MUTATIONS: Sequence[Callable[[bytes, Sequence[bytes], Random], bytes]] = (
    _flip, _set, _insert, _token, _length, _delete, _cut, _repeat, _splice,
)  # fmt: skip
