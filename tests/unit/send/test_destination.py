import json
import logging
from dataclasses import replace

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from otel_bridge.send.destination import OtlpDestination, SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.send.otlp_endpoint import OtlpEndpoint
from otel_bridge.send.transport import Reply
from otel_bridge.stats import Stats
from otel_bridge.testing import FakeClock, HandRunners, ScriptedTransport
from otel_bridge.wire.batch import (
    Batch,
    LogRecord,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanKind,
    SpanRecord,
    StatusCode,
)

DSN = Dsn.parse("http://aaaa@127.0.0.1:1/1")


class ByHand:
    """A destination whose steps a test makes itself, without a thread."""

    def __init__(self, *script, options=None, otlp=False, otherwise=200):
        self.clock = FakeClock()
        self.stats = Stats()
        self.transport = ScriptedTransport(*script, otherwise=otherwise)
        options = options or SendOptions()
        options = replace(options, retry=replace(options.retry, jitter=0))
        target = "http://127.0.0.1:1" if otlp else DSN
        make = OtlpDestination if otlp else SentryDestination
        runners = HandRunners(self.clock)
        self.destination = make(
            target, self.transport, options, self.stats, self.clock, make_runner=runners
        )
        self.offer = self.destination.offer
        self.run = runners.run

    def fates(self, kind="error"):
        counts = self.stats.snapshot()[kind]
        return {fate: count for fate, count in counts.items() if fate != "received"}


def event(number=1):
    return {"event_id": f"{number:032x}", "message": f"error {number}"}


def spans(number, size=0):
    """A batch of so many spans, each with a name of so many bytes."""
    raw = Span(name="x" * size).SerializeToString()
    record = SpanRecord(b"", b"", b"", 0, SpanKind.INTERNAL, StatusCode.UNSET, 0, 0, raw)
    return Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", [record] * number)])])


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


def test_what_was_dropped_is_reported_with_the_next_event():
    bridge = ByHand(options=SendOptions(max_queue_items=1))
    bridge.offer(event(1))
    bridge.offer(event(2))
    bridge.destination.discarded("sample_rate", quantity=4)
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


def test_a_batch_is_posted_to_the_path_of_its_signal():
    bridge = ByHand(otlp=True)

    bridge.offer(spans(3))
    bridge.run()

    (posted,) = bridge.transport.posted
    assert posted.url == "http://127.0.0.1:1/v1/traces"
    assert posted.headers["Content-Type"] == "application/x-protobuf"
    assert bridge.fates("span") == {"delivered": 3}


def test_a_large_batch_is_split():
    bridge = ByHand(otlp=True, options=SendOptions(otlp_max_request_bytes=1_100))

    bridge.offer(spans(25, size=100))
    bridge.run()

    assert len(bridge.transport.posted) == 3
    assert bridge.fates("span") == {"delivered": 25}


def test_what_a_receiver_threw_away_is_counted():
    partial = b"\x0a\x07\x08\x02\x12\x03bad"
    bridge = ByHand(Reply(200, {}, partial), otlp=True)

    bridge.offer(spans(5))
    bridge.run()

    assert bridge.fates("span") == {"delivered": 3, "refused:partial_success": 2}


def test_an_otlp_batch_is_refused_for_good_by_a_500():
    bridge = ByHand(500, otlp=True)

    bridge.offer(spans(5))
    bridge.run()

    assert bridge.fates("span") == {"refused:http_500": 5}


def test_an_otlp_batch_waits_as_long_as_the_receiver_asks():
    bridge = ByHand(Reply(429, {"retry-after": "20"}, b""), otlp=True)
    bridge.offer(spans(5))

    bridge.run(seconds=19)
    assert len(bridge.transport.posted) == 1
    bridge.run(seconds=2)

    assert bridge.fates("span") == {"delivered": 5}


def test_after_shutdown_nothing_is_taken_and_everything_has_its_fate():
    bridge = ByHand(otlp=True)
    bridge.offer(spans(5))

    done = bridge.destination.shutdown(0.0)
    bridge.offer(spans(2))

    assert not done
    assert bridge.fates("span") == {"expired:shutdown": 5, "expired:after_shutdown": 2}


def test_a_child_leaves_to_the_parent_what_the_parent_holds():
    bridge = ByHand()
    bridge.offer(event(1))

    bridge.destination.after_fork_in_child()
    bridge.offer(event(2))
    bridge.run()

    assert [
        json.loads(p.content.split(b"\n")[0])["event_id"] for p in bridge.transport.posted
    ] == [f"{2:032x}"]


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


def test_a_signal_without_an_address_is_dropped_and_counted():
    stats = Stats()
    endpoint = OtlpEndpoint(logs_url="http://127.0.0.1:1/v1/logs")
    destination = OtlpDestination(endpoint, ScriptedTransport(), None, stats)

    destination.offer(spans(3))

    assert stats.snapshot()["span"] == {"received": 0, "filtered:no_endpoint": 3}


def test_logs_go_to_their_own_address():
    bridge = ByHand(Reply(200, {}, b"<html>not protobuf"), otlp=True)
    record = LogRecord(b"", b"", 0, 0, 0, b"")

    bridge.offer(Batch(Signal.LOGS, [ResourceGroup(b"", [ScopeGroup(b"", [record])])]))
    bridge.run()

    assert bridge.transport.posted[0].url == "http://127.0.0.1:1/v1/logs"
    assert bridge.fates("log") == {"delivered": 1}


def test_otlp_can_be_spooled_too(tmp_path):
    options = SendOptions(spool_dir=tmp_path, spool_otlp=True)
    first = ByHand(*[None] * 50, options=options, otlp=True)
    first.offer(spans(3))
    assert not first.destination.shutdown(0.0)

    second = ByHand(options=options, otlp=True)
    second.run()

    assert first.fates("span") == {"spooled": 3}
    assert second.stats.snapshot()["span"] == {"received": 3, "delivered": 3}


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
