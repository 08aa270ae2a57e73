import json
import logging

import pytest

from otel_bridge.send.spotlight import DEFAULT_URL, SpotlightDestination, spotlight_url
from otel_bridge.testing import FakeClock, HandRunners, ScriptedTransport

EVENT = {"event_id": "f" * 32, "message": "m"}


def spotlight(*script):
    clock = FakeClock()
    runners = HandRunners(clock)
    transport = ScriptedTransport(*script)
    destination = SpotlightDestination(DEFAULT_URL, transport, clock, make_runner=runners)
    return destination, transport, runners


@pytest.mark.parametrize(
    ("value", "url"),
    [
        (True, DEFAULT_URL),
        ("true", DEFAULT_URL),
        ("1", DEFAULT_URL),
        ("YES", DEFAULT_URL),
        ("on", DEFAULT_URL),
        (False, ""),
        ("", ""),
        ("off", ""),
        ("http://other:1/stream", "http://other:1/stream"),
    ],
)
def test_the_option_is_a_yes_a_no_or_a_url(value, url):
    assert spotlight_url(value) == url


def test_an_event_is_posted_as_it_is_and_without_a_dsn():
    destination, transport, runners = spotlight()

    destination.offer(EVENT)
    runners.run()

    (posted,) = transport.posted
    head = json.loads(posted.body.split(b"\n")[0])
    assert posted.url == DEFAULT_URL
    assert posted.headers["Content-Type"] == "application/x-sentry-envelope"
    assert "Content-Encoding" not in posted.headers
    assert head == {"event_id": "f" * 32, "sent_at": "2023-11-14T22:13:20.000000Z"}


def test_an_outage_is_warned_about_once_and_tried_ever_less_often(caplog):
    destination, transport, runners = spotlight(*[None] * 100)

    with caplog.at_level(logging.WARNING, "otel_bridge.send"):
        destination.offer(EVENT)
        runners.run(seconds=55)

    assert len(transport.posted) <= 12
    assert len(caplog.messages) == 1


def test_what_it_does_not_take_is_dropped():
    destination, transport, runners = spotlight(500)

    destination.offer(EVENT)
    destination.offer({"no": "id"})
    runners.run(seconds=10)

    assert len(transport.posted) == 1
    assert not destination.flush(0.0)
    assert destination.shutdown(0.0)
