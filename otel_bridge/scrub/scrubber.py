"""The scrub stage: the only place that makes clean batches and clean events."""

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from google.protobuf.message import Message

from otel_bridge.scrub.assignment import Assignments
from otel_bridge.scrub.context import ContextTokens
from otel_bridge.scrub.event import scrub_event
from otel_bridge.scrub.job import Engine, Job
from otel_bridge.scrub.keys import KeyRules, globs
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.otlp import scrub_log, scrub_resource, scrub_scope, scrub_span
from otel_bridge.scrub.rule import Finding, Kind, Rule
from otel_bridge.scrub.rules.catalogue import RULES
from otel_bridge.scrub.text import Detector, Finder, PatternFinder
from otel_bridge.scrub.tree import scrub_tree
from otel_bridge.wire.batch import Batch, Record, ResourceGroup, ScopeGroup, Signal
from otel_bridge.wire.clean import CleanBatch, CleanEvent
from otel_bridge.wire.messages import InstrumentationScope, LogRecord, Resource, Span

MAX_CACHED_PARTS = 1_024

M = TypeVar("M", bound=Message)


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
        keys = KeyRules(options)
        rules = _chosen_rules(options)
        finders: list[Finder] = [PatternFinder(rule) for rule in rules]
        if options.preset in ("default", "strict"):
            finders += [Assignments(keys), ContextTokens(keys)]
        self._detector = Detector(finders, {rule.id: rule.priority for rule in rules})
        self._engine = Engine(options, self._detector, keys)
        self._parts: dict[bytes, bytes] = {}

    def batch(self, batch: Batch) -> Scrubbed:
        """Scrub a batch. A record that cannot be scrubbed is dropped and counted."""
        if self._options.preset == "off":
            return Scrubbed(CleanBatch(batch), 0, Counter())
        rules: Counter[str] = Counter()
        dropped = 0
        groups = []
        scrub_raw = self._span if batch.signal is Signal.TRACES else self._log
        for group in batch.resources:
            scopes = []
            for scope in group.scopes:
                records, lost = self._records(scope.records, scrub_raw, rules)
                dropped += lost
                clean = self._part(scope.scope, InstrumentationScope, scrub_scope, rules)
                scopes.append(ScopeGroup(clean, records, scope.schema_url, scope.unknown))
            resource = self._part(group.resource, Resource, scrub_resource, rules)
            groups.append(ResourceGroup(resource, scopes, group.schema_url, group.unknown))
        return Scrubbed(CleanBatch(Batch(batch.signal, groups, batch.unknown)), dropped, rules)

    def value(self, obj: Any, path: str = "") -> tuple[Any, list[Finding]]:  # noqa: ANN401
        """Scrub a value of any JSON-like shape."""
        if self._options.preset == "off":
            return obj, []
        job = Job(self._engine)
        clean = scrub_tree(obj, job, path)
        return (obj if self._options.dry_run else clean), job.findings

    def event(self, event: dict[str, Any]) -> tuple[CleanEvent, Counter[str]]:
        """Scrub a Sentry event payload; what was taken out is noted in its ``_meta``."""
        if self._options.preset == "off":
            return CleanEvent(event), Counter()
        job = Job(self._engine)
        clean = scrub_event(event, job, send_default_pii=self._options.send_default_pii)
        return CleanEvent(event if self._options.dry_run else clean), job.rules

    def text(self, text: str) -> str:
        """Scrub a single text."""
        if self._options.preset == "off":
            return text
        clean = Job(self._engine).text(text, "")
        return text if self._options.dry_run else clean

    def is_clean(self, raw: bytes) -> bool:
        """Tell whether nothing can be found in these bytes: proof, not a guess."""
        return self._options.preset == "off" or self._detector.is_clean(raw)

    def _records(
        self,
        records: list[Record],
        scrub_raw: Callable[[bytes, Counter[str]], bytes],
        rules: Counter[str],
    ) -> tuple[list[Record], int]:
        clean: list[Record] = []
        lost = 0
        is_clean = self._detector.is_clean
        for record in records:
            if is_clean(record.raw):
                clean.append(record)
                continue
            try:
                raw = scrub_raw(record.raw, rules)
            except Exception:  # noqa: BLE001 (the guard: what cannot be scrubbed is not sent)
                lost += 1
                continue
            clean.append(record if raw is record.raw else record._replace(raw=raw))
        return clean, lost

    def _span(self, raw: bytes, rules: Counter[str]) -> bytes:
        return self._rewritten(raw, Span, scrub_span, rules)

    def _log(self, raw: bytes, rules: Counter[str]) -> bytes:
        return self._rewritten(raw, LogRecord, scrub_log, rules)

    def _rewritten(
        self, raw: bytes, kind: type[M], scrub: Callable[[M, Job], None], rules: Counter[str]
    ) -> bytes:
        message = kind.FromString(raw)
        job = Job(self._engine)
        scrub(message, job)
        if not job.remarks:
            return raw
        rules.update(job.rules)
        return raw if self._options.dry_run else message.SerializeToString()

    def _part(
        self, raw: bytes, kind: type[M], scrub: Callable[[M, Job], None], rules: Counter[str]
    ) -> bytes:
        """Scrub a resource or scope; the same few come with every batch."""
        known = self._parts.get(raw)
        if known is not None:
            return known
        clean = raw
        if not self._detector.is_clean(raw):
            try:
                clean = self._rewritten(raw, kind, scrub, rules)
            except Exception:  # noqa: BLE001 (the guard: what cannot be scrubbed is not sent)
                clean = b""
        if len(self._parts) >= MAX_CACHED_PARTS:
            self._parts.clear()
        self._parts[raw] = clean
        return clean


def _chosen_rules(options: ScrubOptions) -> list[Rule]:
    if options.preset in ("off", "keys"):
        return []
    off, on = globs(options.allow_rules), globs(options.deny_rules)
    presets = {"default", "strict"} if options.preset == "strict" else {"default"}
    own = [
        Rule(id=name, probes=("",), pattern=pattern)
        for name, pattern in options.extra_patterns.items()
    ]
    return [
        rule
        for rule in (*RULES, *own)
        if (rule.preset in presets or on(rule.id))
        and not off(rule.id)
        and not (options.send_default_pii and rule.kind is Kind.PERSONAL and rule.id == "email")
    ]
