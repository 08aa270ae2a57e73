"""The first pass over many records: which of them may hold something, and in which parts.

A search of bytes is a proof for what it is told of their order: a key, and then its value. What is
written in another order, or in pieces, is searched in its usual form too (``wire/parts.py``).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from otel_bridge.scrub.find.detector import Detector
from otel_bridge.scrub.remembered import Recent
from otel_bridge.wire.batch import Record, SpanRecord
from otel_bridge.wire.messages import LogRecord, Span
from otel_bridge.wire.parts import ATTRIBUTES, LOG_PARTS, SPAN_PARTS, PartReader, usual_form
from otel_bridge.wire.peek import behind_ids

MAX_REMEMBERED_PARTS = 8_192
"""Attributes, since those before them were forgotten; there may be as many of those."""
MAX_REMEMBERED_BYTES = 2_000_000
MAX_REMEMBERED_OTHERS = 1_024
"""Of each other field."""
MAX_REMEMBERED_OTHER_BYTES = 250_000
MAX_REMEMBERED_PART_BYTES = 2_000
_REMEMBERED = ("trace_state", "name", "status", "severity_text", "event_name", "body")
"""Fields besides the attributes whose parts come again; the others have a time or an id."""


class Doubts(NamedTuple):
    """What the first pass could not prove to be clean."""

    places: set[int]
    """Of the records in question."""
    parts: set[bytes]
    """Of these records; empty where they could not be taken apart."""


NO_DOUBTS = Doubts(set(), set())


class FirstPass:
    """Searches the parts of records that were not seen lately: most attributes come again.

    What is remembered belongs to the field: the same bytes are another text elsewhere.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        longest = MAX_REMEMBERED_PART_BYTES
        self._clean = {
            field: Recent(MAX_REMEMBERED_OTHERS, MAX_REMEMBERED_OTHER_BYTES, longest)
            for field in _REMEMBERED
        }
        self._clean[ATTRIBUTES] = Recent(MAX_REMEMBERED_PARTS, MAX_REMEMBERED_BYTES, longest)

    def doubts(self, records: Sequence[Record], *, is_ours: bool = False) -> Doubts:
        """Return which of these records, all of one kind, deserve a look of their own.

        Args:
            records: What is looked at together.
            is_ours: Whether our own encoder wrote them, so that their bytes are what is read.
        """
        reader = reader_of(records[0])
        parts = reader.read([record.raw for record in records])
        if parts is None:
            return Doubts(self._suspects(records), set())
        news = {
            field: self._clean[field].missing(found) if field in self._clean else found
            for field, found in parts.distinct.items()
        }
        unusual = () if is_ours else reader.unusual(news)
        doubtful = self._doubtful(news, unusual)
        for field, found in news.items():
            if field in self._clean:
                self._clean[field].add(found - doubtful)
        return Doubts(parts.holders(doubtful), doubtful) if doubtful else NO_DOUBTS

    def is_open(self, record: Record) -> bool:
        """Tell whether something is to be done with a record that cannot be taken apart."""
        texts = _texts_of(record)
        return texts is None or any(map(self._detector.opened_by, texts))

    def is_open_part(self, record: Record, field: str, part: bytes) -> bool:
        """Tell whether something is to be done with a part of a record that is no attribute."""
        usual = reader_of(record).usual(field, part)
        if usual is None or any(map(self._detector.opened_by, {part, usual})):
            return True
        if field in self._clean:
            self._clean[field].add((part,))
        return False

    def clear(self, attribute: bytes) -> None:
        """Remember that nothing is to be done with an attribute, whatever it looks like."""
        self._clean[ATTRIBUTES].add((attribute,))

    @property
    def remembered(self) -> int:
        """How many parts are held in memory."""
        return sum(map(len, self._clean.values()))

    def _doubtful(
        self, news: dict[str, set[bytes]], unusual: Iterable[tuple[bytes, bytes | None]]
    ) -> set[bytes]:
        """Return the parts in which, as they are or as they are read, something may be found."""
        parts = [part for found in news.values() for part in found]
        texts = parts.copy()
        doubtful = set()
        for part, usual in unusual:
            if usual is None:
                doubtful.add(part)
            else:
                parts.append(part)
                texts.append(usual)
        doubtful.update(parts[place] for place in self._detector.suspects.among(texts))
        return doubtful

    def _suspects(self, records: Sequence[Record]) -> set[int]:
        suspects, places, texts = set(), [], []
        for place, record in enumerate(records):
            found = _texts_of(record)
            if found is None:
                suspects.add(place)
            else:
                places += [place] * len(found)
                texts += found
        suspects.update(places[found] for found in self._detector.suspects.among(texts))
        return suspects


def reader_of(record: Record) -> PartReader:
    """Return what takes apart records of this kind."""
    return SPAN_PARTS if isinstance(record, SpanRecord) else LOG_PARTS


def _texts_of(record: Record) -> list[bytes] | None:
    """Return what is to be searched in a record that is not taken apart: it, and its usual form.

    To a search that learns as it goes, random bytes are news each time: they double its time. So
    the ids of spans are left out. None for a record that cannot be read.
    """
    is_span = isinstance(record, SpanRecord)
    usual = usual_form(record.raw, Span if is_span else LogRecord)
    if usual is None:
        return None
    texts = [record.raw] if usual == record.raw else [record.raw, usual]
    return [behind_ids(text) for text in texts] if is_span else texts
