import threading

from otel_bridge.send.ledger import Ledger
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.queue import BoundedQueue
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.testing import FakeClock


class SlowStats(Stats):
    """Takes its time to count, as a thread does that is not let run."""

    def fate(self, kind, fate, items=1, *, reason=""):
        threading.Event().wait(0.05)
        super().fate(kind, fate, items, reason=reason)


def make_ledger(stats, on_loss=None):
    ledger = Ledger(BoundedQueue(10, 1_000), stats, FakeClock(), on_loss)
    ledger.accept(Parcel(kind=Kind.ERROR, items=3, body=b"x", accepted_at=0.0))
    return ledger, ledger.take()


def test_who_waits_for_the_end_finds_everything_counted():
    stats = SlowStats()
    ledger, parcel = make_ledger(stats)
    threading.Thread(target=ledger.settle, args=(parcel, Fate.DELIVERED)).start()

    assert ledger.wait_until_empty(5.0)
    assert stats.snapshot()["error"]["delivered"] == 3


def test_a_loss_is_told_once_with_its_items_and_a_delivery_is_not():
    told = []
    ledger, parcel = make_ledger(Stats(), lambda *loss: told.append(loss))

    ledger.settle(parcel, Fate.REFUSED, "partial_success", items=2)
    ledger.settle(parcel, Fate.EXPIRED, "age")
    ledger.turn_away(parcel, Fate.QUEUE_FULL)
    ledger, parcel = make_ledger(Stats(), lambda *loss: told.append(loss))
    ledger.settle(parcel, Fate.DELIVERED)

    assert told == [(Fate.REFUSED, "partial_success", 2), (Fate.QUEUE_FULL, "", 3)]
