from collections import Counter

from otel_bridge.stats import Fate, Kind, Stats


def test_a_book_is_absorbed_with_everything_in_it_and_begins_anew():
    whole, book = Stats(), Stats()
    for stats in (whole, book):
        stats.received(Kind.SPAN, 3)
        stats.fate(Kind.SPAN, Fate.REFUSED, 2, reason="why")
        stats.redacted(Counter({"password": 1}))
        stats.fault("somewhere")
    whole.absorb(book)

    assert book.snapshot() == Stats().snapshot()
    assert whole.snapshot()["span"] == {"received": 6, "refused:why": 4}
    assert whole.snapshot()["redactions"] == {"password": 2}
    assert whole.snapshot()["faults"] == {"somewhere": 2}


def test_what_is_open_has_come_in_and_has_no_fate():
    stats = Stats()
    stats.received(Kind.SPAN, 3)
    stats.received(Kind.LOG, 1)
    stats.fate(Kind.SPAN, Fate.REFUSED, 2, reason="why")

    assert (stats.open(Kind.SPAN), stats.open(Kind.LOG)) == (1, 1)
    assert stats.fates_of(Kind.SPAN) == {(Fate.REFUSED, "why"): 2}
