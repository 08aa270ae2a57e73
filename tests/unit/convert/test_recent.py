from otel_bridge.convert.recent import Recent
from tests.unit.convert.telemetry import TRACE, make_entry, make_log, make_span, span_id


def recent(*spans, **limits):
    memory = Recent(**{"max_records": 100, "max_bytes": 1_000_000, "max_age_s": 60, **limits})
    for number, span in enumerate(spans):
        memory.keep_spans([span], b"", b"", float(number))
    return memory


def test_a_climb_ends_at_the_entry_span():
    climb = recent(make_span(3, parent=2), make_span(2, parent=1), make_entry(1)).climb(
        TRACE, span_id(3)
    )

    assert (climb.top, climb.depth) == (span_id(1), 2)
    assert climb.entry.record.name if hasattr(climb.entry.record, "name") else climb.entry


def test_a_climb_stops_where_a_parent_is_missing():
    climb = recent(make_span(3, parent=2)).climb(TRACE, span_id(3))

    assert (climb.entry, climb.top) == (None, span_id(2))


def test_an_unknown_span_is_its_own_top():
    assert recent().climb(TRACE, span_id(3)).top == span_id(3)


def test_the_oldest_traces_are_forgotten_first():
    spans = [make_span(1, trace_id=bytes([n]) * 16) for n in range(1, 6)]
    memory = recent(*spans, max_records=3)
    memory.trim(10.0)

    assert [memory.trace(span.trace_id) is not None for span in spans] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_a_trace_without_news_is_forgotten():
    memory = recent(make_span(1), max_age_s=5)
    memory.trim(5.0)
    assert memory.trace(TRACE) is not None

    memory.trim(5.1)
    assert memory.trace(TRACE) is None


def test_bytes_count_too():
    memory = recent(make_span(1, a="x" * 2_000), max_bytes=1_000)
    memory.keep_log(make_log(1, trace_id=bytes(15) + b"\x09"), b"", b"", 1.0)
    memory.trim(2.0)

    assert memory.trace(TRACE) is None


def test_a_span_that_comes_again_counts_once():
    memory = recent(*[make_span(1)] * 50, max_records=3)
    memory.trim(60.0)

    assert memory.span(TRACE, span_id(1)) is not None


def test_a_span_that_comes_again_and_is_larger_counts_with_its_size():
    spans = [make_span(n) for n in range(1, 11)]
    memory = recent(*spans, max_bytes=10_000)
    memory.keep_spans([span._replace(raw=bytes(5_000)) for span in spans], b"", b"", 10.0)
    memory.trim(10.0)

    assert sum(len(kept.record.raw) for kept in memory.trace(TRACE).spans()) <= 10_000
