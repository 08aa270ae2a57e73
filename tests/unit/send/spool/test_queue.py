import pytest

from otel_bridge.send.parcel import Parcel
from otel_bridge.send.spool.queue import SpooledQueue
from otel_bridge.stats import Kind
from otel_bridge.testing import FakeClock


class Slot:
    segment = "segment"

    def load(self):
        return b"from disk"

    def forget(self):
        pass


def parcel(size=0):
    return Parcel(kind=Kind.ERROR, items=1, body=b"x" * size, accepted_at=0.0)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def queue(clock):
    return SpooledQueue(10, 10**7, clock)


def save(queue):
    for each in queue.to_save():
        each.slot = Slot()
    queue.saved()


def test_nothing_is_sent_before_it_is_on_disk(queue):
    queue.offer(first := parcel())

    assert queue.take() is None
    save(queue)

    assert queue.take() is first


def test_what_the_disk_does_not_take_is_sent_from_memory(queue):
    queue.offer(first := parcel())
    queue.offer(second := parcel())
    queue.to_save()
    queue.not_saved()

    assert queue.disk_fails
    assert [queue.take(), queue.take()] == [first, second]


def test_while_the_disk_hangs_what_it_has_not_begun_with_is_sent_from_memory(queue, clock):
    queue.offer(parcel())
    queue.to_save()
    queue.offer(second := parcel())
    assert queue.take() is None

    clock.advance(2.0)

    assert queue.take() is second


def test_what_is_saved_makes_room_for_more(queue):
    for _ in range(10):
        assert queue.offer(parcel())
    assert not queue.offer(parcel())

    save(queue)

    assert queue.offer(parcel())
    assert len(queue) == 11


def test_memory_is_bounded_by_bytes():
    queue = SpooledQueue(10, 1_000, FakeClock())

    assert queue.offer(parcel(size=700))
    assert not queue.offer(parcel(size=700))


def test_what_is_only_on_disk_takes_no_bytes_of_memory():
    queue = SpooledQueue(100, 3 * 2**20, FakeClock())
    for _ in range(10):
        assert queue.offer(parcel(size=2**20))
        save(queue)

    bodies = [queue.take().body for _ in range(10)]
    assert all(body is None for body in bodies)


def test_a_little_of_what_is_on_disk_is_kept_in_memory_to_spare_the_reading(queue):
    queue.offer(first := parcel(size=100))
    save(queue)
    assert queue.take().body is not None

    queue.done(first)

    assert first.body is None


def test_a_parcel_that_comes_back_goes_to_its_own_line(queue):
    queue.offer(first := parcel())
    queue.to_save()
    queue.not_saved()
    queue.take()

    queue.put_back(first, last=False)

    assert queue.unsaved == 1
    save(queue)
    assert queue.take() is first


def test_what_was_recovered_comes_first_and_in_its_order(queue):
    queue.offer(new := parcel())
    save(queue)
    old = [parcel(), parcel()]

    queue.recovered(old)

    assert [queue.take() for _ in range(3)] == [*old, new]


def test_a_segment_is_evicted_with_all_that_waits_in_it(queue):
    queue.offer(first := parcel())
    save(queue)
    queue.offer(second := parcel())

    assert queue.evict("segment") == [first]
    assert queue.evict("other") == []
    assert queue.drain() == [second]


def test_draining_takes_out_everything(queue):
    queue.offer(parcel())
    save(queue)
    queue.offer(parcel())
    queue.to_save()
    queue.offer(parcel())

    assert len(queue) == 3
    assert len(queue.drain()) == 3
    assert len(queue) == 0
