"""Random strings near a word that says what they are: the keys that have no mark of their own."""

from collections.abc import Iterator

import re2

from otel_bridge.scrub.keys import KeyRules, is_harmless, to_tokens
from otel_bridge.scrub.placeholder import is_sample
from otel_bridge.scrub.randomness import is_digest, is_random, is_uuid
from otel_bridge.scrub.rule import Hit
from otel_bridge.scrub.vendors import TELLING_VENDORS, VENDORS

WINDOW_BYTES = 96
MAX_LINES = 3
"""How far before a random string the telling word may stand."""

_RUN = re2.compile(rb"[A-Za-z0-9_+/~.\-]{16,}={0,3}")
_TELLING = re2.compile(
    rb"(?:secret|SECRET|Secret|token|Token|TOKEN|passw|Passw|PASSW|pwd|PWD|(?i:api)|(?i:key)(?:[^a-z]|$)|"
    rb"(?i:apikey|credential|bearer|authorization|signature|crumb|webhook|private|licen[sc]e)|"
    rb"[^a-z](?i:auth|pat|cookie|session|access|client|app)(?:[^a-z]|$))"
)
_HARMLESS_LABEL = re2.compile(
    rb"(?i)(?:sha-?\d*|md5|hash|digest|checksum|chksum|integrity|commit|rev|revision|srcrev|ref|tag|etag|"
    rb"version|uuid|guid|fingerprint|thumbprint|trace|span|build|branch|blob|tree|object|image|"
    rb"layer|resolved|requires|nonce|public|pub|pubkey|cert|certificate|href|src|path|file|url|uri|"
    rb"host|hostname|class|import|from|package|module|ssh-rsa|ssh-ed25519|ssh-dss|boundary|parent|"
    rb"author|arn|h1|alphabet|charset|chars|color|transaction|block|address|contract|account|data:\S*)"
    rb"[\w.\-]*[\"'`\]\)]*\s{0,4}(?:[=:@>]|\s|->)*\s{0,4}[\"'`(<\[]*$"
)
_LABEL = re2.compile(rb"([A-Za-z_][\w.\-]*)(?:\\*[\"'`\]\)]*)\s*(?:=>|:=|[=:]+)\s*[\"'`<\\]*$")
_DIGEST_PREFIX = re2.compile(rb"(?i)^(?:sha(?:1|224|256|384|512)|md5|h1)[-:]")
_ID_LABEL = re2.compile(rb"(?:[iI][dD]|Ids|ids|ID)[\"'`\]\)]*\s{0,4}(?:=>|:=|[=:])\s{0,4}[\"'`(]*$")
_URL = re2.compile(rb"://[^\s\"'<>]*$")


def _word_pattern(words: frozenset[str]) -> bytes:
    joined = "|".join(sorted(words))
    return f"(?:^|[^A-Za-z])(?i:{joined})(?:[^a-z]|$)|(?:[a-z0-9])(?:{'|'.join(w.capitalize() for w in sorted(words))})(?:[^a-z]|$)".encode()


_VENDOR = re2.compile(_word_pattern(TELLING_VENDORS))
_ANY_VENDOR = re2.compile(_word_pattern(VENDORS))


class ContextTokens:
    """Finds random strings behind the name of a service or a word like ``token``."""

    probes = (
        "(?i:secret|token|passw|pwd|api|key|credential|bearer|auth|signature|crumb|webhook|private|"
        "licen[sc]e|cookie|session|access|client)",
        f"(?i:{'|'.join(sorted(TELLING_VENDORS))})",
    )
    also = r"[A-Za-z0-9_+/~.\-]{16}"

    def __init__(self, keys: KeyRules) -> None:
        self._keys = keys

    def find(self, text: bytes) -> Iterator[Hit]:
        """Yield the random strings, in order."""
        for run in _RUN.finditer(text):
            start, end = run.span()
            for piece_start, piece_end in _pieces(text, start, end):
                if self._is_secret(text, start, piece_start, piece_end):
                    yield Hit(piece_start, piece_end, "token-in-context")

    def _is_secret(self, text: bytes, run: int, start: int, end: int) -> bool:
        piece = text[start:end]
        if is_uuid(piece) or is_sample(piece) or _is_name(piece):
            return False
        if _DIGEST_PREFIX.match(text, run, run + 8):
            return False
        before = text[max(0, start - WINDOW_BYTES) : start]
        if before.count(b"\n") >= MAX_LINES:
            before = b"\n".join(before.split(b"\n")[-MAX_LINES:])
        if _HARMLESS_LABEL.search(before) or _ID_LABEL.search(before):
            return False
        label = _LABEL.search(before)
        if label is not None and is_harmless(to_tokens(label[1].decode("latin-1"))):
            return False
        if (run != start or _URL.search(before)) and not _VENDOR.search(before):
            return False
        telling = _TELLING.search(before) is not None
        vendor = (_ANY_VENDOR if telling else _VENDOR).search(before) is not None
        if not telling and not vendor:
            return False
        return telling or not is_digest(piece)


def _pieces(text: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end > start and text[end - 1 : end] in (b".", b"-", b"/"):
        end -= 1
    whole = text[start:end]
    if b"/" not in whole and b"." not in whole:
        if is_random(whole):
            yield start, end
        return
    if whole.count(b"/") <= len(whole) // 16 and b"." not in whole and is_random(whole):
        yield start, end
        return
    place = start
    for part in whole.replace(b"/", b".").split(b"."):
        if is_random(part):
            yield place, place + len(part)
        place += len(part) + 1


def _is_name(piece: bytes) -> bool:
    """Tell whether the parts between separators are words with at most a few digits."""
    parts = piece.replace(b"_", b"-").split(b"-")
    return len(parts) > 2 and max(map(len, parts)) < 12 and not any(map(is_random, parts)) and (  # noqa: PLR2004
        sum(part.isalpha() for part in parts) * 2 >= len(parts)
    )
