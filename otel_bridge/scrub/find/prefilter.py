"""What the first pass looks for, made from the words: a superset of what names can announce.

In raw protobuf the byte before a text is its length and may look like a letter, so nothing here
knows boundaries. A name that is an attribute key is followed by the tag of its value, 0x12.
"""

from collections.abc import Iterable

from otel_bridge.scrub.names.words import (
    LAST_WORDS,
    PARAMETER_PREFIX,
    STRONG_ENDINGS,
    STRONG_PAIRS,
    STRONG_WORDS,
    TRAILERS,
    WEAK_PAIRS,
    WEAK_WORDS,
)
from otel_bridge.scrub.randomness import (
    CHARS_PER_JOINT,
    MIN_DIGITS,
    MIN_LETTERS,
    MIN_RANDOM_CHARS,
    MIN_SOUP_CAPITALS,
    MIN_SOUP_CHANGES,
    changes,
)
from otel_bridge.scrub.search import compile_bytes

_TELLING_CHARS = 5
_TELLING_SHORT = frozenset(["pwd", "jwt", "csrf", "xsrf", "totp"])
"""Words of this length, and these, are rare enough to be looked for on their own."""
_SEPARATOR = (
    r"[\"'`\]\)\\]*\s*(?:[=:,>|?\x12\[{]|%[235]|&quot|&#3|u002|</|"
    r"[\"']?\s*(?i:value|default|content)|(?i:is|was)\b)"
)
_TRAILING = f"(?i:{'|'.join(sorted(TRAILERS))})"
_TRAIL = f"(?:[0-9_.$-]|{_TRAILING})*"
_JOINT = "[_.$-]*"
_ANY_TRAIL = rf"(?:[^A-Za-z\x00-\x1f\"]|{_TRAILING})*"
_ANY_JOINT = r"[^A-Za-z0-9\x00-\x1f\"]*"
"""Keys of attributes and of JSON have other characters too: ``api key``, ``auth/default``."""
_PARAMETER = PARAMETER_PREFIX.replace(".", r"\.")
_PLACES_PER_CHANGE = 4
_MIN_SOUP_LETTERS = MIN_RANDOM_CHARS - MIN_RANDOM_CHARS // CHARS_PER_JOINT
_MIN_CAPITALS = int(_MIN_SOUP_LETTERS * MIN_SOUP_CAPITALS)
_MIN_CASE_CHANGES = int((_MIN_SOUP_LETTERS - 1) * MIN_SOUP_CHANGES)
"""What the shortest random string of letters has; a longer one has more."""

MAX_UUID_RUN = 38
"""A UUID with the bytes on both sides that protobuf may have added."""
_UUID = compile_bytes(rb"(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")

_HEX_DIGEST = compile_bytes(rb"[0-9a-f]{32}|[0-9A-F]{32}")

_RUN_CHARS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/~.-="
_TO_RUNS = bytes(byte if byte in _RUN_CHARS else 32 for byte in range(256))
_TO_CLASS = bytes(
    97 if 97 <= byte <= 122 else 65 if 65 <= byte <= 90 else 48 if 48 <= byte <= 57 else 32  # noqa: PLR2004
    for byte in range(256)
)


def _words(joint: str) -> tuple[str, str, str]:
    """Return three alternations: telling words, pairs of words, words that count at the end."""
    anywhere = {*STRONG_WORDS, *STRONG_ENDINGS}
    telling = {w for w in anywhere if len(w) >= _TELLING_CHARS or w in _TELLING_SHORT}
    telling = {w for w in telling if not any(o != w and o in w for o in telling)}
    last = {*LAST_WORDS, *WEAK_WORDS}
    pairs = sorted({f"{first}{joint}{second}" for first, second in STRONG_PAIRS})
    ends = sorted(last | {f"{first}{joint}{second}" for first, second in WEAK_PAIRS})
    return "|".join(sorted(telling)), "|".join(pairs), "|".join(ends)


def name_probes() -> tuple[str, ...]:
    """Return fragments: wherever a name is sensitive, one of them is found."""
    telling, pairs, ends = _words(_ANY_JOINT)
    # `tokens` are counted; `tokenS` has a token for its first part.
    telling = telling.replace("token", "token(?:[^sS]|s[a-z])|toke(?-i:nS)")
    return (
        f"(?i:{telling})",
        f"(?i:{pairs})",
        f"(?i:{ends}){_ANY_TRAIL}{_SEPARATOR}",
        _PARAMETER,
        r"_(?i:token|key|secret|pass|pat)[ \t]",
        r"(?i:--?[\w-]*(?:pass|pwd|secret|token|key|auth|cred)[\w-]*)\s",
    )


def name_core() -> str:
    """Return a pattern that fits every sensitive name from its telling word to its end."""
    telling, pairs, ends = _words(_JOINT)
    return rf"(?:(?i:{telling}|{pairs})[A-Za-z0-9_.\-]*|(?i:{ends}){_TRAIL})"


def key_core() -> str:
    """Return a pattern that also fits the sensitive parts of keys with any characters."""
    telling, pairs, ends = _words(_ANY_JOINT)
    names = rf"(?i:{telling}|{pairs})[A-Za-z0-9_.\-]*"
    return rf"(?:{names}|(?i:{ends}){_TRAIL}|{_PARAMETER}[A-Za-z0-9_.\-]*)"


def key_probe(keys: Iterable[str]) -> str:
    """Return a fragment that is found wherever an attribute key is one of these."""
    names = "|".join(sorted(key.replace(".", r"\.") for key in keys))
    return rf"(?i:{names})[\x12\"\\]"


def may_hold_random(raw: bytes) -> bool:
    """Tell whether a part of some run of characters may be random; False is proof."""
    for run in raw.translate(_TO_RUNS).split():
        if len(run) < MIN_RANDOM_CHARS or (len(run) <= MAX_UUID_RUN and holds_uuid(run)):
            continue
        classes = run.translate(_TO_CLASS).replace(b" ", b"")
        digits = classes.count(b"0")
        if digits >= MIN_DIGITS and len(classes) - digits >= MIN_LETTERS:
            # Of 16 characters those that are no separators must change at a quarter of the places.
            separators = len(run) - len(classes)
            if changes(classes) * _PLACES_PER_CHANGE >= MIN_RANDOM_CHARS - 1 - separators:
                return True
        if digits < MIN_DIGITS and _may_hold_soup(run):
            return True
        if digits and _HEX_DIGEST.search(run) is not None:
            return True
    return False


def _may_hold_soup(run: bytes) -> bool:
    """Tell whether some of the letters may have come from a generator; False is proof."""
    for part in run.translate(_TO_CLASS, b"_-").split():
        if len(part) < _MIN_SOUP_LETTERS or part.count(b"A") < _MIN_CAPITALS:
            continue
        if changes(part) >= _MIN_CASE_CHANGES:
            return True
    return False


def holds_uuid(run: bytes) -> bool:
    """Tell whether a UUID is in a run: where that is hardly longer, it is nothing else."""
    return _UUID.search(run) is not None
