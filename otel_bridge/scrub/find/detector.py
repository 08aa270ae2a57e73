"""All finders behind one pass of the prefilter."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import re2

from otel_bridge.scrub.find.again import again
from otel_bridge.scrub.find.finder import Finder, Gate, PatternFinder
from otel_bridge.scrub.find.suspects import SuspectSearch, part_of
from otel_bridge.scrub.remembered import Remembered
from otel_bridge.scrub.replacement import MARKER_START, PSEUDONYM_START, REPLACEMENT
from otel_bridge.scrub.rule import TOO_MUCH, Hit

MAX_STEPS = 1_500
"""Candidates in one text; a text with more is replaced unread. Each costs ten microseconds."""
MAX_RESTS = 1_024
MAX_REST_BYTES = 256
_JWT_START, _MAX_JWTS = b"eyJ", 16
_BYTES_PER_STEP = 8_192
"""What a finder reads in the time of a step."""
_SET_MEMORY_BYTES = 64 << 20
"""Room for the states of the prefilter; a few hundred kilobytes are used on ordinary telemetry."""


class ProbeSet:
    """Says in one pass which gates are worth asking; in parts, for the reason of the suspects."""

    def __init__(self, gates: Sequence[Gate]) -> None:
        parts: dict[str, list[Gate]] = {}
        for gate in gates:
            parts.setdefault(part_of(gate), []).append(gate)
        self._parts = [_ProbePart(part) for part in parts.values()]

    def candidates(self, raw: bytes) -> list[Gate]:
        """Return the gates one of whose fragments is in the bytes."""
        found: list[Gate] = []
        for part in self._parts:
            places = part.match(raw)
            if places:
                found += part.gates(places)
        return found


class _ProbePart:
    """Fragments that are looked for together."""

    def __init__(self, gates: Sequence[Gate]) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = _SET_MEMORY_BYTES
        fragments = re2.Set.SearchSet(options)
        self._gates: list[Gate | None] = []
        self._needs: dict[int, int] = {}
        for gate in gates:
            for probe in gate.probes:
                fragments.Add(probe.encode())
                self._gates.append(gate)
            if gate.also:
                self._needs[id(gate)] = fragments.Add(gate.also.encode())
                self._gates.append(None)
        fragments.Compile()
        self.match = fragments.Match

    def gates(self, places: list[int]) -> list[Gate]:
        """Return the gates of the fragments at these places, in their order."""
        found = dict.fromkeys(self._gates[place] for place in places)
        return [
            gate
            for gate in found
            if gate is not None and self._needs.get(id(gate), places[0]) in places
        ]


def _outside_replacements(text: bytes, hits: list[Hit]) -> list[Hit]:
    """Leave out what is nothing but the replacement of an earlier secret; both are in order."""
    if MARKER_START not in text and PSEUDONYM_START not in text:
        return hits
    kept = []
    places = (match.span() for match in REPLACEMENT.finditer(text))
    start, end = next(places, (len(text), len(text)))
    for hit in hits:
        while end <= hit.start and end < len(text):
            start, end = next(places, (len(text), len(text)))
        if not (start <= hit.start and hit.end <= end) and _holds_more(text[hit.start : hit.end]):
            kept.append(hit)
    return kept


def _holds_more(text: bytes) -> bool:
    """Tell whether there is more than the replacements of earlier secrets, line by line."""
    return bool(REPLACEMENT.sub(b"", text).strip())


class Detector:
    """Finds the secrets of a text, and proves that whole records hold none."""

    def __init__(
        self,
        finders: Sequence[Finder],
        gates: Sequence[Gate],
        priorities: Mapping[str, int],
        covered: Sequence[Finder] = (),
    ) -> None:
        """Compile.

        Args:
            finders: What finds secrets in text, and is a gate of records too.
            gates: What opens records besides.
            priorities: Of the rules; 0 where none is given.
            covered: Finders for whose secrets one of the gates is always open.
        """
        self.gates = (*finders, *gates, *covered)
        self._priorities = priorities
        self._texts = ProbeSet([*finders, *covered])
        self._records = ProbeSet([*finders, *gates])
        self.suspects = SuspectSearch([*finders, *gates])
        self._rests: Remembered[bytes] = Remembered(
            MAX_RESTS, MAX_RESTS * MAX_REST_BYTES, MAX_REST_BYTES
        )
        self._jwt = next(
            (f for f in finders if isinstance(f, PatternFinder) and f.rule.id == "jwt"), None
        )
        self._finders = {id(finder): finder for finder in (*finders, *covered)}

    def is_clean(self, raw: bytes) -> bool:
        """Tell whether nothing is to be done with a serialized record: False proves nothing."""
        return not any(gate.may_find(raw) for gate in self._records.candidates(raw))

    def opened_by(self, raw: bytes) -> list[Gate]:
        """Return the gates that see something to do in a serialized record."""
        return [gate for gate in self._records.candidates(raw) if gate.may_find(raw)]

    def find(self, text: bytes, steps: int = MAX_STEPS) -> tuple[list[Hit], int]:
        """Return the secrets in a text, in order, without overlaps; and the steps left of those.

        A text that would take more steps is one secret.
        """
        hits: list[Hit] = []
        for gate in self._texts.candidates(text):
            steps -= 1 + len(text) // _BYTES_PER_STEP
            for hit in self._finders[id(gate)].find(text):
                steps -= 1
                if hit is not None:
                    hits.append(hit)
                if steps <= 0:
                    break
            if steps <= 0:
                return [Hit(0, len(text), TOO_MUCH)], 0
        merged = self.merge(hits)
        if merged:
            merged = self.merge([*merged, *again(text, merged)])
        return (_outside_replacements(text, merged) if merged else merged), steps

    def find_jwt(self, text: bytes) -> list[Hit]:
        """Return the JSON web tokens of a text, if they are looked for and are few.

        They are long, random and frequent, and where they begin and end is beyond doubt. To all
        that searches they are the most expensive text there is.
        """
        if self._jwt is None or _JWT_START not in text:
            return []
        found = list(islice(self._jwt.find(text), _MAX_JWTS + 1))
        return [] if len(found) > _MAX_JWTS else [hit for hit in found if hit is not None]

    def knows_rest(self, text: bytes) -> bool:
        """Tell whether a text is what was left of another, and nothing more was found in it."""
        return text in self._rests.items

    def know_rest(self, text: bytes) -> None:
        """Remember what is left of texts without their secrets: it is often the same."""
        self._rests.add(text, len(text))

    def merge(self, hits: Iterable[Hit]) -> list[Hit]:
        """Join ranges that overlap; the rule with the highest priority gives its name."""
        merged: list[Hit] = []
        for hit in sorted(hits):
            if not merged or hit.start >= merged[-1].end:
                merged.append(hit)
                continue
            last = merged[-1]
            rule = max(last.rule, hit.rule, key=lambda rule: self._priorities.get(rule, 0))
            end = max(last.end, hit.end)
            merged[-1] = Hit(last.start, end, rule, quote=last.quote and hit.quote)
        return merged
