"""What the first pass looks for, made from the words: a superset of what names can announce.

In raw protobuf the byte before a text is its length and may look like a letter, so nothing here
knows boundaries. A name that is an attribute key is followed by the tag of its value, 0x12.
"""

from collections.abc import Iterable

from otel_bridge.scrub.randomness import MIN_DIGITS, MIN_LETTERS, MIN_RANDOM_CHARS
from otel_bridge.scrub.search import compile_bytes
from otel_bridge.scrub.words import (
    LAST_WORDS,
    STRONG_ENDINGS,
    STRONG_PAIRS,
    STRONG_WORDS,
    TRAILERS,
    WEAK_PAIRS,
    WEAK_WORDS,
)

_TELLING_CHARS = 5
_TELLING_SHORT = frozenset(["pwd", "jwt", "csrf", "xsrf", "totp"])
"""Words of this length, and these, are rare enough to be looked for on their own."""
_SEPARATOR = (
    r"[\"'`\]\)\\]*\s*(?:[=:,>\x12\[{]|%[23]|&quot|&#3|u002|</|"
    r"[\"']?\s*(?i:value|default)|(?i:is|was)\b)"
)
_TRAIL = f"(?:[0-9_.$-]|(?i:{'|'.join(sorted(TRAILERS))}))*"
MIN_CHANGES_IN_RUN = 4

_MAX_UUID_RUN = 38
"""A UUID with the bytes on both sides that protobuf may have added."""
_UUID = compile_bytes(rb"(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")

_RUN_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/~.-="
_TO_RUNS = bytes(byte if byte in _RUN_CHARS else 32 for byte in range(256))
_TO_CLASS = bytes(
    97 if 97 <= byte <= 122 else 65 if 65 <= byte <= 90 else 48 if 48 <= byte <= 57 else 32  # noqa: PLR2004
    for byte in range(256)
)


def _words() -> tuple[str, str, str]:
    """Return three alternations: telling words, pairs of words, words that count at the end."""
    anywhere = {*STRONG_WORDS, *STRONG_ENDINGS}
    telling = {w for w in anywhere if len(w) >= _TELLING_CHARS or w in _TELLING_SHORT}
    telling = {w for w in telling if not any(o != w and o in w for o in telling)}
    last = {*LAST_WORDS, *WEAK_WORDS}
    alone = ["token(?:[^sS]|s[a-z])" if word == "token" else word for word in sorted(telling)]
    pairs = sorted({rf"{first}[_.$-]*{second}" for first, second in STRONG_PAIRS})
    ends = sorted(last | {rf"{first}[_.$-]*{second}" for first, second in WEAK_PAIRS})
    return "|".join(alone), "|".join(pairs), "|".join(ends)


def name_probes() -> tuple[str, ...]:
    """Return fragments: wherever a name is sensitive, one of them is found."""
    telling, pairs, ends = _words()
    return (
        f"(?i:{telling})",
        f"(?i:{pairs})",
        f"(?i:{ends}){_TRAIL}{_SEPARATOR}",
        r"_(?i:token|key|secret|pass|pat)[ \t]",
        r"(?i:--?[\w-]*(?:pass|pwd|secret|token|key|auth|cred)[\w-]*)\s",
    )


def name_core() -> str:
    """Return a pattern that fits every sensitive name from its telling word to its end."""
    telling, pairs, ends = _words()
    telling = telling.replace("token(?:[^sS]|s[a-z])", "token")
    return rf"(?:(?i:{telling}|{pairs})[A-Za-z0-9_.\-]*|(?i:{ends}){_TRAIL})"


def key_probe(keys: Iterable[str]) -> str:
    """Return a fragment that is found wherever an attribute key is one of these."""
    names = "|".join(sorted(key.replace(".", r"\.") for key in keys))
    return rf"(?i:{names})[\x12\"\\]"


def may_hold_random(raw: bytes) -> bool:
    """Tell whether some run of characters may be random; False is proof."""
    for run in raw.translate(_TO_RUNS).split():
        if len(run) < MIN_RANDOM_CHARS:
            continue
        classes = run.translate(_TO_CLASS).replace(b" ", b"")
        digits = classes.count(b"0")
        if len(run) <= _MAX_UUID_RUN and _UUID.search(run) is not None:
            continue
        if (
            digits >= MIN_DIGITS
            and len(classes) - digits >= MIN_LETTERS
            and sum(map(int.__ne__, classes, classes[1:])) >= MIN_CHANGES_IN_RUN
        ):
            return True
    return False
