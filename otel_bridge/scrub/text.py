"""Finds the secrets of one text, and builds the text without them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

import re2

from otel_bridge.scrub.replacement import Replacement
from otel_bridge.scrub.rule import Hit, Rule

MAX_ROUNDS = 4
"""Taking one secret out can show another; texts that need more rounds are replaced whole."""
MAX_CANDIDATES = 4_000
"""Matches that are looked at in one text before the rest is replaced unread."""
_SET_MEMORY_BYTES = 64 << 20


class Finder(Protocol):
    """Finds one kind of secret in a text."""

    @property
    def probes(self) -> tuple[str, ...]:
        """Return fragments without boundaries: where none is found there is nothing to find."""

    @property
    def also(self) -> str:
        """Return a further fragment that must be found too; empty for none."""

    def find(self, text: bytes) -> Iterator[Hit]:
        """Yield the secrets."""


class Cut(NamedTuple):
    """A replaced range, before and after."""

    rule: str
    start: int
    end: int
    out_start: int
    out_end: int
    how: str
    """As in Sentry's remarks: ``s`` substituted, ``x`` removed, ``p`` pseudonymised, ``m`` masked."""


class PatternFinder:
    """Finds what the pattern of one rule describes."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.probes = rule.probes
        self.also = ""
        self._pattern = compile_bytes(rule.pattern)
        self._group = self._pattern.groupindex.get(b"s", 1 if self._pattern.groups else 0)

    def find(self, text: bytes) -> Iterator[Hit]:
        """Yield the ranges that the rule accepts, in order."""
        accepts = self.rule.accepts
        place = 0
        while (match := self._pattern.search(text, place)) is not None:
            start, end = match.span(self._group)
            place = max(end, match.start() + 1)
            if accepts is None or accepts(text[start:end]):
                yield Hit(start, end, self.rule.id)


def compile_bytes(pattern: str) -> "re2._Regexp":
    """Compile a pattern that sees bytes."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return re2.compile(pattern.encode(), options)


class Detector:
    """All finders behind one pass of the prefilter."""

    def __init__(self, finders: Sequence[Finder], priorities: dict[str, int]) -> None:
        self._priorities = priorities
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = _SET_MEMORY_BYTES
        self._set = re2.Set.SearchSet(options)
        self._owners: list[Finder | None] = []
        self._needs: dict[Finder, int] = {}
        for finder in finders:
            for probe in finder.probes:
                self._set.Add(probe.encode())
                self._owners.append(finder)
            if finder.also:
                self._needs[finder] = self._set.Add(finder.also.encode())
                self._owners.append(None)
        if not self._owners:
            self._set.Add(rb"\A\z.")
        self._set.Compile()

    def is_clean(self, raw: bytes) -> bool:
        """Tell whether nothing can be found in these bytes or in any text they contain."""
        return not self._candidates(raw)

    def _candidates(self, raw: bytes) -> list[Finder]:
        places = self._set.Match(raw)
        if not places:
            return []
        owners = dict.fromkeys(self._owners[place] for place in places)
        return [o for o in owners if o is not None and self._needs.get(o, places[0]) in places]

    def find(self, text: bytes) -> list[Hit]:
        """Return the secrets in a text, in order, without overlaps."""
        hits = []
        budget = MAX_CANDIDATES
        for owner in self._candidates(text):
            for hit in owner.find(text):
                hits.append(hit)
                budget -= 1
                if budget <= 0:
                    hits.append(Hit(hit.start, len(text), "too-much"))
                    return self.merge(hits)
        return self.merge(hits)

    def merge(self, hits: Iterable[Hit]) -> list[Hit]:
        """Join ranges that overlap; the rule with the highest priority gives its name."""
        merged: list[Hit] = []
        for hit in sorted(hits):
            if not merged or hit.start >= merged[-1].end:
                merged.append(hit)
                continue
            last = merged[-1]
            rule = max(last.rule, hit.rule, key=lambda rule: self._priorities.get(rule, 0))
            merged[-1] = Hit(last.start, max(last.end, hit.end), rule)
        return merged


def scrub_text(
    text: bytes, detector: Detector, replacement: Replacement, path: str
) -> tuple[bytes, list[Cut]]:
    """Return the text without its secrets, and what was cut.

    The result is a fixed point: nothing more is found in it.
    """
    hits = detector.find(text)
    if not hits:
        return text, []
    for _ in range(MAX_ROUNDS):
        out, cuts = rebuild(text, hits, replacement, path)
        more = detector.find(out)
        if not more:
            return out, cuts
        hits = detector.merge([*hits, *(_to_input(hit, cuts) for hit in more)])
    return rebuild(text, [Hit(0, len(text), "too-much")], replacement, path)


def rebuild(
    text: bytes, hits: Sequence[Hit], replacement: Replacement, path: str
) -> tuple[bytes, list[Cut]]:
    """Put the replacements in the places of the hits."""
    pieces: list[bytes] = []
    cuts: list[Cut] = []
    done = size = 0
    for start, end, rule in hits:
        start, end = _whole_characters(text, start, end)
        kept = text[done:start]
        new, how = replacement.of(text[start:end], rule, path)
        out_start = size + len(kept)
        size = out_start + len(new)
        pieces += (kept, new)
        cuts.append(Cut(rule, start, end, out_start, size, how))
        done = end
    pieces.append(text[done:])
    return b"".join(pieces), cuts


def _whole_characters(text: bytes, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start] & 0xC0 == 0x80:
        start -= 1
    while end < len(text) and text[end] & 0xC0 == 0x80:
        end += 1
    return start, end


def _to_input(hit: Hit, cuts: Sequence[Cut]) -> Hit:
    return Hit(_to_place(hit.start, cuts, 0), _to_place(hit.end, cuts, 1), hit.rule)


def _to_place(place: int, cuts: Sequence[Cut], side: int) -> int:
    shift = 0
    for cut in cuts:
        if place < cut.out_start or (side and place == cut.out_start):
            break
        if place < cut.out_end or (side and place == cut.out_end):
            return cut.end if side else cut.start
        shift = cut.end - cut.out_end
    return place + shift
