import pytest

from otel_bridge.instrument.outgoing import Outgoing
from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord


def batch(*numbers, signal=Signal.TRACES):
    records = [SpanRecord(b"t" * 16, bytes([n]) * 8, b"", 0, 1, 0, 0, 0, b"") for n in numbers]
    return Batch(signal, [ResourceGroup(b"", [ScopeGroup(b"", records)])])


@pytest.fixture
def offered():
    return []


@pytest.fixture
def outgoing(offered):
    return Outgoing(offered.append, enough=3, max_wait_s=1.0)


def numbers(batches):
    return [[record.span_id[0] for record in each.records()] for each in batches]


def test_enough_records_go_at_once_as_they_are(outgoing, offered):
    large = batch(1, 2, 3)
    outgoing.add(large, 0.0)

    assert offered == [large]


def test_small_batches_wait_until_they_are_enough_together(outgoing, offered):
    outgoing.add(batch(1), 0.0)
    outgoing.add(batch(2), 0.1)
    assert offered == []

    outgoing.add(batch(3), 0.2)
    outgoing.add(batch(4), 0.3)
    assert numbers(offered) == [[1, 2, 3]]


def test_the_first_that_waits_says_when_all_must_go(outgoing, offered):
    outgoing.add(batch(1), 5.0)
    outgoing.add(batch(2), 5.9)
    outgoing.due(5.99)
    assert offered == []

    outgoing.due(6.0)
    outgoing.due(6.0)
    assert numbers(offered) == [[1, 2]]


def test_signals_go_apart(outgoing, offered):
    outgoing.add(batch(1), 0.0)
    outgoing.add(batch(2, signal=Signal.LOGS), 0.0)
    outgoing.release()

    assert [each.signal for each in offered] == [Signal.TRACES, Signal.LOGS]
    assert numbers(offered) == [[1], [2]]


def test_what_fails_for_one_signal_leaves_the_other_waiting():
    offered = []

    def offer(batch):
        if batch.signal is Signal.TRACES:
            raise RuntimeError("no")
        offered.append(batch)

    outgoing = Outgoing(offer, enough=10, max_wait_s=1.0)
    outgoing.add(batch(1), 0.0)
    outgoing.add(batch(2, signal=Signal.LOGS), 0.0)

    with pytest.raises(RuntimeError):
        outgoing.release()
    outgoing.release()

    assert numbers(offered) == [[2]]
