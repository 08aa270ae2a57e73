"""The scrub stage: the only place that makes clean batches and clean events."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from otel_bridge.scrub.bodies import is_body_key
from otel_bridge.scrub.engine import Engine
from otel_bridge.scrub.event import scrub_event
from otel_bridge.scrub.gates import ValueFirstGate
from otel_bridge.scrub.job import Job
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.otlp import scrub_log, scrub_resource, scrub_scope, scrub_span
from otel_bridge.scrub.rule import UNKNOWN_FIELD, Finding
from otel_bridge.scrub.splice import splice_attributes
from otel_bridge.scrub.tree import scrub_tree
from otel_bridge.scrub.words import PEER_KEYS, PERSONAL_KEYS
from otel_bridge.wire.batch import (
    Batch,
    Record,
    ResourceGroup,
    ScopeGroup,
    SpanKind,
    SpanRecord,
)
from otel_bridge.wire.clean import CleanBatch, CleanEvent
from otel_bridge.wire.messages import InstrumentationScope, LogRecord, Resource, Span
from otel_bridge.wire.peek import behind_ids

MAX_CACHED_PARTS = 1_024
"""Resources and scopes that are remembered scrubbed: a process has a few, a gateway hundreds."""
MAX_CACHED_PART_BYTES = 8_192
"""Ordinary ones have one or two kilobytes; longer ones are scrubbed each time."""
ANNOTATION = "otel_bridge.scrubbed"
_CHUNK = 256
"""Records that are looked at together. Most are clean, and one look at many bytes is cheaper."""
_SPAN_ATTRIBUTE = 0x4A
"""The tag of ``Span.attributes``: field 9, length-delimited."""
_SERVED = (SpanKind.SERVER, SpanKind.CONSUMER)
_CLIENT_KEYS = (b"client.address\x12", b"client_ip\x12")
_PEER_KEYS = tuple(key.encode() for key in sorted(PEER_KEYS))
_PRIVATE = (b"10.", b"127.", b"172.", b"192.168.", b"::1", b"fc", b"fd")
"""How addresses begin that are, for the most part, of machines next door."""
_HEADERS = 4
"""Bytes between the key and the text of a short attribute: two tags with their lengths."""
_PERSONAL = frozenset(key.encode() for key in PERSONAL_KEYS)
_PERSONAL_OR_PEER = _PERSONAL | {key.encode() for key in PEER_KEYS}

M = TypeVar("M", Span, LogRecord, Resource, InstrumentationScope)


class Scrubbed(NamedTuple):
    """A batch without secrets, and what it cost."""

    batch: CleanBatch
    dropped: int
    """Records that are gone because they could not be scrubbed."""
    rules: Counter[str]
    """Redactions by rule id."""


class Scrubber:
    """Takes secrets out of batches, events and values. Safe to share between threads."""

    def __init__(self, options: ScrubOptions = ScrubOptions()) -> None:  # noqa: B008 (frozen)
        self._options = options
        self._is_off = options.preset == "off"
        self._engine = Engine(options)
        self._is_clean = self._engine.detector.is_clean
        self._suspects = self._engine.detector.suspects
        self._value_first = ValueFirstGate()
        self._parts: dict[tuple[type, bytes], bytes] = {}

    def batch(self, batch: Batch) -> Scrubbed:
        """Scrub a batch. A record that cannot be scrubbed is dropped and counted."""
        rules: Counter[str] = Counter()
        if self._is_off:
            return Scrubbed(CleanBatch(batch), 0, rules)
        dropped = 0
        groups = []
        for group in batch.resources:
            scopes = []
            for scope in group.scopes:
                records, lost = self._records(scope.records, rules)
                dropped += lost
                scopes.append(
                    ScopeGroup(
                        self._part(scope.scope, InstrumentationScope, scrub_scope, rules),
                        records,
                        self._schema_url(scope.schema_url, rules),
                        self._unknown(scope.unknown, rules),
                    )
                )
            groups.append(
                ResourceGroup(
                    self._part(group.resource, Resource, scrub_resource, rules),
                    scopes,
                    self._schema_url(group.schema_url, rules),
                    self._unknown(group.unknown, rules),
                )
            )
        clean = Batch(batch.signal, groups, self._unknown(batch.unknown, rules))
        return Scrubbed(CleanBatch(clean), dropped, rules)

    def value(self, obj: Any, path: str = "") -> tuple[Any, list[Finding]]:  # noqa: ANN401 (any JSON)
        """Scrub a value of any JSON-like shape."""
        if self._is_off:
            return obj, []
        job = Job(self._engine)
        clean = scrub_tree(obj, job, path)
        return (obj if self._options.dry_run else clean), job.findings

    def event(self, event: dict[str, Any]) -> tuple[CleanEvent, Counter[str]]:
        """Scrub a Sentry event payload; what was taken out is noted in its ``_meta``."""
        if self._is_off:
            return CleanEvent(event), Counter()
        job = Job(self._engine)
        clean = scrub_event(event, job, send_default_pii=self._options.send_default_pii)
        return CleanEvent(event if self._options.dry_run else clean), job.rules

    def text(self, text: str) -> str:
        """Scrub a single text."""
        if self._is_off:
            return text
        clean = Job(self._engine).text(text, "")
        return text if self._options.dry_run else clean

    def is_clean(self, raw: bytes) -> bool:
        """Tell whether nothing is to be done with these bytes: True is proof, not a guess."""
        return self._is_off or self._is_clean(raw)

    def _records(self, records: list[Record], rules: Counter[str]) -> tuple[list[Record], int]:
        """Scrub records, many at a time: only where something is found each gets a look."""
        clean: list[Record] = []
        for start in range(0, len(records), _CHUNK):
            clean += self._chunk(records[start : start + _CHUNK], rules)
        return clean, len(records) - len(clean)

    def _chunk(self, records: list[Record], rules: Counter[str]) -> Iterator[Record]:
        # Of a span that a server has written, the client is the one thing to expect.
        attempts = [self._spliced(record) if _names_client(record) else None for record in records]
        suspects = self._suspects.among(
            [
                _texts_of(record, record.raw if attempt is None else attempt.rest)
                for record, attempt in zip(records, attempts, strict=True)
            ]
        )
        for place, (record, attempt) in enumerate(zip(records, attempts, strict=True)):
            if place in suspects or self._is_odd_log(record):
                scrubbed = self._one(record, rules)
                if scrubbed is not None:
                    yield scrubbed
            elif attempt is None:
                yield record
            else:
                rules.update(attempt.rules)
                yield record._replace(raw=attempt.raw)

    def _is_odd_log(self, record: Record) -> bool:
        return not isinstance(record, SpanRecord) and self._value_first.may_find(record.raw)

    def _one(self, record: Record, rules: Counter[str]) -> Record | None:
        try:
            raw = self._record(record, rules)
        except Exception:  # noqa: BLE001 (the guard: what cannot be scrubbed is not sent)
            return None
        return record if raw is record.raw else record._replace(raw=raw)

    def _spliced(self, record: Record) -> "_Attempt | None":
        """Return a span with personal attributes replaced; None where that is not so simple."""
        if not self._engine.can_splice:
            return None
        job = self._job(record)

        def replace(key: str, text: str) -> str | None:
            return None if is_body_key(key) else job.value_of(text, key, f"attributes.{key}")

        keys = _PERSONAL_OR_PEER if _is_served(record) else _PERSONAL
        try:
            spliced = splice_attributes(record.raw, _SPAN_ATTRIBUTE, keys, replace)
        except Exception:  # noqa: BLE001 (as above)
            return None
        return spliced and _Attempt(spliced.raw, spliced.rest, job.rules)

    def _job(self, record: Record) -> Job:
        return Job(self._engine, peer_is_client=_is_served(record))

    def _record(self, record: Record, rules: Counter[str]) -> bytes:
        detector = self._engine.detector
        if not detector.opened_by(_texts_of(record, record.raw)) and not self._is_odd_log(record):
            return record.raw
        if not isinstance(record, SpanRecord):
            return self._rewritten(record.raw, LogRecord, scrub_log, self._job(record), rules)
        attempt = self._spliced(record)
        if attempt is not None and not detector.opened_by(_texts_of(record, attempt.rest)):
            rules.update(attempt.rules)
            return attempt.raw
        return self._rewritten(record.raw, Span, scrub_span, self._job(record), rules)

    def _rewritten(
        self,
        raw: bytes,
        kind: type[M],
        scrub: Callable[[M, Job], None],
        job: Job,
        rules: Counter[str],
    ) -> bytes:
        message = kind.FromString(raw)
        scrub(message, job)
        found = job.rules
        if not found:
            return self._without_unknown(raw, message, rules)
        rules.update(found)
        if self._options.dry_run:
            return raw
        if self._options.annotate:
            note = message.attributes.add()
            note.key = ANNOTATION
            note.value.string_value = ",".join(f"{rule}:{n}" for rule, n in sorted(found.items()))
        # What this version does not know was not looked at.
        message.DiscardUnknownFields()
        return message.SerializeToString()

    def _without_unknown(self, raw: bytes, message: M, rules: Counter[str]) -> bytes:
        """Return a record in whose known fields nothing was found."""
        message.DiscardUnknownFields()
        known = message.SerializeToString()
        if len(known) == len(raw):
            return raw
        rules[UNKNOWN_FIELD] += 1
        return raw if self._options.dry_run else known

    def _part(
        self, raw: bytes, kind: type[M], scrub: Callable[[M, Job], None], rules: Counter[str]
    ) -> bytes:
        """Scrub a resource or scope; the same few come with every batch."""
        known = self._parts.get((kind, raw))
        if known is not None:
            return known
        clean = raw
        if not self._is_clean(raw):
            try:
                clean = self._rewritten(raw, kind, scrub, Job(self._engine), rules)
            except Exception:  # noqa: BLE001 (the guard: what cannot be scrubbed is not sent)
                clean = b""
        if len(raw) <= MAX_CACHED_PART_BYTES:
            if len(self._parts) >= MAX_CACHED_PARTS:
                self._parts.clear()
            self._parts[kind, raw] = clean
        return clean

    def _schema_url(self, url: str, rules: Counter[str]) -> str:
        if not url:
            return url
        job = Job(self._engine)
        clean = job.text(url, "schema_url")
        rules.update(job.rules)
        return url if self._options.dry_run else clean

    def _unknown(self, fields: bytes, rules: Counter[str]) -> bytes:
        """Return fields that nobody here can read: as they are, or not at all."""
        if not fields or self._is_clean(fields):
            return fields
        rules[UNKNOWN_FIELD] += 1
        return fields if self._options.dry_run else b""


class _Attempt(NamedTuple):
    """A span in which personal attributes were replaced, if nothing else is to be done."""

    raw: bytes
    rest: bytes
    """What is left to look at."""
    rules: Counter[str]


def _names_client(record: Record) -> bool:
    """Tell whether a record of a server most likely has the client's address, and little more.

    A guess that saves time: what is not tried at first is found by the search.
    """
    if not _is_served(record):
        return False
    raw = record.raw
    if any(key in raw for key in _CLIENT_KEYS):
        return True
    for key in _PEER_KEYS:
        place = raw.find(key)
        if place >= 0 and not raw.startswith(_PRIVATE, place + len(key) + _HEADERS):
            return True
    return False


def _is_served(record: Record) -> bool:
    return isinstance(record, SpanRecord) and record.kind in _SERVED


def _texts_of(record: Record, raw: bytes) -> bytes:
    """Return the part of a record that may hold text.

    To a search that learns as it goes, random bytes are news each time: they double its time.
    """
    return behind_ids(raw) if isinstance(record, SpanRecord) else raw
