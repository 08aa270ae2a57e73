"""Finds, among many records, the few that deserve a look of their own."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from otel_bridge.scrub.finder import Gate
from otel_bridge.scrub.search import compile_bytes
from otel_bridge.scrub.sql import StatementGate

_MEMORY_BYTES = 64 << 20
"""Room for the states of the search; a few hundred kilobytes are used on ordinary telemetry."""


class SuspectSearch:
    """One search for all fragments. Unlike a set it says where it found one, and is done there.

    A statement is in most records of a service with a database. Statements are therefore no
    fragments to be found, but looked at in their places.
    """

    def __init__(self, gates: Sequence[Gate]) -> None:
        self._statements = [gate for gate in gates if isinstance(gate, StatementGate)]
        probes = [probe for gate in gates if gate not in self._statements for probe in gate.probes]
        anything = "|".join(f"(?:{probe})" for probe in probes)
        self._fragment = compile_bytes(
            anything or r"\z.", captures=False, memory_bytes=_MEMORY_BYTES
        )

    def among(self, records: Sequence[bytes]) -> set[int]:
        """Return the indices of the records in which something may be found."""
        joined = b"".join(records)
        ends = list(accumulate(map(len, records)))
        suspects: set[int] = set()
        place = 0
        while place < len(joined):
            match = self._fragment.search(joined, place)
            if match is None:
                break
            # Where records meet there may seem to be a fragment that neither of them has.
            first = bisect_right(ends, match.start())
            last = bisect_right(ends, max(match.start(), match.end() - 1))
            suspects.update(range(first, last + 1))
            place = ends[last]
        for gate in self._statements:
            place = 0
            while (place := gate.next_place(joined, place)) >= 0:
                index = bisect_right(ends, place)
                suspects.add(index)
                place = ends[index]
        return suspects
