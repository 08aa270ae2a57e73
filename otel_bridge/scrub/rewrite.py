"""Builds the text without its secrets, until nothing more is found in it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from otel_bridge.scrub.find.detector import MAX_STEPS, Detector
from otel_bridge.scrub.replacement import Replacement
from otel_bridge.scrub.rule import TOO_MUCH, Hit

MAX_ROUNDS = 4
"""Taking one secret out can show another; texts that need more rounds are replaced whole."""
_CONTINUATION_MASK, _CONTINUATION = 0xC0, 0x80
"""The bytes of a character after its first are 10xxxxxx in UTF-8."""


class Cut(NamedTuple):
    """A replaced range, before and after."""

    rule: str
    start: int
    end: int
    out_start: int
    out_end: int
    how: str
    """As in Sentry's remarks: ``s`` substituted, ``x`` removed, ``p`` pseudonym, ``m`` masked."""


def scrub_text(
    text: bytes, detector: Detector, replacement: Replacement, path: str
) -> tuple[bytes, list[Cut]]:
    """Return the text without its secrets, and what was cut.

    The result is a fixed point: nothing more is found in it.
    """
    # What is left of a text without its tokens is short, and often the same as before.
    hits = detector.find_jwt(text) or detector.find(text)[0]
    if not hits:
        return text, []
    left = MAX_STEPS
    for _ in range(MAX_ROUNDS):
        out, cuts = _rebuild(text, hits, replacement, path)
        if detector.knows_rest(out):
            return out, cuts
        more, left = detector.find(out, left)
        if not more:
            detector.know_rest(out)
            return out, cuts
        hits = detector.merge([*hits, *(_to_input(hit, cuts) for hit in more)])
    return _rebuild(text, [Hit(0, len(text), TOO_MUCH)], replacement, path)


def _rebuild(
    text: bytes, hits: Sequence[Hit], replacement: Replacement, path: str
) -> tuple[bytes, list[Cut]]:
    pieces: list[bytes] = []
    cuts: list[Cut] = []
    done = size = 0
    for hit in hits:
        start, end = _whole_characters(text, hit.start, hit.end)
        kept = text[done:start]
        new, how = replacement.of(text[start:end], hit.rule, path)
        if hit.quote:
            new = b'"%s"' % new
        out_start = size + len(kept)
        size = out_start + len(new)
        pieces += (kept, new)
        cuts.append(Cut(hit.rule, start, end, out_start, size, how))
        done = end
    pieces.append(text[done:])
    return b"".join(pieces), cuts


def _whole_characters(text: bytes, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start] & _CONTINUATION_MASK == _CONTINUATION:
        start -= 1
    while end < len(text) and text[end] & _CONTINUATION_MASK == _CONTINUATION:
        end += 1
    return start, end


def _to_input(hit: Hit, cuts: Sequence[Cut]) -> Hit:
    start = _to_place(hit.start, cuts, is_end=False)
    return Hit(start, _to_place(hit.end, cuts, is_end=True), hit.rule)


def _to_place(place: int, cuts: Sequence[Cut], *, is_end: bool) -> int:
    """Return where a place in the output is in the input; inside of a cut, its edge."""
    find = bisect_left if is_end else bisect_right
    before = find(cuts, place, key=_out_start) - 1
    if before < 0:
        return place
    cut = cuts[before]
    if place < cut.out_end or (is_end and place == cut.out_end):
        return cut.end if is_end else cut.start
    return place + cut.end - cut.out_end


def _out_start(cut: Cut) -> int:
    return cut.out_start
