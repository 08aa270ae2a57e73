"""Finds, among many records, the few that deserve a look of their own."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from otel_bridge.scrub.find.finder import Gate, PatternFinder
from otel_bridge.scrub.find.value_gate import ValueGate
from otel_bridge.scrub.rule import Kind
from otel_bridge.scrub.search import compile_bytes

_GAP = b"\x00"
"""Stands before each of the texts that are searched together: what one ends with is no part of
the next, and no word goes on across it."""
_WORD = 3
_MEMORY_BYTES = 64 << 20
"""Room for the states of a search; a few hundred kilobytes are used on ordinary telemetry."""


class SuspectSearch:
    """Searches for all fragments. A search, unlike a set, says where it found one; there it ends.

    There are several searches. One remembers in which of its fragments it may be, all of them
    together; the states of names times those of numbers times those of tokens are so many that new
    telemetry would keep it making new ones. What helps is to keep those apart that many texts lead
    into: decision 0020 has the figures.

    A statement is in most records of a service with a database, and the address of a peer in most
    of one with a network. They are therefore no fragments to be found, but looked at one by one.
    """

    def __init__(self, gates: Sequence[Gate]) -> None:
        self._by_value = [gate for gate in gates if isinstance(gate, ValueGate)]
        parts: dict[str, list[str]] = {}
        for gate in gates:
            if gate not in self._by_value:
                parts.setdefault(part_of(gate), []).extend(gate.probes)
        self._fragments = [
            compile_bytes(
                "|".join(f"(?:{probe})" for probe in probes),
                captures=False,
                memory_bytes=_MEMORY_BYTES,
            )
            for probes in parts.values()
        ]

    def among(self, records: Sequence[bytes]) -> set[int]:
        """Return the indices of the records in which something may be found."""
        joined = _GAP + _GAP.join(records) if records else b""
        places = _Places(records)
        suspects: set[int] = set()
        for fragment in self._fragments:
            place = 0
            while place < len(joined):
                match = fragment.search(joined, place)
                if match is None:
                    break
                # There may seem to be a fragment in several records, gaps and all.
                first = places.index(match.start())
                last = places.index(max(match.start(), match.end() - 1))
                suspects.update(range(first, last + 1))
                place = places.ends[last]
        for gate in self._by_value:
            for key in gate.keys:
                place = 0
                while (place := gate.next_place(joined, key, place)) >= 0:
                    index = places.index(place)
                    suspects.add(index)
                    place = places.ends[index]
        return suspects


class _Places:
    """Where records end that were joined, each with a gap before it."""

    def __init__(self, records: Sequence[bytes]) -> None:
        self._records = records

    @cached_property
    def ends(self) -> list[int]:
        """The ends, in order: mostly nobody asks."""
        sizes = map(len, self._records)
        return [end + place for place, end in enumerate(accumulate(sizes), len(_GAP))]

    def index(self, place: int) -> int:
        """Return which record is at a place."""
        return bisect_right(self.ends, place)


def part_of(gate: Gate) -> str:
    """Return with which others the fragments of a gate are searched for.

    A word at the start is met seldom, so what follows it may be counted: ``ghp_[A-Za-z0-9]{6}``.
    A letter or less is met everywhere, and each of these counts on its own: ``:[0-9a-f]{32}``.
    """
    if not isinstance(gate, PatternFinder):
        return "names"
    if gate.rule.kind is Kind.PERSONAL:
        return "numbers"
    start = gate.probes[0].lstrip("(?i:").replace("\\", "")
    plain = next((place for place, char in enumerate(start) if not _is_plain(char)), len(start))
    if plain >= _WORD:
        return "words"
    return "letters" if start.lstrip("[")[:1].isalpha() else "signs"


def _is_plain(char: str) -> bool:
    return char.isalnum() or char in "_-:/.%@$~"
