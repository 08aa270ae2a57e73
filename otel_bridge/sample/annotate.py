"""Write on kept spans why they were kept and at what probability, without decoding them."""

from struct import Struct
from typing import NamedTuple

from otel_bridge.sample.noted import KEYS, PARTIAL, RATE, REASON, is_noted, threshold_in
from otel_bridge.sample.probability import randomness_of, rate_of
from otel_bridge.sample.tracestate import ot_of, with_ot
from otel_bridge.sample.verdict import Verdict
from otel_bridge.wire.groups import SpanRecord
from otel_bridge.wire.messages import Span
from otel_bridge.wire.peek import trace_state_of, with_trace_state
from otel_bridge.wire.varint import delimited

_THRESHOLD = b"th:"
_ATTRIBUTE = b"\x4a"
_pack_double = Struct("<d").pack
_new = tuple.__new__  # a NamedTuple's own constructor takes twice as long
_MAX_KEPT = 1024
_LONGEST_KEPT = 512
"""Longer tracestates, which the standard does not ask anybody to propagate, are read anew."""


class _Notes(NamedTuple):
    """What is written on a span that came with a certain tracestate."""

    state: bytes | None
    """The new tracestate; None if it stays."""
    attributes: bytes
    upstream: int
    """The threshold that the old tracestate tells."""
    randomness: int | None
    """The randomness that it tells, if it does."""


class Annotator:
    """Adds ``sampling.reason`` and ``sampling.rate``, and ``ot=th`` to the tracestate.

    Args:
        assume_all_upstream: Take spans without ``th`` as sampled at 100 %.
    """

    __slots__ = ("_assume_all", "_entries", "_known")

    def __init__(self, *, assume_all_upstream: bool) -> None:
        self._assume_all = assume_all_upstream
        self._known: dict[Verdict, dict[bytes, _Notes]] = {}
        self._entries = 0

    def annotated(self, records: list[SpanRecord], verdict: Verdict) -> list[SpanRecord]:
        """Return the records of kept spans with their reason and rate."""
        by_state = self._by_state(verdict)
        return [self._annotated(record, verdict, by_state) for record in records]

    def sampled_only(self, records: list[SpanRecord], verdict: Verdict) -> list[SpanRecord]:
        """Return the records, those annotated that were kept with less than certainty."""
        by_state = self._by_state(verdict)
        return [
            record
            if _THRESHOLD not in record[8] or not ot_of(_header(record[8])).threshold
            else self._annotated(record, verdict, by_state)
            for record in records
        ]

    def _by_state(self, verdict: Verdict) -> dict[bytes, _Notes]:
        """Return what is known of a verdict; forget everything when that is too much."""
        if self._entries >= _MAX_KEPT:
            self._known.clear()
            self._entries = 0
        by_state = self._known.get(verdict)
        if by_state is None:
            by_state = self._known[verdict] = {}
            self._entries += 1
        return by_state

    def _annotated(
        self, record: SpanRecord, verdict: Verdict, by_state: dict[bytes, _Notes]
    ) -> SpanRecord:
        raw = record[8]
        state = trace_state_of(raw)
        notes = by_state.get(state)
        if notes is None:
            notes = self._made(state.decode("utf-8", "replace"), verdict)
            if len(state) <= _LONGEST_KEPT and len(by_state) < _MAX_KEPT:
                by_state[state] = notes
                self._entries += 1
        new_state, attributes, upstream, explicit = notes
        if upstream and upstream > (randomness_of(record[0]) if explicit is None else explicit):
            # "th" and "sampled" contradict each other: the probability is unknown.
            new_state = _without_threshold(state)
            attributes = self._made(new_state.decode("utf-8", "replace"), verdict).attributes
        if is_noted(raw):
            return self._renewed(record, state if new_state is None else new_state, verdict)
        if new_state is not None:
            raw = with_trace_state(raw, new_state)
        return _new(SpanRecord, (*record[:8], raw + attributes, *record[9:]))

    def _renewed(self, record: SpanRecord, state: bytes, verdict: Verdict) -> SpanRecord:
        """Note the probability of both on a span that another bridge has kept before us."""
        header = state.decode("utf-8", "replace")
        span = Span.FromString(record.raw)
        given = ot_of(header).randomness
        randomness = randomness_of(record.trace_id) if given is None else given
        earlier = threshold_in(span.attributes)
        if verdict.threshold < earlier <= randomness:
            verdict = verdict._replace(threshold=earlier)
        new_state, attributes, _, _ = self._made(header, verdict)
        others = [pair for pair in span.attributes if pair.key not in KEYS]
        del span.attributes[:]
        span.attributes.extend(others)
        span.trace_state = header if new_state is None else new_state.decode()
        return record._replace(raw=span.SerializeToString() + attributes)

    def _made(self, header: str, verdict: Verdict) -> _Notes:
        ot = ot_of(header)
        combined = max(verdict.threshold, ot.threshold or 0)
        attributes = _attribute(REASON, delimited(b"\x0a", verdict.reason.encode()))
        attributes += _attribute(RATE, b"\x21" + _pack_double(rate_of(combined)))
        if verdict.partial:
            attributes += _attribute(PARTIAL, b"\x10\x01")
        state = None
        if ot.threshold != combined and (ot.threshold is not None or self._assume_all):
            state = with_ot(header, ot._replace(threshold=combined)).encode()
        return _Notes(state, attributes, ot.threshold or 0, ot.randomness)


def _header(raw: bytes) -> str:
    return trace_state_of(raw).decode("utf-8", "replace")


def _attribute(key: str, value: bytes) -> bytes:
    return delimited(_ATTRIBUTE, delimited(b"\x0a", key.encode()) + delimited(b"\x12", value))


def _without_threshold(state: bytes) -> bytes:
    header = state.decode("utf-8", "replace")
    return with_ot(header, ot_of(header)._replace(threshold=None)).encode()
