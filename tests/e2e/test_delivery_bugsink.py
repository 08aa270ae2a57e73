"""A real error tracker that is killed and comes back has every error once."""

import random
import time

import pytest

from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.stats import Stats

OPTIONS = SendOptions(timeout_s=5.0, retry=RetryOptions(initial_s=0.05, max_s=0.3))


def event(number):
    return {
        "event_id": f"{number:032x}",
        "timestamp": time.time(),
        "platform": "python",
        "level": "error",
        "exception": {"values": [{"type": "ValueError", "value": f"error number {number}"}]},
        "sdk": {"name": "otel_bridge", "version": "0.1"},
    }


def stored_ids(bugsink):
    with bugsink._open("db.sqlite3") as database:
        rows = database.execute("SELECT event_id FROM events_event").fetchall()
    return sorted(row[0].replace("-", "") for row in rows)


@pytest.mark.parametrize("spooled", [False, True], ids=["in memory", "spooled"])
def test_a_tracker_that_is_killed_ten_times_has_every_error_once(spooled, start_bugsink, tmp_path):
    bugsink = start_bugsink()
    stats = Stats()
    options = OPTIONS
    if spooled:
        options = SendOptions(timeout_s=5.0, retry=OPTIONS.retry, spool_dir=tmp_path / "spool")
    destination = SentryDestination(Dsn.parse(bugsink.dsn()), None, options, stats)
    dice = random.Random(7)
    number = 0

    for _ in range(10):
        for _ in range(12):
            destination.offer(event(number))
            number += 1
            time.sleep(dice.uniform(0.0, 0.02))
        bugsink.kill()
        for _ in range(3):
            destination.offer(event(number))
            number += 1
        bugsink.start()

    assert destination.flush(60.0)
    assert destination.shutdown(5.0)
    assert stored_ids(bugsink) == [f"{each:032x}" for each in range(number)]
    assert stats.snapshot()["error"] == {"received": 0, "delivered": number}


def test_a_tracker_over_its_quota_is_left_alone(start_bugsink):
    bugsink = start_bugsink(events_per_5_minutes=3)
    stats = Stats()
    destination = SentryDestination(Dsn.parse(bugsink.dsn()), None, OPTIONS, stats)

    for number in range(20):
        destination.offer(event(number))
        destination.flush(5.0)
    destination.shutdown(5.0)

    counts = stats.snapshot()["error"]
    assert len(stored_ids(bugsink)) == counts["delivered"]
    assert counts["delivered"] <= 4
    assert counts["rate_limited:http_429"] == 1
    assert sum(counts.values()) == 20


def test_limits_on_transactions_with_every_answer_leave_errors_alone(bugsink):
    stats = Stats()
    destination = SentryDestination(Dsn.parse(bugsink.dsn(2)), None, OPTIONS, stats)

    for number in range(1_000, 1_005):
        destination.offer(event(number))

    assert destination.shutdown(20.0)
    assert stats.snapshot()["error"] == {"received": 0, "delivered": 5}


def test_what_a_tracker_refuses_is_counted(bugsink):
    stats = Stats()
    wrong = bugsink.dsn().replace("0123456789abcdef", "f" * 16, 1)
    destination = SentryDestination(Dsn.parse(wrong), None, OPTIONS, stats)

    destination.offer(event(2_000))
    destination.offer({**event(2_001), "extra": {"large": "x" * 1_200_000}})

    assert not destination.shutdown(20.0)
    assert stats.snapshot()["error"] == {"received": 0, "refused:http_403": 2}


def test_an_event_that_is_too_large_is_refused_and_the_next_one_arrives(bugsink):
    stats = Stats()
    destination = SentryDestination(Dsn.parse(bugsink.dsn()), None, OPTIONS, stats)

    destination.offer({**event(3_000), "extra": {"large": "x" * 1_200_000}})
    destination.offer(event(3_001))

    assert not destination.shutdown(20.0)
    assert stats.snapshot()["error"] == {"received": 0, "delivered": 1, "refused:http_413": 1}
