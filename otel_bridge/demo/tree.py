"""Traces as indented text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from otel_bridge.wire.batch import SpanRecord, StatusCode
from otel_bridge.wire.messages import Span


def render_traces(spans: Sequence[SpanRecord]) -> str:
    """Return each trace as a tree of span names with durations, in order of their start."""
    traces: dict[bytes, list[SpanRecord]] = defaultdict(list)
    for span in sorted(spans, key=lambda span: span.start_ns):
        traces[span.trace_id].append(span)
    return "".join(line + "\n" for trace in traces.values() for line in _trace(trace))


def _trace(spans: Sequence[SpanRecord]) -> Iterator[str]:
    known = {span.span_id for span in spans}
    children: dict[bytes, list[SpanRecord]] = defaultdict(list)
    for span in spans:
        parent = span.parent_span_id if span.parent_span_id in known else b""
        children[parent].append(span)
    yield f"  trace {spans[0].trace_id.hex()}"
    for root in children[b""]:
        yield from _subtree(root, children, indent="    ")
    yield ""


def _subtree(
    span: SpanRecord, children: dict[bytes, list[SpanRecord]], indent: str
) -> Iterator[str]:
    mark = "✗" if span.status == StatusCode.ERROR else "·"
    milliseconds = (span.end_ns - span.start_ns) / 1e6
    label = f"{indent}{mark} {Span.FromString(span.raw).name}"
    yield f"{label:<56} {milliseconds:>8.1f} ms"
    for child in children[span.span_id]:
        yield from _subtree(child, children, indent + "  ")
