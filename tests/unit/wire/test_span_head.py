import pytest

from otel_bridge.wire.batch import Signal
from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.messages import Span
from otel_bridge.wire.receive import read_request
from otel_bridge.wire.span_head import IDS, head_size, span_head
from tests.unit.wire.make import make_context, make_span, request_of, span_message

TRACE_ID, SPAN_ID, PARENT_ID = bytes(range(16)), bytes(range(8)), bytes(range(8, 16))


@pytest.mark.parametrize("parent_id", [b"", PARENT_ID], ids=["root", "child"])
def test_a_head_is_a_span_without_text(parent_id):
    head = span_head(TRACE_ID, SPAN_ID, parent_id, (3, 5, 2**64 - 1, 0x300))

    assert Span.FromString(head) == Span(
        trace_id=TRACE_ID,
        span_id=SPAN_ID,
        parent_span_id=parent_id,
        kind=3,
        start_time_unix_nano=5,
        end_time_unix_nano=2**64 - 1,
        flags=0x300,
    )


@pytest.mark.parametrize(
    "changes", [{}, {"parent": make_context(span_id=9)}, {"start_time": None}], ids=str
)
def test_the_head_of_a_span_that_we_encoded_is_found(changes):
    record = SpanEncoder().record(make_span(**changes))

    size = head_size(record)

    rest = Span.FromString(record.raw[size:])
    assert size in (54, 64)
    assert (rest.name, rest.trace_id, rest.start_time_unix_nano) == ("GET /cart", b"", 0)


@pytest.mark.parametrize(
    ("span", "size"),
    [
        (span_message(1, start_time_unix_nano=5), IDS),
        (span_message(1, trace_id=b""), 0),
        (span_message(1, span_id=b""), 0),
        (span_message(1, kind=-1), 0),
        (span_message(1, kind=200), 0),
    ],
    ids=["other order", "no trace id", "no span id", "negative kind", "large kind"],
)
def test_of_a_span_that_another_encoder_wrote_only_the_ids_are_known(span, size):
    body = request_of(span).SerializeToString()

    (record,) = read_request(body, Signal.TRACES).records()

    assert head_size(record) == size


def test_a_trace_state_stands_right_behind_the_ids():
    record = SpanEncoder().record(make_span(context=make_context(state=[("a", "1")])))

    assert record.raw[IDS:].startswith(b"\x1a\x03a=1")
    assert head_size(record) == IDS
    assert Span.FromString(record.raw).trace_state == "a=1"


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({"kind": 1}, IDS),
        ({"parent_span_id": PARENT_ID}, IDS),
        ({"start_ns": 2**64}, 0),
        ({"trace_id": TRACE_ID}, 0),
    ],
    ids=["kind", "parent", "time", "trace id"],
)
def test_a_head_that_is_not_what_the_record_says_is_no_head(changes, size):
    record = SpanEncoder().record(make_span())

    assert head_size(record._replace(**changes)) == size
