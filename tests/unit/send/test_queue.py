from otel_bridge.send.parcel import Parcel
from otel_bridge.send.queue import BoundedQueue
from otel_bridge.stats import Kind


def parcel(items=1, size=0):
    return Parcel(kind=Kind.SPAN, items=items, body=b"x" * size, accepted_at=0.0)


def test_parcels_come_out_in_the_order_they_went_in():
    queue = BoundedQueue(10, 10_000)
    first, second = parcel(), parcel()

    assert queue.offer(first)
    assert queue.offer(second)

    assert [queue.take(), queue.take(), queue.take()] == [first, second, None]


def test_a_queue_is_full_when_its_items_are():
    queue = BoundedQueue(10, 10_000)

    assert queue.offer(parcel(items=9))
    assert not queue.offer(parcel(items=2))
    assert queue.offer(parcel(items=1))


def test_a_queue_is_full_when_its_bytes_are():
    queue = BoundedQueue(10, 2_000)

    assert queue.offer(parcel(size=1_500))
    assert not queue.offer(parcel(size=500))


def test_what_is_under_way_still_takes_its_room():
    queue = BoundedQueue(1, 10_000)
    queue.offer(parcel())

    taken = queue.take()

    assert not queue.offer(parcel())
    queue.done(taken)
    assert queue.offer(parcel())


def test_what_is_put_back_comes_next_or_last():
    queue = BoundedQueue(10, 10_000)
    first, second = parcel(), parcel()
    queue.offer(first)
    queue.offer(second)

    queue.put_back(queue.take(), last=False)
    assert queue.take() is first
    queue.put_back(first, last=True)
    assert [queue.take(), queue.take()] == [second, first]
