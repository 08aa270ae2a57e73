"""The tail sampler: hold the spans of a trace until there is enough to judge it, within bounds.

A plain object without threads or clock; its owner calls it from one thread at a time.
"""

from collections import Counter, deque
from typing import NamedTuple

from otel_bridge.sample.annotate import Annotator
from otel_bridge.sample.facts import Facts
from otel_bridge.sample.options import TailOptions
from otel_bridge.sample.probability import threshold_of
from otel_bridge.sample.remembered import DroppedTraces, KeptTraces
from otel_bridge.sample.ruleset import Ruleset
from otel_bridge.sample.stress import Stress
from otel_bridge.sample.trace import SPAN_BYTES, TRACE_BYTES, OpenTrace, bit_of
from otel_bridge.sample.verdict import LATE, STRESS, Trigger, Verdict
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.gather import CleanPlace, Places, gathered
from otel_bridge.wire.groups import SpanRecord

_STRIDE = 1024
"""Spans after which the bounds are looked at."""
_REMOTE = 0x300
"""Span flags: it is known whether the parent is remote, and it is."""


class Decided(NamedTuple):
    """What came of a call."""

    kept: CleanBatch | None
    """Spans to forward, also those that came with earlier calls."""
    dropped: Counter[str]
    """Spans that are gone, by reason: a policy's name, or one of those in ``verdict``."""


