"""Secrets that stand in a text a second time, where nothing says what they are."""

from collections.abc import Iterator, Sequence

from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.replacement import REPLACEMENT
from otel_bridge.scrub.rule import Hit

MAX_SECRETS = 16
"""Of a text with more the first are looked for again: each costs a pass over it."""
MAX_AGAIN = 256
"""How often one of them is."""
_MIN_MIXED_BYTES = 12
_WORD_CHARS = frozenset(
    bytes((byte,)) for byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
)


def again(text: bytes, hits: Sequence[Hit]) -> Iterator[Hit]:
    """Yield the places at which a secret that was found stands again; hits are in order.

    Only what is no word is taken: a password may be one that stands for something else, too.
    """
    known = set()
    for hit in hits[:MAX_SECRETS]:
        secret = text[hit.start : hit.end]
        if secret in known or not _is_distinct(secret) or REPLACEMENT.search(secret) is not None:
            continue
        known.add(secret)
        for place in _places(text, secret):
            if place != hit.start:
                yield Hit(place, place + len(secret), hit.rule)


def _is_distinct(secret: bytes) -> bool:
    """Tell whether a text stands for nothing else: a short password may be a word of the text."""
    if is_random(secret):
        return True
    has_digit = secret.translate(None, b"0123456789") != secret
    return len(secret) >= _MIN_MIXED_BYTES and has_digit and not secret.isdigit()


def _places(text: bytes, secret: bytes) -> Iterator[int]:
    place = -1
    for _ in range(MAX_AGAIN):
        place = text.find(secret, place + 1)
        if place < 0:
            return
        before, after = (
            text[max(0, place - 1) : place],
            text[place + len(secret) : place + len(secret) + 1],
        )
        if before not in _WORD_CHARS and after not in _WORD_CHARS:
            yield place
