"""Batches: nothing is lost, doubled or changed, however they are cut and joined."""

from hypothesis import given, strategies as st

from otel_bridge.wire.batch import Signal
from otel_bridge.wire.messages import ExportTraceServiceRequest
from otel_bridge.wire.receive import read_request
from otel_bridge.wire.varint import delimited
from tests.properties import wire_data as data
from tests.unit.wire.make import request_of, span_message


def placed(batch):
    """Every record with all that it is grouped under, in a fixed order."""
    return sorted(
        (group.resource, group.schema_url, group.unknown, scope.scope, scope.schema_url,
         scope.unknown, record)
        for group in batch.resources
        for scope in group.scopes
        for record in scope.records
    )  # fmt: skip


def make_batch(groups, unknown):
    """A batch as a newer sender would send it: with fields that we do not know at every level."""
    body = b""
    for (service, url), scope, numbers, inner in groups:
        message = request_of(*map(span_message, numbers), **{"service.name": service})
        message.resource_spans[0].schema_url = url
        message.resource_spans[0].scope_spans[0].scope.name = scope
        body += message.SerializeToString()
        body += delimited(b"\x0a", inner + delimited(b"\x12", inner + delimited(b"\x12", inner)))
    return read_request(body + unknown, Signal.TRACES)


batches = st.builds(
    make_batch,
    st.lists(
        st.tuples(
            st.tuples(st.sampled_from(["a", "b"]), data.urls),
            st.sampled_from(["s", "t"]),
            st.lists(st.integers(1, 4), max_size=4),
            data.unknown_fields,
        ),
        max_size=3,
    ),
    data.unknown_fields,
)


@data.EXAMPLES
@given(batches)
def test_a_request_is_received_and_forwarded_byte_for_byte(batch):
    body = batch.to_request()

    received = read_request(body, Signal.TRACES)

    assert received.to_request() == body
    assert placed(received) == placed(batch)
    assert received.unknown == batch.unknown


@data.EXAMPLES
@given(batches, st.integers(1, 3000), st.integers(1, 10))
def test_parts_keep_to_the_limits_and_make_up_the_whole(batch, max_bytes, max_items):
    parts = batch.split(max_bytes, max_items)

    assert sorted(row for part in parts for row in placed(part)) == placed(batch)
    assert b"".join(part.unknown for part in parts) == batch.unknown
    for part in parts:
        assert len(part) <= max_items
        assert len(part.to_request()) <= max_bytes or len(part) <= 1


@data.EXAMPLES
@given(batches, batches)
def test_merging_loses_nothing_and_opens_every_group_once(first, second):
    merged = first.merge([second])

    assert placed(merged) == sorted(placed(first) + placed(second))
    groups = [(g.resource, g.schema_url, g.unknown) for g in merged.resources]
    assert len(groups) == len(set(groups))
    assert merged.unknown == first.unknown + second.unknown


@data.EXAMPLES
@given(batches, batches)
def test_requests_one_after_the_other_are_one_request(first, second):
    both = read_request(first.to_request() + second.to_request(), Signal.TRACES)

    assert placed(both) == sorted(placed(first) + placed(second))


@data.EXAMPLES
@given(batches)
def test_every_record_is_in_the_part_of_its_trace(batch):
    traces = batch.by_trace()

    assert sorted(row for part in traces.values() for row in placed(part)) == placed(batch)
    assert all(
        record.trace_id == trace for trace, part in traces.items() for record in part.records()
    )


@data.EXAMPLES
@given(batches, st.sets(st.integers(0, 4)))
def test_keeping_and_the_rest_are_the_whole(batch, numbers):
    wanted = batch.keep(lambda record: int.from_bytes(record.span_id) in numbers)
    unwanted = batch.keep(lambda record: int.from_bytes(record.span_id) not in numbers)

    assert sorted(placed(wanted) + placed(unwanted)) == placed(batch)


@data.EXAMPLES
@given(st.lists(data.unknown_fields.filter(bool), min_size=2, max_size=4))
def test_a_message_field_in_several_pieces_is_their_sum(pieces):
    group = b"".join(delimited(b"\x0a", piece) for piece in pieces)
    body = delimited(b"\x0a", group)

    received = read_request(body, Signal.TRACES)

    again = ExportTraceServiceRequest.FromString(received.to_request())
    assert again == ExportTraceServiceRequest.FromString(body)
