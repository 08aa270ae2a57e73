import tracemalloc

from otel_bridge.wire.gather import Places, gathered
from otel_bridge.wire.messages import Resource
from tests.simulation.spans import batch_of, make_span, trace_id
from tests.simulation.traffic import clean_batch, resource_of

A = trace_id(1)


def test_equal_places_are_the_same_object_across_batches():
    places = Places(8)

    found = [
        place
        for batch in (batch_of(make_span(A, 1)), batch_of(make_span(A, 2)))
        for place, _ in places.of(batch)
    ]

    assert found[0] is found[1]
    assert found[0].size > 0


def test_places_are_told_apart_by_what_they_hold():
    batch = clean_batch(
        [(resource_of("a"), [make_span(A, 1)]), (resource_of("b"), [make_span(A, 2)])]
    )
    batch.resources[1].scopes[0].schema_url = "x"

    found = [place for place, _ in Places(8).of(batch)]

    assert len(set(found)) == 2
    assert [place.attributes["service.name"] for place in found] == ["a", "b"]


def test_too_many_places_are_forgotten():
    places = Places(2)
    first = next(iter(places.of(batch_of(make_span(A), service="0"))))[0]
    for number in range(1, 3):
        list(places.of(batch_of(make_span(A), service=str(number))))

    again = next(iter(places.of(batch_of(make_span(A), service="0"))))[0]

    assert again is not first
    assert again.key == first.key


def test_gathered_records_stand_where_they_stood():
    batch = clean_batch([(resource_of("a"), [make_span(A, 1), make_span(A, 2)]),
                         (resource_of("b"), [make_span(A, 3)])])  # fmt: skip
    pieces = {place: list(records) for place, records in Places(8).of(batch)}

    assert gathered(pieces).to_request() == batch.to_request()


def test_the_size_of_a_place_covers_its_decoded_attributes():
    resource = Resource()
    for number in range(2000):
        resource.attributes.add(key=f"k{number}").value.int_value = number + 1000
    batch = clean_batch([(resource.SerializeToString(), [make_span(A)])])
    ((place, _),) = Places(8).of(batch)

    tracemalloc.start()
    assert len(place.attributes) == 2000
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert taken < place.size
