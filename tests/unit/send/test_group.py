from otel_bridge.send.dsn import Dsn
from otel_bridge.send.group import BySignal, RoutedDestination, Tee
from otel_bridge.send.routing import Route
from otel_bridge.stats import Fate, Stats
from otel_bridge.testing import FakeClock
from otel_bridge.wire.batch import Signal
from tests.unit.send.by_hand import spans

DSN = Dsn.parse("https://aaaa@host/1")


class Sink:
    """Remembers what it was asked; takes a while to answer."""

    def __init__(self, clock=None, takes=0.0, answer=True):
        self.offered = []
        self.losses = []
        self.asked = []
        self.clock = clock
        self.takes = takes
        self.answer = answer

    def offer(self, thing):
        self.offered.append(thing)

    def discarded(self, fate, reason, items=1, event=None):
        self.losses.append((fate, reason, items))

    def start(self):
        self.asked.append("start")

    def hurry(self):
        self.asked.append("hurry")

    def flush(self, timeout):
        return self._wait("flush", timeout)

    def shutdown(self, timeout):
        return self._wait("shutdown", timeout)

    def after_fork_in_child(self):
        self.asked.append("fork")

    def _wait(self, what, timeout):
        self.asked.append((what, timeout))
        if self.clock:
            self.clock.advance(min(self.takes, timeout))
        return self.answer and self.takes <= timeout


def routed(payments, default, stats=None, clock=None):
    routes = [(Route(dsn=DSN, tags={"area": "payments"}), payments)]
    return RoutedDestination(routes, default, stats or Stats(), clock)


def test_each_event_goes_where_its_rule_says():
    payments, default = Sink(), Sink()
    group = routed(payments, default)

    group.offer({"tags": {"area": "payments"}})
    group.offer({"tags": {"area": "search"}})

    assert payments.offered == [{"tags": {"area": "payments"}}]
    assert default.offered == [{"tags": {"area": "search"}}]


def test_who_would_have_got_an_event_is_told_that_it_is_lost():
    payments, default = Sink(), Sink()
    group = Tee(routed(payments, default), [Sink()])

    group.discarded(Fate.SAMPLED_OUT, "error_budget", 1, {"tags": {"area": "payments"}})
    group.discarded(Fate.FILTERED, "ignore_errors", 3)

    assert payments.losses == [(Fate.SAMPLED_OUT, "error_budget", 1)]
    assert default.losses == [(Fate.FILTERED, "ignore_errors", 3)]


def test_without_a_default_other_events_are_dropped_and_counted():
    stats = Stats()

    routed(Sink(), None, stats).offer({})

    assert stats.snapshot()["error"] == {"received": 0, "filtered:no_route": 1}


def test_an_event_of_an_odd_shape_goes_to_the_default():
    default, stats = Sink(), Stats()

    routed(Sink(), default, stats).offer({"tags": 7})

    assert default.offered == [{"tags": 7}]
    assert stats.snapshot()["faults"] == {"routing": 1}


def test_members_share_one_time_limit_and_all_begin_at_once():
    clock = FakeClock()
    slow, fast = Sink(clock, takes=3.0), Sink(clock)
    group = routed(slow, fast, clock=clock)

    assert group.flush(5.0)
    assert not group.shutdown(2.0)

    assert slow.asked == ["hurry", ("flush", 5.0), "hurry", ("shutdown", 2.0)]
    assert fast.asked == ["hurry", ("flush", 2.0), "hurry", ("shutdown", 0.0)]


def test_one_member_that_fails_is_told_of():
    assert not routed(Sink(answer=False), Sink()).flush(1.0)
    assert not routed(Sink(), Sink(answer=False)).flush(1.0)


def test_starts_and_forks_reach_every_member():
    members = Sink(), Sink()
    group = routed(*members)

    group.start()
    group.after_fork_in_child()

    assert [member.asked for member in members] == [["start", "fork"]] * 2


def test_copies_get_every_event_and_no_time():
    first, copy = Sink(), Sink(answer=False)
    tee = Tee(first, [copy])

    tee.offer({"n": 1})

    assert first.offered == copy.offered == [{"n": 1}]
    assert tee.flush(5.0)
    assert tee.shutdown(5.0)
    assert copy.asked == ["hurry", "hurry", ("shutdown", 0.0)]


def test_batches_go_to_the_receiver_of_their_signal():
    traces, stats = Sink(), Stats()
    batch = spans(3)

    BySignal({Signal.TRACES: traces}, stats).offer(batch)
    BySignal({Signal.LOGS: Sink()}, stats).offer(batch)

    assert traces.offered == [batch]
    assert stats.snapshot()["span"] == {"received": 0, "filtered:no_endpoint": 3}
