from opentelemetry.proto.trace.v1.trace_pb2 import Span

from otel_bridge.demo.tree import render_traces
from otel_bridge.wire.batch import SpanRecord, StatusCode

TRACE = bytes(15) + b"\x01"


def span(name, number, parent=0, *, status=StatusCode.UNSET, start_ms=0, end_ms=1):
    return SpanRecord(
        trace_id=TRACE,
        span_id=number.to_bytes(8, "big"),
        parent_span_id=parent.to_bytes(8, "big") if parent else b"",
        flags=0x100,
        kind=1,
        status=status,
        start_ns=start_ms * 1_000_000,
        end_ns=end_ms * 1_000_000,
        raw=Span(name=name).SerializeToString(),
    )


def test_children_stand_indented_below_their_parent_in_order_of_start():
    spans = [
        span("later child", 3, parent=1, start_ms=5, end_ms=6),
        span("child", 2, parent=1, start_ms=1, end_ms=4, status=StatusCode.ERROR),
        span("root", 1, end_ms=10),
    ]

    lines = render_traces(spans).splitlines()

    assert [line[:20].rstrip() for line in lines[1:4]] == [
        "    · root",
        "      ✗ child",
        "      · later child",
    ]
    assert lines[0] == f"  trace {TRACE.hex()}"
    assert lines[1].endswith("10.0 ms")


def test_a_span_whose_parent_was_not_seen_is_shown_as_a_root():
    assert "    · orphan" in render_traces([span("orphan", 2, parent=9)])
