import pytest

from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord
from otel_bridge.wire.clean import CleanBatch
from otel_bridge.wire.receive import read_request
from tests.unit.wire.make import request_of, span_message

BIG = 10**9
UNKNOWN = b"\xfa\x01\x02hi"


def make_batch(*numbers, service="shop", unknown=b""):
    """A batch with a span for every number; the number is both ids."""
    request = request_of(*map(span_message, numbers), **{"service.name": service})
    return read_request(request.SerializeToString() + unknown, Signal.TRACES)


def numbers_of(batch):
    return [int.from_bytes(record.span_id) for record in batch.records()]


def test_a_batch_counts_its_records():
    assert len(make_batch(1, 2, 3)) == 3
    assert make_batch(1)
    assert not make_batch()
    assert not Batch(Signal.LOGS, [])


def test_a_batch_without_records_but_unknown_fields_is_something():
    assert make_batch(unknown=UNKNOWN)


def test_a_small_batch_is_not_split():
    batch = make_batch(1, 2, 3)

    assert batch.split(BIG, 3) == [batch]


def test_a_batch_is_split_by_count():
    parts = make_batch(1, 2, 3, 4, 5).split(BIG, 2)

    assert [numbers_of(part) for part in parts] == [[1, 2], [3, 4], [5]]


def test_a_batch_is_split_by_bytes_and_nothing_is_lost():
    batch = make_batch(*range(1, 1000))

    parts = batch.split(5_000, 10**6)

    assert max(len(part.to_request()) for part in parts) <= 5_000
    assert len(parts) <= 2 * len(batch.to_request()) / 5_000
    assert [number for part in parts for number in numbers_of(part)] == numbers_of(batch)


def test_a_small_batch_is_one_request():
    batch = make_batch(1, 2, 3)
    whole = batch.to_request()

    assert list(batch.requests(len(whole), 3)) == [(3, whole)]


@pytest.mark.parametrize(("max_bytes", "max_items"), [(BIG, 2), (100, 10**6)])
def test_a_larger_batch_makes_the_requests_of_its_parts(max_bytes, max_items):
    batch = make_batch(1, 2, 3, 4, 5)
    parts = batch.split(max_bytes, max_items)

    assert len(parts) > 1
    assert list(batch.requests(max_bytes, max_items)) == [
        (len(part), part.to_request()) for part in parts
    ]


def test_nothing_makes_no_request_and_unknown_fields_make_one():
    assert list(make_batch().requests(BIG, 1)) == []
    unknown = make_batch(unknown=UNKNOWN)
    assert list(unknown.requests(BIG, 1)) == [(0, unknown.to_request())]


def test_every_part_names_the_resource_and_the_scope():
    batch = make_batch(1, 2).merge([make_batch(3, service="cart")])

    parts = batch.split(BIG, 1)

    assert [part.resources[0].resource for part in parts] == [
        make_batch(service=service).resources[0].resource for service in ("shop", "shop", "cart")
    ]


def test_a_record_larger_than_allowed_is_alone():
    parts = make_batch(1, 2, 3).split(10, 100)

    assert [numbers_of(part) for part in parts] == [[1], [2], [3]]


def test_unknown_fields_of_the_request_travel_once():
    parts = make_batch(1, 2, unknown=UNKNOWN).split(BIG, 1)

    assert b"".join(part.unknown for part in parts) == UNKNOWN
    assert [number for part in parts for number in numbers_of(part)] == [1, 2]


def test_merging_brings_equal_resources_together_and_leaves_the_parts_alone():
    first, second = make_batch(1), make_batch(2, 3, service="cart")

    merged = first.merge([second, make_batch(4, unknown=UNKNOWN)])

    assert numbers_of(merged) == [1, 4, 2, 3]
    assert len(merged.resources) == 2
    assert merged.unknown == UNKNOWN
    assert (len(first), len(second)) == (1, 2)


def test_the_parts_of_a_batch_make_it_again():
    batch = make_batch(*range(1, 50))
    first, *rest = batch.split(300, 100)

    assert first.merge(rest).to_request() == batch.to_request()


def test_batches_of_different_signals_do_not_merge():
    with pytest.raises(ValueError, match="traces"):
        make_batch(1).merge([Batch(Signal.LOGS, [])])


def test_unwanted_records_go_with_the_groups_they_leave_empty():
    batch = make_batch(1, 2).merge([make_batch(3, service="cart")])

    kept = batch.keep(lambda record: record.span_id == (2).to_bytes(8, "big"))

    assert numbers_of(kept) == [2]
    assert len(kept.resources) == 1
    assert numbers_of(batch) == [1, 2, 3]


def test_a_batch_is_regrouped_by_trace():
    def record(trace, span):
        return SpanRecord(bytes([trace]) * 16, bytes([span]) * 8, b"", 0, 0, 0, 0, 0, b"")

    scopes = [
        ScopeGroup(b"", [record(1, 1), record(2, 2)]),
        ScopeGroup(b"", [record(2, 3), record(1, 4)], "https://x/1"),
    ]
    batch = Batch(Signal.TRACES, [ResourceGroup(b"", scopes)])

    traces = batch.by_trace()

    assert {
        trace[0]: [(scope.schema_url, record.span_id[0]) for scope in part.resources[0].scopes
                   for record in scope.records]
        for trace, part in traces.items()
    } == {1: [("", 1), ("https://x/1", 4)], 2: [("", 2), ("https://x/1", 3)]}  # fmt: skip


def test_parts_have_the_type_of_the_whole():
    class Proven(Batch):
        pass

    batch = Proven(Signal.TRACES, make_batch(1, 2).resources)

    made = [*batch.split(BIG, 1), batch.merge([]), batch.keep(bool), *batch.by_trace().values()]

    assert {type(part) for part in made} == {Proven}
    assert CleanBatch(batch) is batch
