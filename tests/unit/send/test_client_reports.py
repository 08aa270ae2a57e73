import json
from typing import get_args

import pytest

from otel_bridge.send.client_reports import ClientReports, Reason, reason_for
from otel_bridge.stats import Fate


def test_a_report_sums_up_what_was_discarded_by_reason_and_category():
    reports = ClientReports(0.0)
    reports.discard("queue_overflow")
    reports.discard("queue_overflow", quantity=2)
    reports.discard("sample_rate", "transaction")

    report = json.loads(reports.take(30.0, 99.0))

    assert report == {
        "timestamp": 99.0,
        "discarded_events": [
            {"reason": "queue_overflow", "category": "error", "quantity": 3},
            {"reason": "sample_rate", "category": "transaction", "quantity": 1},
        ],
    }
    assert reports.take(100.0, 99.0) == b""


def test_a_report_is_told_every_half_minute_unless_it_is_forced():
    reports = ClientReports(0.0)
    reports.discard("send_error")

    assert reports.take(29.0, 0.0) == b""
    assert reports.take(29.0, 0.0, force=True) != b""


def test_a_report_travels_alone_after_a_minute():
    reports = ClientReports(0.0)

    assert reports.wait(10.0) is None
    reports.discard("send_error")
    assert reports.wait(10.0) == 50.0
    assert reports.wait(61.0) == 0.0


def test_a_report_that_did_not_get_through_is_told_again():
    reports = ClientReports(0.0)
    reports.discard("send_error")
    reports.restore(reports.take(30.0, 0.0))
    reports.discard("send_error")

    again = json.loads(reports.take(60.0, 0.0))

    assert [entry["quantity"] for entry in again["discarded_events"]] == [2]


@pytest.mark.parametrize(
    ("fate", "why", "reason"),
    [
        (Fate.DELIVERED, "", None),
        (Fate.SPOOLED, "", None),
        (Fate.DUPLICATE, "", None),
        (Fate.RATE_LIMITED, "http_429", None),
        (Fate.RATE_LIMITED, "backoff", "ratelimit_backoff"),
        (Fate.SAMPLED_OUT, "sample_rate", "sample_rate"),
        (Fate.SAMPLED_OUT, "error_budget", "sample_rate"),
        (Fate.FILTERED, "before_send", "before_send"),
        (Fate.FILTERED, "ignore_errors", "event_processor"),
        (Fate.FILTERED, "client_error", None),
        (Fate.REFUSED, "http_413", "send_error"),
        (Fate.REFUSED, "not_json", "invalid"),
        (Fate.EXPIRED, "spool_size", "cache_overflow"),
        (Fate.EXPIRED, "shutdown", "network_error"),
        (Fate.SCRUB_DROPPED, "", "internal_sdk_error"),
        (Fate.QUEUE_FULL, "", "queue_overflow"),
    ],
)
def test_a_fate_has_a_word_of_the_protocol_or_is_not_told(fate, why, reason):
    assert reason_for(fate, why) == reason
    assert reason is None or reason in get_args(Reason)
