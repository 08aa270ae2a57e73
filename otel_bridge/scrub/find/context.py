"""Random strings near a word that says what they are: the keys that have no mark of their own."""

from collections.abc import Iterator
from functools import lru_cache

import re2

from otel_bridge.scrub.find.placeholder import is_sample
from otel_bridge.scrub.find.prefilter import MAX_UUID_RUN, holds_uuid, may_hold_random
from otel_bridge.scrub.names.keys import is_harmless, to_tokens
from otel_bridge.scrub.names.vendors import TELLING_VENDORS
from otel_bridge.scrub.randomness import MIN_RANDOM_CHARS, is_digest, is_random
from otel_bridge.scrub.rule import Hit
from otel_bridge.scrub.search import compile_bytes

WINDOW_BYTES = 96
MAX_LINES = 3
"""How far before a random string the telling word may stand."""
MIN_LABELLED_BYTES = 20
"""Behind nothing but the name of a service, a shorter string may be anything."""
MAX_CACHED_LABELS = 4_096
MAX_WORDS = 64
"""Telling words that are looked behind in a record one by one; then all the rest is looked at."""
_MAX_PREFIX_BYTES = 8
_BYTES_PER_SLASH = 16
"""Base64 has a slash in 32 characters at random, paths have more."""
_MIN_NAME_PARTS, _MAX_NAME_PART = 3, 12

_MAX_PADDING = 3
_RUN_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/~.-"
_TO_RUNS = bytes(byte if byte in _RUN_CHARS else 32 for byte in range(256))
_RUN_END = compile_bytes(rb"[^A-Za-z0-9_+/~.=\-]")

_VENDORS = "|".join(sorted(TELLING_VENDORS))
_WORDS = (
    r"secret|token(?:[^s]|s[a-z]|$)|passw|pwd|api[_. -]*key|credential|bearer|authorization|"
    r"signature|crumb|unseal|webhook|licen[sc]e|api[\"' ]*[=:]"
)
_TELLING = compile_bytes(rf"(?i:{_WORDS})|(?i:key)(?:[^a-z\x12]|$)".encode())
_LABELLED = compile_bytes(
    rf"(?i:{_VENDORS})[A-Za-z0-9_.\-]*\\*[\"'`\])]*\s*(?:=>|:=|=|:)".encode()
)
_VENDOR = compile_bytes(rf"(?:^|[^A-Za-z])(?i:{_VENDORS})(?:[^a-z]|$)".encode())

_HARMLESS = (
    r"sha-?\d*|md5|hash|digest|checksum|chksum|integrity|commit|rev|revision|srcrev|ref|tag|etag|"
    r"version|uuid|guid|fingerprint|thumbprint|trace|span|build|branch|blob|tree|object|image|layer|"
    r"resolved|requires|nonce|public|pub|pubkey|cert|certificate|href|src|path|file|url|uri|host|"
    r"hostname|class|import|from|package|module|ssh-rsa|ssh-ed25519|ssh-dss|boundary|parent|author|"
    r"arn|h1|alphabet|charset|chars|color|transaction|block|address|contract|account|data"
)
_CAPITALISED = "|".join(word.capitalize() for word in _HARMLESS.split("|"))
_HARMLESS_LABEL = compile_bytes(
    (
        rf"(?:(?:^|[^A-Za-z])(?i:{_HARMLESS})|[a-z0-9](?:{_CAPITALISED}))s?"
        r"(?:[^a-zA-Z\s=:\"'][\w.\-]*|[A-Z][\w.\-]*)?"
        r"[\"'`\]\)]*\s{0,4}(?:[=:@>/]|\s|->)*\s{0,4}[\"'`(<\[]*$"
    ).encode()
)
_LABEL = compile_bytes(rb"([A-Za-z_][\w.\-]*)(?:\\*[\"'`\]\)]*)\s*(?:=>|:=|[=:]+)\s*[\"'`<\\]*$")
_ID_LABEL = compile_bytes(
    rb"(?:[iI][dD]|Ids|ids|ID|[iI]dentifier)[\"'`\]\)]*\s{0,4}(?:=>|:=|[=:])\s{0,4}[\"'`(]*$"
)
_DIGEST_PREFIX = compile_bytes(rb"(?i)^(?:sha(?:1|224|256|384|512)|md5|h1)[-:]")
_API = compile_bytes(rb"\bAPI\b")
_KEY_ID = compile_bytes(
    rb"(?i)(?:\b(?:rsa|dsa|ecdsa|eddsa|ed25519|gpg|pgp)[ -]key(?:[ -]?id)?|--recv-keys?)"
    rb"\s*[:=]?\s*(?:0x)?$"
)
"""Keys that sign are named by their fingerprints."""
_PUBLIC_BLOCK = compile_bytes(rb"-----BEGIN (?:[A-Z0-9 ]*PUBLIC KEY|[A-Z0-9 ]*CERTIFICATE)")
_URL = compile_bytes(rb"://[^\s\"'<>]*$")

