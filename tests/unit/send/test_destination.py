import json
import logging

import pytest

from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.send.transport import Reply
from tests.unit.send.by_hand import ByHand, event


def test_an_event_is_posted_compressed_with_both_forms_of_authentication():
    bridge = ByHand()

    bridge.offer(event())
    bridge.run()

    (posted,) = bridge.transport.posted
    head = json.loads(posted.content.split(b"\n")[0])
    assert posted.url == "http://127.0.0.1:1/api/1/envelope/"
    assert posted.headers["X-Sentry-Auth"].startswith("Sentry sentry_key=aaaa, ")
    assert posted.headers["Content-Type"] == "application/x-sentry-envelope"
    assert posted.headers["Content-Encoding"] == "gzip"
    assert posted.headers["User-Agent"].startswith("otel_bridge/")
    assert head["dsn"] == "http://aaaa@127.0.0.1:1/1"
    assert bridge.fates() == {"delivered": 1}


def test_an_event_that_cannot_be_delivered_now_is_delivered_later():
    bridge = ByHand(None, 503, 200)

    bridge.offer(event())
    bridge.run(seconds=10)

    assert len(bridge.transport.posted) == 3
    assert bridge.fates() == {"delivered": 1}


def test_while_a_destination_is_down_it_is_tried_ever_less_often():
    bridge = ByHand(*[None] * 100)
    for number in range(50):
        bridge.offer(event(number))

    bridge.run(seconds=600)

    # 1, 2, 4, 8, 16, 32 and then every 60 seconds
    assert len(bridge.transport.posted) == 15
    assert bridge.fates() == {}


@pytest.mark.parametrize("status", [400, 403, 413])
def test_a_refused_event_is_not_tried_again(status):
    bridge = ByHand(status)

    bridge.offer(event())
    bridge.run(seconds=50)

    assert len(bridge.transport.posted) == 1
    assert bridge.fates() == {f"refused:http_{status}": 1}


def test_a_429_drops_its_event_and_the_ones_that_come_while_it_lasts():
    bridge = ByHand(Reply(429, {"retry-after": "10"}, b""))
    bridge.offer(event(1))
    bridge.offer(event(2))

    bridge.run()
    bridge.offer(event(3))
    bridge.clock.advance(11)
    bridge.offer(event(4))
    bridge.run()

    assert bridge.fates() == {
        "delivered": 1,
        "rate_limited:backoff": 2,
        "rate_limited:http_429": 1,
    }


def test_errors_can_be_held_while_the_server_is_over_its_quota():
    options = SendOptions(retry=RetryOptions(rate_limited="hold"))
    bridge = ByHand(Reply(429, {"retry-after": "10"}, b""), options=options)

    for number in range(3):
        bridge.offer(event(number))
    bridge.run(seconds=9)
    assert len(bridge.transport.posted) == 1
    bridge.run(seconds=2)

    assert bridge.fates() == {"delivered": 3}


def test_a_limit_on_other_categories_lets_errors_pass():
    limits = {"x-sentry-rate-limits": "86400:transaction;span:organization"}
    bridge = ByHand(Reply(200, limits, b""), Reply(200, limits, b""))

    bridge.offer(event(1))
    bridge.offer(event(2))
    bridge.run()

    assert bridge.fates() == {"delivered": 2}


def test_an_event_the_server_stumbles_over_does_not_hold_up_the_others():
    bridge = ByHand(otherwise=lambda posted: 500 if b"error 0" in posted.content else 200)

    for number in range(20):
        bridge.offer(event(number))
        bridge.run(seconds=3)
    bridge.run(seconds=50)

    assert bridge.fates() == {"delivered": 19, "refused:http_500": 1}


def test_an_outage_with_500_loses_nothing():
    bridge = ByHand(*[500] * 40)
    for number in range(3):
        bridge.offer(event(number))

    bridge.run(seconds=1200)
    assert bridge.fates() == {}
    bridge.run(seconds=2400)
    assert bridge.fates() == {"delivered": 3}


def test_an_event_that_waited_too_long_is_given_up():
    bridge = ByHand(*[None] * 5, options=SendOptions(event_max_age_s=20))

    bridge.offer(event())
    bridge.run(seconds=100)

    assert bridge.fates() == {"expired:age": 1}


def test_a_clock_that_jumps_back_an_hour_changes_nothing():
    bridge = ByHand(None)
    bridge.offer(event())
    bridge.run()

    bridge.clock.jump(-3600)
    bridge.run(seconds=5)

    assert bridge.fates() == {"delivered": 1}


def test_a_full_queue_keeps_the_first_events_and_counts_the_others():
    bridge = ByHand(options=SendOptions(max_queue_items=2))

    for number in range(5):
        bridge.offer(event(number))
    bridge.run()

    assert bridge.fates() == {"delivered": 2, "queue_full": 3}


@pytest.mark.parametrize(
    "broken",
    [{"event_id": "a", "x": object()}, {"no": "id"}, {"event_id": "a", "x": {1.5: {}, (): 2}}],
    ids=["value", "id", "key"],
)
def test_an_event_that_is_not_json_is_counted_and_does_not_raise(broken):
    bridge = ByHand()

    bridge.offer(broken)
    bridge.run()

    assert bridge.fates() == {"refused:not_json": 1}


def test_a_child_leaves_to_the_parent_what_the_parent_holds():
    bridge = ByHand()
    bridge.offer(event(1))

    bridge.destination.after_fork_in_child()
    bridge.offer(event(2))
    bridge.run()

    assert [
        json.loads(p.content.split(b"\n")[0])["event_id"] for p in bridge.transport.posted
    ] == [f"{2:032x}"]


def test_a_hiccup_is_not_warned_about_and_an_outage_is_once_a_minute(caplog):
    bridge = ByHand(*[None] * 10)
    bridge.offer(event())

    with caplog.at_level(logging.WARNING, "otel_bridge.send"):
        bridge.run(seconds=2)
        assert caplog.messages == []
        bridge.run(seconds=58)

    assert caplog.messages == [
        "Sentry 127.0.0.1:1 project 1: not delivered (refused_connection), will be tried again"
    ]


def test_a_bug_of_ours_is_counted_and_does_not_hold_an_event_for_ever():
    def fail(posted):
        raise RuntimeError("bug")

    bridge = ByHand(otherwise=fail)
    bridge.offer(event())

    bridge.run(seconds=10)

    assert bridge.fates() == {"refused:internal_error": 1}
    assert bridge.stats.snapshot()["faults"] == {"send": 5}
