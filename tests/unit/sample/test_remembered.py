from random import Random

from otel_bridge.sample.remembered import KEPT_BYTES, DroppedTraces, KeptTraces
from otel_bridge.sample.verdict import Verdict

VERDICT = Verdict(keep=True, reason="all", threshold=0)


def names(count, seed=1):
    random = Random(seed)
    return [random.randbytes(16) for _ in range(count)]


def test_kept_traces_are_remembered_with_their_verdict():
    kept = KeptTraces(KEPT_BYTES * 100, seconds=60)
    kept.add(b"a", VERDICT, 0)

    assert (kept.get(b"a"), kept.get(b"b")) == (VERDICT, None)


def test_at_least_the_newer_half_of_the_room_is_remembered_and_never_more_than_all():
    kept = KeptTraces(KEPT_BYTES * 100, seconds=60)
    traces = names(1000)
    for trace in traces:
        kept.add(trace, VERDICT, 0)

    remembered = [trace for trace in traces if kept.get(trace)]

    assert 50 <= len(remembered) <= 100
    assert remembered == traces[-len(remembered) :]


def test_kept_traces_are_forgotten_after_their_time():
    kept = KeptTraces(KEPT_BYTES * 100, seconds=60)
    kept.add(b"a", VERDICT, 0)
    kept.add(b"b", VERDICT, 59)
    kept.add(b"c", VERDICT, 60)
    kept.add(b"d", VERDICT, 120)

    assert [name for name in (b"a", b"b", b"c", b"d") if kept.get(name)] == [b"c", b"d"]


def test_dropped_traces_are_remembered():
    dropped = DroppedTraces(1 << 16, seconds=60)
    traces = names(1000)
    for trace in traces:
        dropped.add(trace, 0)
        dropped.add(trace, 0)

    assert all(trace in dropped for trace in traces)
    assert [trace for trace in names(20_000, seed=2) if trace in dropped] == []


def test_the_set_of_dropped_traces_forgets_the_oldest_when_it_is_full():
    dropped = DroppedTraces(1 << 12, seconds=60)
    traces = names(5000)
    for trace in traces:
        dropped.add(trace, 0)

    remembered = sum(trace in dropped for trace in traces)

    assert 150 <= remembered <= 400
    assert all(trace in dropped for trace in traces[-150:])
    assert traces[0] not in dropped


def test_dropped_traces_are_forgotten_after_their_time():
    dropped = DroppedTraces(1 << 12, seconds=60)
    for now, name in ((0, b"a"), (60, b"b"), (120, b"c")):
        dropped.add(name, now)

    assert [name for name in (b"a", b"b", b"c") if name in dropped] == [b"b", b"c"]