class TailSampler:
    """Decide about whole traces.

    Args:
        options: Policies and bounds.
    """

    def __init__(self, options: TailOptions) -> None:
        self._options = options
        self._rules = Ruleset(options)
        self._early = self._rules.early
        self._local_roots_decide = options.decide_on == "local_root"
        self._annotator = Annotator(assume_all_upstream=options.assume_all_upstream)
        part = options.max_bytes // 8
        self._max_bytes = options.max_bytes - 2 * part
        self._kept = KeptTraces(part, options.remember_s)
        self._dropped = DroppedTraces(part, options.remember_s)
        self._stress = Stress(options.stress)
        self._stress_threshold = threshold_of(options.stress.rate)
        self._places = Places()
        self._open: dict[bytes, OpenTrace] = {}
        self._by_age: deque[OpenTrace] = deque()
        self._by_root: deque[OpenTrace] = deque()
        self._bytes = 0
        self.decisions: Counter[tuple[str, bool, str]] = Counter()
        """Traces by reason, whether they were kept, and what made the moment."""
        self._pieces: dict[CleanPlace, list[SpanRecord]] = {}
        self._gone: Counter[str] = Counter()

    @property
    def open_traces(self) -> int:
        """Traces that wait."""
        return len(self._open)

    @property
    def open_bytes(self) -> int:
        """Memory that they take."""
        return self._bytes

    @property
    def stressed(self) -> bool:
        """Whether new traces are decided by their randomness alone."""
        return self._stress.active

    def report(self) -> dict[str, int]:
        """Return the traces decided so far by ``traces:<kept or dropped>:<reason>:<trigger>``."""
        return {
            f"traces:{'kept' if kept else 'dropped'}:{reason}:{trigger}": count
            for (reason, kept, trigger), count in self.decisions.copy().items()
        }

    def add(self, batch: CleanBatch, now: float) -> Decided:
        """Take spans in.

        Args:
            batch: Clean spans.
            now: Seconds on a clock that never goes back.
        """
        for place, records in self._places.of(batch):
            for start in range(0, len(records), _STRIDE):
                self._take(place, records[start : start + _STRIDE], now)
                self._relieve(now)
        return self._decided()

    def due(self, now: float) -> Decided:
        """Judge the traces that have waited long enough."""
        latest_root = now - self._options.grace_s
        while self._by_root and (self._by_root[0].root_seen or 0.0) <= latest_root:
            self._judge_once(self._by_root.popleft(), now, Trigger.ROOT)
        latest_start = now - self._options.max_wait_s
        while self._by_age and self._by_age[0].started <= latest_start:
            self._judge_once(self._by_age.popleft(), now, Trigger.MAX_WAIT)
        self._relieve(now)
        return self._decided()

    def flush(self, now: float) -> Decided:
        """Judge every trace that waits by what is there."""
        while self._by_age:
            self._judge_once(self._by_age.popleft(), now, Trigger.FLUSH)
        self._by_root.clear()
        self._relieve(now)
        return self._decided()

    def _take(  # noqa: C901 - runs for every span; calls would cost more than all of this
        self, place: CleanPlace, records: list[SpanRecord], now: float
    ) -> None:
        """Put spans to their traces."""
        traces = self._open
        statuses, latency_ns = self._early.statuses, self._early.latency_ns
        max_spans, max_size = self._options.max_spans_per_trace, self._options.max_bytes_per_trace
        added = 0
        for record in records:
            trace_id, _, parent_id, flags, _, status, start_ns, end_ns, raw, _ = record
            trace = traces.get(trace_id)
            if trace is None:
                trace = self._meet(record, place, now)
                if trace is None:
                    continue
            if trace.place is not place:
                self._bytes += trace.enter(place)
            spans = trace.records
            spans.append(record)
            size = len(raw) + SPAN_BYTES
            trace.size += size
            added += size
            if 0 < start_ns < trace.start_ns:
                trace.start_ns = start_ns
            if end_ns > trace.end_ns:  # noqa: PLR1730 - a call of max takes three times as long
                trace.end_ns = end_ns
            if status:
                trace.statuses |= bit_of(status)
            if not parent_id or flags & _REMOTE == _REMOTE:
                self._see_root(trace, record, place, now)
            if trace.statuses & statuses or trace.end_ns - trace.start_ns >= latency_ns:
                self._decide_early(trace, now)
            elif len(spans) >= max_spans:
                self._judge_once(trace, now, Trigger.MAX_SPANS)
            elif trace.size >= max_size:
                self._judge_once(trace, now, Trigger.MAX_BYTES)
        self._bytes += added

    def _meet(self, record: SpanRecord, place: CleanPlace, now: float) -> OpenTrace | None:
        """Open a trace, unless it is decided already or must be decided at once."""
        trace_id = record[0]
        verdict = self._kept.get(trace_id)
        if verdict is not None or trace_id in self._dropped:
            self._follow(record, place, verdict, now)
            return None
        trace = OpenTrace(trace_id, now)
        if self._stress.active:
            trace.put(record, place)
            self._settle(trace, self._by_randomness(trace), Trigger.STRESS, now)
            return None
        self._open[trace_id] = trace
        self._by_age.append(trace)
        self._bytes += TRACE_BYTES
        return trace

    def _see_root(
        self, trace: OpenTrace, record: SpanRecord, place: CleanPlace, now: float
    ) -> None:
        whole = not record.parent_span_id
        if whole or trace.root is None:
            trace.root, trace.root_place = record, place
        if trace.root_seen is None and (whole or self._local_roots_decide):
            trace.root_seen = now
            self._by_root.append(trace)

    def _decide_early(self, trace: OpenTrace, now: float) -> None:
        reason = self._early.reason(trace)
        if reason is not None:
            self._close(
                trace, self._rules.settle(reason, 0, Facts(trace), now), Trigger.POLICY, now
            )

    def _judge_once(self, trace: OpenTrace, now: float, trigger: str) -> None:
        if not trace.decided:
            self._close(trace, self._rules.judge(Facts(trace), now), trigger, now)

    def _by_randomness(self, trace: OpenTrace) -> Verdict:
        """Decide without looking: the same trace gets the same answer, whenever it is asked."""
        keep = Facts(trace).randomness >= self._stress_threshold
        return Verdict(keep, STRESS, self._stress_threshold)

    def _close(self, trace: OpenTrace, verdict: Verdict, trigger: str, now: float) -> None:
        """Take a trace out of the buffer."""
        del self._open[trace.trace_id]
        self._bytes -= trace.size + trace.leave()
        self._settle(trace, verdict, trigger, now)

    def _settle(self, trace: OpenTrace, verdict: Verdict, trigger: str, now: float) -> None:
        """Carry a verdict out and remember it."""
        self.decisions[verdict.reason, verdict.keep, trigger] += 1
        if verdict.keep:
            self._kept.add(trace.trace_id, verdict, now)
            for place, records in trace.pieces():
                self._let_pass(place, records, verdict)
        else:
            self._dropped.add(trace.trace_id, now)
            self._gone[verdict.reason] += len(trace.records)
        trace.empty()

    def _follow(
        self, record: SpanRecord, place: CleanPlace, verdict: Verdict | None, now: float
    ) -> None:
        """Treat a late span like its trace, unless by itself it would have had its trace kept."""
        early = self._early
        is_slow = record.end_ns - record.start_ns >= early.latency_ns
        is_bad = record.status and bit_of(record.status) & early.statuses
        if (is_slow or is_bad) and self._kept_alone(record, place, now, partial=verdict is None):
            return
        if verdict is None:
            self._gone[LATE] += 1
        else:
            self._rules.charge(1, len(record.raw))
            self._let_pass(place, [record], verdict)

    def _kept_alone(
        self, record: SpanRecord, place: CleanPlace, now: float, *, partial: bool
    ) -> bool:
        """Keep a late span for its own sake, if there is a policy that would."""
        alone = OpenTrace(record.trace_id, now)
        alone.put(record, place)
        reason = self._early.reason(alone)
        if reason is None:
            return False
        own = self._rules.settle(reason, 0, Facts(alone), now)
        if own.keep:
            self._let_pass(place, [record], own._replace(partial=partial))
        return own.keep

    def _let_pass(self, place: CleanPlace, records: list[SpanRecord], verdict: Verdict) -> None:
        if self._options.annotate:
            records = self._annotator.annotated(records, verdict)
        self._pieces.setdefault(place, []).extend(records)

    def _relieve(self, now: float) -> None:
        """Hold the bounds: decide the oldest traces, and stop taking new ones in before that."""
        options = self._options
        while self._bytes > self._max_bytes or len(self._open) > options.max_traces:
            oldest = self._by_age.popleft()
            if not oldest.decided:
                self._close(oldest, self._by_randomness(oldest), Trigger.EVICTED, now)
        fill = max(self._bytes / self._max_bytes, len(self._open) / options.max_traces)
        self._stress.update(fill, now)
        most = 2 * len(self._open) + _STRIDE
        for queue in (self._by_age, self._by_root):
            if len(queue) > most:
                waiting = [trace for trace in queue if not trace.decided]
                queue.clear()
                queue.extend(waiting)

    def _decided(self) -> Decided:
        pieces, self._pieces = self._pieces, {}
        gone, self._gone = self._gone, Counter()
        return Decided(gathered(pieces) if pieces else None, gone)