_PROBES = (
    rf"(?i:{_WORDS.replace('|$', '')})|(?i:key)[^a-z\x12]",
    rf"(?i:{_VENDORS})[A-Za-z0-9_.\-]*\\*[\"'`\])]*\s*[=:]",
)


class ContextTokens:
    """Finds random strings behind a word like ``token``, or behind the name of a service."""

    also = ""

    def __init__(self, *, strict: bool) -> None:
        """Make the finder; a strict one needs no telling word."""
        self._strict = strict
        self.probes = (r"[A-Za-z0-9_+/~.\-]{16}",) if strict else _PROBES

    def may_find(self, raw: bytes) -> bool:
        """Tell whether behind a telling word there may be a random string."""
        if self._strict:
            return may_hold_random(raw)
        return _may_follow(raw, _TELLING) or _may_follow(raw, _LABELLED)

    def find(self, text: bytes) -> Iterator[Hit | None]:
        """Yield the random strings, in order."""
        for start, end in _runs(text):
            known = start
            for piece_start, piece_end in _pieces(text, start, end):
                yield None
                if _DIGEST_PREFIX.match(text, start, start + _MAX_PREFIX_BYTES):
                    break
                before = _window(text, piece_start)
                in_run = piece_start != known
                is_secret = self._is_secret(text[piece_start:piece_end], before, in_run=in_run)
                if is_secret:
                    # What goes on behind a dot belongs to it.
                    known = piece_end + 1
                yield Hit(piece_start, piece_end, "token-in-context") if is_secret else None

    def _is_secret(self, piece: bytes, before: bytes, *, in_run: bool) -> bool:
        # What is asked first sorts out the most.
        label = _LABEL.search(before)
        if not (self._strict or _TELLING.search(before) or _is_labelled(piece, label)):
            return False
        if (len(piece) <= MAX_UUID_RUN and holds_uuid(piece)) or is_sample(piece):
            return False
        if _PUBLIC_BLOCK.search(before) is not None or _KEY_ID.search(before) is not None:
            return False
        if _is_name(piece) or _HARMLESS_LABEL.search(before) or _ID_LABEL.search(before):
            return False
        if label is not None and _is_harmless(label[1]):
            return False
        is_address = in_run or _URL.search(before) is not None
        return not is_address or _VENDOR.search(before) is not None


def names_service(text: bytes) -> bool:
    """Tell whether a text names a service, or at least the API of one."""
    return _API.search(text) is not None or _VENDOR.search(text) is not None


def _is_labelled(piece: bytes, label: "re2._Match | None") -> bool:
    """Tell whether the name of a service stands before a string that is too long for an id."""
    if label is None or len(piece) < MIN_LABELLED_BYTES or is_digest(piece):
        return False
    return _VENDOR.search(label[1]) is not None


@lru_cache(MAX_CACHED_LABELS)
def _is_harmless(label: bytes) -> bool:
    return is_harmless(to_tokens(label.decode("latin-1")))


def _may_follow(raw: bytes, words: "re2._Regexp") -> bool:
    """Tell whether a run that may be random begins soon behind one of the words.

    No byte is looked at twice: what was looked at ends where a run ends.
    """
    place = done = 0
    for _ in range(MAX_WORDS):
        match = words.search(raw, place)
        if match is None:
            return False
        place = match.end()
        last = place + WINDOW_BYTES
        if last <= done:
            continue
        end = _RUN_END.search(raw, last)
        ended = len(raw) if end is None else end.start()
        if may_hold_random(raw[max(place, done) : ended]):
            return True
        done = ended
    return may_hold_random(raw[max(place, done) :])


def _window(text: bytes, place: int) -> bytes:
    before = text[max(0, place - WINDOW_BYTES) : place]
    lines = before.split(b"\n")
    return before if len(lines) <= MAX_LINES else b"\n".join(lines[-MAX_LINES:])


def _runs(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield the long runs of characters that secrets consist of, with the padding of base64."""
    end = 0
    for run in text.translate(_TO_RUNS).split():
        if len(run) < MIN_RANDOM_CHARS:
            continue
        start = text.find(run, end)
        end = start + len(run)
        while text[end : end + 1] == b"=" and end - start - len(run) < _MAX_PADDING:
            end += 1
        yield start, end


def _pieces(text: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the random parts of a run: all of it, or what stands between its dots and slashes."""
    whole = text[start:end].rstrip(b".-/")
    slashes = whole.count(b"/")
    if slashes <= len(whole) // _BYTES_PER_SLASH and b"." not in whole:
        if is_random(whole):
            yield start, start + len(whole)
            return
        if not slashes:
            return
    for part in whole.replace(b"/", b".").split(b"."):
        if len(part) >= MIN_RANDOM_CHARS and is_random(part):
            yield start, start + len(part)
        start += len(part) + 1


def _is_name(piece: bytes) -> bool:
    """Tell whether the parts between separators are words with at most a few digits."""
    parts = piece.replace(b"_", b"-").split(b"-")
    if len(parts) < _MIN_NAME_PARTS or max(map(len, parts)) >= _MAX_NAME_PART:
        return False
    return sum(part.isalpha() for part in parts) * 2 >= len(parts)
