import logging

from otel_bridge.send.notices import Notices
from otel_bridge.testing import FakeClock


def test_one_subject_is_warned_about_once_a_minute_and_the_rest_is_counted(caplog):
    clock = FakeClock()
    notices = Notices("there", clock)

    with caplog.at_level(logging.WARNING, "otel_bridge.send"):
        for _ in range(5):
            notices.warn("full", "queue is full")
        notices.warn("other", "something else")
        clock.advance(60)
        notices.warn("full", "queue is full")

    assert caplog.messages == [
        "there: queue is full",
        "there: something else",
        "there: queue is full (4 more like this since the last warning)",
    ]
