"""Random strings near a word that says what they are: the keys that have no mark of their own."""

from collections.abc import Iterator

import re2

from otel_bridge.scrub.keys import is_harmless, to_tokens
from otel_bridge.scrub.placeholder import is_sample
from otel_bridge.scrub.prefilter import may_hold_random
from otel_bridge.scrub.randomness import is_random, is_uuid
from otel_bridge.scrub.rule import Hit
from otel_bridge.scrub.vendors import TELLING_VENDORS

WINDOW_BYTES = 96
MAX_LINES = 3
"""How far before a random string the telling word may stand."""

MAX_RUN_LOOKED_AT = 512
"""Of a longer run the first pass sees only this much: enough to tell a random one."""

_RUN = re2.compile(rb"[A-Za-z0-9_+/~.\-]{16,}={0,3}")
_RUN_END = re2.compile(rb"[^A-Za-z0-9_+/~.=\-]")
_TELLING = re2.compile(
    rb"(?i:secret|token(?:[^s]|s[a-z]|$)|passw|pwd|api[_. -]*key|key(?-i:[^a-z\x12]|$)|credential|bearer|"
    rb"authorization|signature|crumb|unseal|webhook|licen[sc]e|api[\"' ]*[=:])"
)
_HARMLESS = (
    r"sha-?\d*|md5|hash|digest|checksum|chksum|integrity|commit|rev|revision|srcrev|ref|tag|etag|version|"
    r"uuid|guid|fingerprint|thumbprint|trace|span|build|branch|blob|tree|object|image|layer|resolved|"
    r"requires|nonce|public|pub|pubkey|cert|certificate|href|src|path|file|url|uri|host|hostname|class|"
    r"import|from|package|module|ssh-rsa|ssh-ed25519|ssh-dss|boundary|parent|author|arn|h1|alphabet|"
    r"charset|chars|color|transaction|block|address|contract|account|data"
)
_CAPITALISED = "|".join(word.capitalize() for word in _HARMLESS.split("|"))
_HARMLESS_LABEL = re2.compile(
    (
        rf"(?:(?:^|[^A-Za-z])(?i:{_HARMLESS})|[a-z0-9](?:{_CAPITALISED}))s?(?:[^a-zA-Z\s=:\"'][\w.\-]*|[A-Z][\w.\-]*)?"
        r"[\"'`\]\)]*\s{0,4}(?:[=:@>/]|\s|->)*\s{0,4}[\"'`(<\[]*$"
    ).encode()
)
_LABEL = re2.compile(
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


_TELLING_PROBES = (
    r"(?i:secret|token(?:[^sS]|s[a-z])|passw|pwd|api[_. -]*key|key[^a-z\x12]|credential|bearer|"
    r"authorization|signature|crumb|unseal|webhook|licen[sc]e|api[\"' ]*[=:])",
)


class ContextTokens:
    """Finds random strings behind the name of a service or a word like ``token``."""

    also = ""
    is_quick = False

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self.probes = (r"[A-Za-z0-9_+/~.\-]{16}",) if strict else _TELLING_PROBES

    def may_find(self, raw: bytes) -> bool:
        """Tell whether behind a telling word there may be a random string."""
        if self._strict:
            return may_hold_random(raw)
        place = 0
        while (match := _TELLING.search(raw, place)) is not None:
            place = match.end()
            if may_hold_random(_runs_behind(raw, place)):
                return True
        return False

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
        return self._strict or _TELLING.search(before) is not None


def _runs_behind(raw: bytes, place: int) -> bytes:
    """Return the bytes in which runs may begin, and all of the last run as far as it is looked at."""
    last = place + WINDOW_BYTES
    end = _RUN_END.search(raw, last, last + MAX_RUN_LOOKED_AT)
    return raw[place : last + MAX_RUN_LOOKED_AT if end is None else end.start()]


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
