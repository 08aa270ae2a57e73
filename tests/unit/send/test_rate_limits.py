import pytest

from otel_bridge.send.rate_limits import RateLimits, parse_rate_limits


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("60::key", [("", 60)]),
        ("60", [("", 60)]),
        ("60:error", [("error", 60)]),
        ("60:error;transaction:organization", [("error", 60), ("transaction", 60)]),
        ("60::key, 86400:transaction;span:organization",
         [("", 60), ("transaction", 86400), ("span", 86400)]),
        ("2.5:error:org:quota_exceeded:custom:more", [("error", 2.5)]),
        ("60:bananas", []),
        ("60:bananas;error", [("error", 60)]),
        ("soon:error", []),
        ("-1:error", []),
        ("nan:error,inf:error", []),
        ("", []),
        (",,", []),
    ],
)  # fmt: skip
def test_limits_are_read_by_category(text, limits):
    assert parse_rate_limits(text) == limits


def learn(limits, status, headers, monotonic=0.0):
    limits.learn(status, headers, monotonic=monotonic, now=1_700_000_000.0)


def test_a_limit_for_another_category_leaves_errors_alone():
    limits = RateLimits()

    learn(limits, 200, {"x-sentry-rate-limits": "86400:transaction;span:organization"})

    assert limits.wait("error", 1.0) == 0
    assert limits.wait("transaction", 1.0) == 86399


def test_a_limit_counts_whatever_the_status():
    limits = RateLimits()

    learn(limits, 200, {"x-sentry-rate-limits": "10:error"})

    assert limits.wait("error", 4.0) == 6
    assert limits.wait("error", 11.0) == 0


def test_a_shorter_limit_does_not_lift_a_longer_one():
    limits = RateLimits()

    learn(limits, 429, {"x-sentry-rate-limits": "100:error"})
    learn(limits, 429, {"x-sentry-rate-limits": "1:error"})

    assert limits.wait("error", 0.0) == 100


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:50 GMT"}, 30),
        ({"retry-after": "whenever"}, 60),
        ({"retry-after": "7", "x-sentry-rate-limits": "3:error"}, 3),
        ({"retry-after": "7", "x-sentry-rate-limits": "3:transaction"}, 0),
    ],
)
def test_a_429_limits_everything_unless_it_says_more(headers, seconds):
    limits = RateLimits()

    learn(limits, 429, headers)

    assert limits.wait("error", 0.0) == seconds


def test_a_status_other_than_429_without_the_header_limits_nothing():
    limits = RateLimits()

    learn(limits, 503, {"retry-after": "7"})

    assert limits.wait("error", 0.0) == 0
