"""The first pass over many records: which of them may hold something, and in which parts."""

from collections.abc import Sequence
from typing import NamedTuple

from otel_bridge.scrub.detector import Detector
from otel_bridge.scrub.gates import ValueFirstGate
from otel_bridge.scrub.remembered import Recent
from otel_bridge.wire.batch import Record, SpanRecord
from otel_bridge.wire.parts import LOG_PARTS, SPAN_PARTS, PartReader
from otel_bridge.wire.peek import behind_ids

MAX_REMEMBERED_PARTS = 8_192
"""Since the parts before them were forgotten; there may be as many of those."""
MAX_REMEMBERED_BYTES = 2_000_000
MAX_REMEMBERED_PART_BYTES = 2_000
_VALUE_FIRST = b"\x12"
"""How an attribute begins whose value comes before its key, which protobuf allows."""


class Doubts(NamedTuple):
    """What the first pass could not prove to be clean."""

    places: set[int]
    """Of the records in question."""
    parts: set[bytes]
    """Of these records; empty where they could not be taken apart."""


NO_DOUBTS = Doubts(set(), set())


class FirstPass:
    """Searches the parts of records that were not seen lately: most attributes come again."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._clean = Recent(MAX_REMEMBERED_PARTS, MAX_REMEMBERED_BYTES, MAX_REMEMBERED_PART_BYTES)
        self._value_first = ValueFirstGate()

    def doubts(self, records: Sequence[Record]) -> Doubts:
        """Return which of these records, all of one kind, deserve a look of their own."""
        parts = reader_of(records[0]).read([record.raw for record in records])
        if parts is None:
            return Doubts(self._suspects(records), set())
        news = list(self._clean.missing(parts.distinct))
        doubtful = {news[place] for place in self._detector.suspects.among(news)}
        doubtful.update(
            part for part in news if part.startswith(_VALUE_FIRST) and parts.is_attribute(part)
        )
        self._clean.add(part for part in news if part not in doubtful)
        return Doubts(parts.holders(doubtful), doubtful) if doubtful else NO_DOUBTS

    def is_open(self, record: Record) -> bool:
        """Tell whether something is to be done with a record that cannot be taken apart."""
        return bool(self._detector.opened_by(_text_of(record))) or self._is_odd_log(record)

    def is_open_part(self, part: bytes) -> bool:
        """Tell whether something is to be done with a part that is no attribute."""
        if self._detector.opened_by(part):
            return True
        self.clear(part)
        return False

    @property
    def remembered(self) -> int:
        """How many parts are held in memory."""
        return len(self._clean)

    def clear(self, part: bytes) -> None:
        """Remember that nothing is to be done with a part, whatever it looks like."""
        self._clean.add((part,))

    def _suspects(self, records: Sequence[Record]) -> set[int]:
        suspects = self._detector.suspects.among([_text_of(record) for record in records])
        suspects.update(n for n, record in enumerate(records) if self._is_odd_log(record))
        return suspects

    def _is_odd_log(self, record: Record) -> bool:
        """Tell whether a log record has an attribute whose value comes first.

        The tag of its attributes is the digit 2, which too many names end with to be searched for.
        """
        return not isinstance(record, SpanRecord) and self._value_first.may_find(record.raw)


def reader_of(record: Record) -> PartReader:
    """Return what takes apart records of this kind."""
    return SPAN_PARTS if isinstance(record, SpanRecord) else LOG_PARTS


def _text_of(record: Record) -> bytes:
    """Return the part of a record that may hold text, if it is not taken apart any further.

    To a search that learns as it goes, random bytes are news each time: they double its time.
    """
    return behind_ids(record.raw) if isinstance(record, SpanRecord) else record.raw
