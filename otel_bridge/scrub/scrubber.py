"""The scrub stage: the only place that makes clean batches and clean events."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple, TypeVar

from otel_bridge.scrub.engine import Engine
from otel_bridge.scrub.first_pass import Doubts, FirstPass, reader_of
from otel_bridge.scrub.job import Job
from otel_bridge.scrub.names.words import PEER_KEYS
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.rule import UNKNOWN_FIELD, Finding
from otel_bridge.scrub.surfaces.event import scrub_event
from otel_bridge.scrub.surfaces.otlp import (
    scrub_log,
    scrub_record_attributes,
    scrub_resource,
    scrub_scope,
    scrub_span,
)
from otel_bridge.scrub.surfaces.tree import scrub_tree
from otel_bridge.wire.batch import (
    Batch,
    Record,
    ResourceGroup,
    ScopeGroup,
    SpanKind,
    SpanRecord,
)
from otel_bridge.wire.clean import CleanBatch, CleanEvent
from otel_bridge.wire.messages import InstrumentationScope, KeyValue, LogRecord, Resource, Span
from otel_bridge.wire.parts import usual_form

MAX_CACHED_PARTS = 1_024
"""Resources and scopes that are remembered scrubbed: a process has a few, a gateway hundreds."""
MAX_CACHED_PART_BYTES = 8_192
"""Ordinary ones have one or two kilobytes; longer ones are scrubbed each time."""
ANNOTATION = "otel_bridge.scrubbed"
_CHUNK = 256
"""Records that are looked at together. Most are clean, and one look at many bytes is cheaper."""
_SERVED = (SpanKind.SERVER, SpanKind.CONSUMER)
_PEER_KEYS = tuple(key.encode() for key in sorted(PEER_KEYS))
"""What these name is judged by the span that it is in."""

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
        self._first_pass = FirstPass(self._engine.detector)
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
                records, lost = self._records(scope.records, rules, is_ours=batch.is_ours)
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

    def _records(
        self, records: list[Record], rules: Counter[str], *, is_ours: bool
    ) -> tuple[list[Record], int]:
        """Scrub records, many at a time: only where something is found each gets a look."""
        clean: list[Record] = []
        for start in range(0, len(records), _CHUNK):
            chunk = records[start : start + _CHUNK]
            clean += self._scrubbed(chunk, self._first_pass.doubts(chunk, is_ours=is_ours), rules)
        return clean, len(records) - len(clean)

    def _scrubbed(
        self, records: list[Record], doubts: Doubts, rules: Counter[str]
    ) -> Iterator[Record]:
        for place, record in enumerate(records):
            if place in doubts.places:
                scrubbed = self._one(record, doubts.parts, rules)
                if scrubbed is not None:
                    yield scrubbed
            else:
                yield record

    def _one(self, record: Record, doubtful: set[bytes], rules: Counter[str]) -> Record | None:
        try:
            raw = self._looked_at(record, doubtful, rules)
        except Exception:  # noqa: BLE001 (the guard: what cannot be scrubbed is not sent)
            return None
        return record if raw is record.raw else record._replace(raw=raw)

    def _looked_at(self, record: Record, doubtful: set[bytes], rules: Counter[str]) -> bytes:
        if doubtful and self._engine.can_change_attributes:
            raw = self._with_attributes(record, doubtful, rules)
            if raw is not None:
                return raw
        elif not self._first_pass.is_open(record):
            return record.raw
        job = self._job(record)
        if isinstance(record, SpanRecord):
            return self._rewritten(record.raw, Span, scrub_span, job, rules)
        return self._rewritten(record.raw, LogRecord, scrub_log, job, rules)

    def _with_attributes(
        self, record: Record, doubtful: set[bytes], rules: Counter[str]
    ) -> bytes | None:
        """Scrub single attributes of a record; None where that is not enough."""
        job = self._job(record)

        def change(raw: bytes) -> bytes | None:
            pair, remarks = KeyValue.FromString(raw), len(job.remarks)
            pair.DiscardUnknownFields()
            known = len(pair.SerializeToString())
            left = [pair]
            scrub_record_attributes(left, job)
            if len(job.remarks) == remarks:
                if known == len(raw):
                    if not any(key in raw for key in _PEER_KEYS):  # at any depth
                        self._first_pass.clear(raw)
                    return raw
                job.left_out(UNKNOWN_FIELD, f"attributes.{pair.key}")
            return left[0].SerializeToString() if left else None

        raw = reader_of(record).with_attributes(
            record.raw, doubtful, change, partial(self._first_pass.is_open_part, record)
        )
        if raw is not None:
            job.count_into(rules)
        return raw

    def _job(self, record: Record) -> Job:
        is_served = isinstance(record, SpanRecord) and record.kind in _SERVED
        return Job(self._engine, peer_is_client=is_served)

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
        usual = usual_form(raw, kind)
        if usual is None or not all(map(self._is_clean, {raw, usual})):
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
