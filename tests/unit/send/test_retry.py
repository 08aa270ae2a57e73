import pytest

from otel_bridge.errors import ConfigError
from otel_bridge.send.options import RetryOptions
from otel_bridge.send.retry import (
    Circuit,
    Delivered,
    RateLimited,
    Refused,
    TryLater,
    backoff,
    judge_otlp,
    judge_sentry,
    parse_retry_after,
)

NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Delivered()),
        (202, Delivered()),
        (301, Refused("http_301")),
        (400, Refused("http_400")),
        (401, Refused("http_401")),
        (403, Refused("http_403")),
        (404, Refused("http_404")),
        (408, TryLater("http_408", 9.0)),
        (413, Refused("http_413")),
        (429, RateLimited()),
        (500, TryLater("http_500", 9.0, blames_item=True)),
        (502, TryLater("http_502", 9.0)),
        (503, TryLater("http_503", 9.0)),
        (504, TryLater("http_504", 9.0)),
    ],
)
def test_what_a_sentry_server_answers_decides_what_becomes_of_an_event(status, verdict):
    assert judge_sentry(status, {"retry-after": "9"}, NOW) == verdict


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Delivered()),
        (400, Refused("http_400")),
        (408, Refused("http_408")),
        (413, Refused("http_413")),
        (429, TryLater("http_429", 9.0)),
        (500, Refused("http_500")),
        (501, Refused("http_501")),
        (502, TryLater("http_502", 9.0)),
        (503, TryLater("http_503", 9.0)),
        (504, TryLater("http_504", 9.0)),
    ],
)
def test_only_four_statuses_of_an_otlp_receiver_allow_another_try(status, verdict):
    assert judge_otlp(status, {"retry-after": "9"}, NOW) == verdict


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("", None),
        ("120", 120),
        (" 1.5 ", 1.5),
        ("0", 0),
        ("-3", None),
        ("inf", None),
        ("nan", None),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30),
        ("Tue, 14 Nov 2023 22:13:50 -0000", 30),
        ("Tuesday, 14-Nov-23 22:13:50 GMT", 30),
        ("Tue, 14 Nov 2023 21:00:00 GMT", 0),
        ("Tue, 99 Nov 2023", None),
        ("soon", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(text, seconds):
    assert parse_retry_after(text, NOW) == seconds


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 1), (2, 2), (3, 4), (7, 60), (1000, 60), (10**9, 60)]
)
def test_waits_double_up_to_a_limit(attempt, seconds):
    assert backoff(attempt, RetryOptions(), lambda: 0.0) == seconds


def test_jitter_takes_up_to_its_part_off_a_wait():
    options = RetryOptions(jitter=0.5)

    assert backoff(3, options, lambda: 1.0) == 2.0
    assert backoff(3, options, lambda: 0.5) == 3.0


def test_a_circuit_opens_on_failure_and_closes_on_success():
    circuit = Circuit(RetryOptions(jitter=0), lambda: 0.0)

    circuit.failed(100.0)
    assert circuit.wait(100.5) == 0.5
    circuit.failed(101.0)
    assert circuit.wait(101.0) == 2.0
    circuit.succeeded()
    assert circuit.wait(101.0) == 0
    assert circuit.is_closed


def test_a_circuit_waits_as_long_as_the_server_asked_but_not_for_ever():
    circuit = Circuit(RetryOptions(jitter=0, max_server_wait_s=50), lambda: 0.0)

    circuit.failed(0.0, 30.0)
    assert circuit.wait(0.0) == 30
    circuit.failed(0.0, 1e9)
    assert circuit.wait(0.0) == 50


def test_a_nudge_skips_our_own_wait_but_not_the_servers():
    circuit = Circuit(RetryOptions(), lambda: 0.0)

    circuit.failed(0.0)
    circuit.nudge()
    assert circuit.wait(0.0) == 0
    circuit.failed(0.0, 30.0)
    circuit.nudge()
    assert circuit.wait(0.0) == 30


def test_impossible_options_are_refused_together():
    with pytest.raises(ConfigError) as caught:
        RetryOptions(initial_s=-1, multiplier=0.5, jitter=2, max_strikes=0)

    assert len(caught.value.problems) == 4
