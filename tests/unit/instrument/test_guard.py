import logging

import pytest

from otel_bridge.instrument.guard import Guard
from otel_bridge.stats import Stats


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_fault_is_counted_and_told_once_a_minute_without_its_text(caplog):
    stats, clock = Stats(), Clock()
    guard = Guard(stats, clock)

    for clock.now in (0.0, 1.0, 59.0, 60.0):
        with caplog.at_level(logging.WARNING, "otel_bridge"), guard("worker"):
            raise ValueError("hunter2")

    assert stats.snapshot()["faults"] == {"worker": 4}
    assert len(caplog.records) == 2
    assert "hunter2" not in caplog.text


def test_the_interpreters_own_exits_pass_through():
    with pytest.raises(KeyboardInterrupt), Guard(Stats(), Clock())("worker"):
        raise KeyboardInterrupt
