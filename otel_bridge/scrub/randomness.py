"""Tells strings that a generator made from those that people and programs write."""

from otel_bridge.scrub.search import compile_bytes

_LOWER = b"abcdefghijklmnopqrstuvwxyz"
_UPPER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = b"0123456789"
_TO_CLASS = bytes.maketrans(
    _LOWER + _UPPER + _DIGITS, b"a" * len(_LOWER) + b"A" * len(_UPPER) + b"0" * len(_DIGITS)
)
_SEPARATORS = b"_-./+=~:"
_UUID = compile_bytes(rb"^(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")
_HEX = compile_bytes(rb"^(?:[0-9a-f]+|[0-9A-F]+)$")

MIN_RANDOM_CHARS = 16
MIN_DIGITS = 2
MIN_LETTERS = 2
MIN_CHANGES = 0.25
"""Changes between lower case, upper case and digits, by character. Base 62 gives about 0.6, hex
about 0.47, lower-case letters with digits 0.4; identifiers and words stay below 0.2."""
MIN_DISTINCT = 7
MIN_SOUP_CHANGES = 0.38
MIN_SOUP_CAPITALS, MAX_SOUP_CAPITALS = 0.3, 0.7
MIN_SOUP_DISTINCT = 9
CHARS_PER_JOINT = 7
"""Base64url has a ``-`` or ``_`` in 32 characters; names have one in five or ten."""
"""Letters of both cases without digits: of names in camel case a quarter are capitals, of names
with abbreviations more, but those stand together."""


def is_random(text: bytes) -> bool:
    """Tell whether a text is long, mixed and irregular enough to come from a generator."""
    size = len(text)
    if size < MIN_RANDOM_CHARS or len(set(text)) < MIN_DISTINCT:
        return False
    if is_digest(text):
        return not text.isdigit()
    classes = text.translate(_TO_CLASS, _SEPARATORS)
    digits = classes.count(b"0")
    if digits < MIN_DIGITS:
        return is_letter_soup(text)
    if len(classes) - digits < MIN_LETTERS:
        return False
    return changes(classes) / (len(classes) - 1) >= MIN_CHANGES


def is_letter_soup(text: bytes) -> bool:
    """Tell whether letters of both cases, with hardly a digit, come from a generator."""
    classes = text.translate(_TO_CLASS, b"_-")
    if not classes.isalnum() or len(text) - len(classes) > len(text) // CHARS_PER_JOINT:
        return False
    if len(set(text)) < MIN_SOUP_DISTINCT:
        return False
    capitals = classes.count(b"A") / len(classes)
    if not MIN_SOUP_CAPITALS <= capitals <= MAX_SOUP_CAPITALS:
        return False
    return changes(classes) / (len(classes) - 1) >= MIN_SOUP_CHANGES


def changes(classes: bytes) -> int:
    """Return how often a character differs from the one before it."""
    pairs = len(classes) - 1
    if pairs < 1:
        return 0
    # A loop over the characters takes ten times as long; both conversions are linear.
    same = int.from_bytes(classes[1:], "big") ^ int.from_bytes(classes[:-1], "big")
    return pairs - same.to_bytes(pairs, "big").count(0)


def is_uuid(text: bytes) -> bool:
    """Tell whether a text is a UUID: usually a name for something, not a secret."""
    return _UUID.match(text) is not None


def is_digest(text: bytes) -> bool:
    """Tell whether a text has the shape of an MD5, SHA-1 or SHA-256 digest in hex."""
    return len(text) in (32, 40, 64) and _HEX.match(text) is not None
