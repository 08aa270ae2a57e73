import json
from itertools import pairwise

import pytest

from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.send.transport import Reply
from otel_bridge.stats import Fate
from tests.unit.send.by_hand import ByHand, event


def test_what_was_dropped_is_reported_with_the_next_event():
    bridge = ByHand(options=SendOptions(max_queue_items=1))
    bridge.offer(event(1))
    bridge.offer(event(2))
    bridge.destination.discarded(Fate.SAMPLED_OUT, "error_budget", 4)
    bridge.run()
    bridge.clock.advance(30)

    bridge.offer(event(3))
    bridge.run()

    assert b"client_report" not in bridge.transport.posted[0].content
    report = json.loads(bridge.transport.posted[1].content.split(b"\n")[4])
    assert [(e["reason"], e["quantity"]) for e in report["discarded_events"]] == [
        ("queue_overflow", 1),
        ("sample_rate", 4),
    ]


def test_without_events_a_report_travels_alone_after_a_minute():
    bridge = ByHand(400)
    bridge.offer(event(1))

    bridge.run(seconds=61)

    last = bridge.transport.posted[-1].content.split(b"\n")
    assert len(bridge.transport.posted) == 2
    assert json.loads(last[2])["discarded_events"] == [
        {"reason": "send_error", "category": "error", "quantity": 1}
    ]


def test_the_last_report_goes_out_at_shutdown():
    bridge = ByHand(options=SendOptions(max_queue_items=1))
    bridge.offer(event(1))
    bridge.offer(event(2))
    bridge.run()

    bridge.destination.shutdown(1.0)

    last = bridge.transport.posted[-1].content.split(b"\n")
    assert json.loads(last[2])["discarded_events"][0]["reason"] == "queue_overflow"


def test_reports_can_be_switched_off():
    bridge = ByHand(400, options=SendOptions(send_client_reports=False))
    bridge.offer(event(1))

    bridge.run(seconds=200)

    assert len(bridge.transport.posted) == 1


def test_a_report_that_does_not_get_through_is_tried_again():
    bridge = ByHand(400, None)
    bridge.offer(event(1))

    bridge.run(seconds=125)

    assert len(bridge.transport.posted) == 3
    assert b"send_error" in bridge.transport.posted[2].content


def told(posted):
    """What the client reports among the requests say, as counts by reason."""
    counts = {}
    for request in posted:
        lines = request.content.split(b"\n")
        for head, body in pairwise(lines):
            if b'"client_report"' in head:
                for entry in json.loads(body)["discarded_events"]:
                    counts[entry["reason"]] = counts.get(entry["reason"], 0) + entry["quantity"]
    return counts


LIMITED = Reply(200, {"x-sentry-rate-limits": "600:error:org"}, b"")


@pytest.mark.parametrize(
    ("script", "options", "offered", "expected"),
    [
        ([400], {}, 1, {"send_error": 1}),
        ([429], {}, 1, {}),
        ([LIMITED], {}, 3, {"ratelimit_backoff": 2}),
        ([None], {"event_max_age_s": 0.5}, 1, {"network_error": 1}),
        ([], {"max_queue_items": 1}, 3, {"queue_overflow": 2}),
    ],
    ids=["refused", "counted by the server", "limited", "too old", "no room"],
)
def test_each_lost_event_is_told_once(script, options, offered, expected):
    bridge = ByHand(*script, options=SendOptions(**options))
    for number in range(offered):
        bridge.offer(event(number))

    bridge.run(seconds=300)
    bridge.destination.shutdown(1.0)

    assert told(bridge.transport.posted) == expected


def test_an_event_that_only_ever_meets_errors_is_told_of_when_it_is_given_up():
    options = SendOptions(retry=RetryOptions(max_strikes=2))
    bridge = ByHand(
        otherwise=lambda posted: 500 if b"error 0" in posted.content else 200, options=options
    )
    for number in range(20):
        bridge.offer(event(number))
        bridge.run(seconds=3)

    bridge.run(seconds=200)

    assert told(bridge.transport.posted) == {"send_error": 1}


def test_what_an_idle_destination_hears_of_is_told_within_the_minute():
    bridge = ByHand()
    bridge.run(seconds=500)
    assert bridge.transport.posted == []

    bridge.destination.discarded(Fate.FILTERED, "before_send")
    bridge.run(seconds=60)

    assert told(bridge.transport.posted) == {"before_send": 1}
