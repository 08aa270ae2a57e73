"""Whole destinations, with their threads, against a server on loopback."""

import threading
import time
from dataclasses import replace

import pytest

from otel_bridge.send.destination import OtlpDestination, SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.group import Group, Tee
from otel_bridge.send.lane import SAVE_S
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.stats import Stats
from otel_bridge.testing import Answer, FakeServer
from tests.unit.send.by_hand import event, spans

OPTIONS = SendOptions(
    timeout_s=0.2, connect_timeout_s=0.2, retry=RetryOptions(initial_s=0.01, max_s=0.05)
)


@pytest.fixture
def server():
    with FakeServer() as running:
        yield running


def sentry(server, stats=None, options=OPTIONS):
    return SentryDestination(Dsn.parse(server.dsn), None, options, stats or Stats())


def test_what_is_offered_arrives(server):
    stats = Stats()
    destination = sentry(server, stats)

    for number in range(20):
        destination.offer(event(number))

    assert destination.flush(5.0)
    assert len(server.events) == 20
    assert destination.shutdown(5.0)
    assert stats.snapshot()["error"] == {"received": 0, "delivered": 20}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(status=503, headers={"Retry-After": "0"}),
        Answer(cut="before"),
        Answer(cut="after"),
        Answer(cut="reset"),
        Answer(cut="middle"),
        Answer(delay_s=0.3),
        Answer(drip_s=0.01),
    ],
    ids=["500", "503", "before", "after", "reset", "middle", "hang", "drip"],
)
def test_a_fault_of_the_server_loses_nothing(server, answer):
    destination = sentry(server)
    server.answer(answer, answer)

    for number in range(5):
        destination.offer(event(number))

    assert destination.flush(5.0)
    assert len(server.events) == 5
    destination.shutdown(1.0)


def test_a_server_that_comes_back_gets_everything(server):
    destination = sentry(server)
    server.stop()
    for number in range(5):
        destination.offer(event(number))
    assert not destination.flush(0.05)

    server.start()

    assert destination.flush(5.0)
    assert sorted(server.event_ids) == sorted(server.events)
    destination.shutdown(1.0)


def test_flush_tells_the_truth_about_what_was_refused(server):
    destination = sentry(server)
    server.default = Answer(status=400)

    destination.offer(event())

    assert not destination.flush(5.0)
    assert destination.flush(5.0)
    destination.shutdown(1.0)


@pytest.mark.parametrize(
    "make", [sentry, lambda server, stats: OtlpDestination(server.url, None, OPTIONS, stats)]
)
def test_shutdown_keeps_its_time_limit_while_the_server_hangs(server, make):
    stats = Stats()
    destination = make(server, stats)
    server.default = Answer(delay_s=0.5)
    destination.offer(event() if make is sentry else spans(1))

    begin = time.monotonic()
    done = destination.shutdown(0.1)
    took = time.monotonic() - begin

    assert not done
    assert took < 0.3
    counts = stats.snapshot()["error" if make is sentry else "span"]
    assert counts == {"received": 0, "expired:shutdown": 1}


def test_shutting_down_twice_is_harmless(server):
    destination = sentry(server)
    destination.offer(event())

    assert destination.shutdown(5.0)
    assert destination.shutdown(5.0)


def test_spans_arrive(server):
    options = replace(OPTIONS, otlp_headers=(("X-Team", "payments"),))
    destination = OtlpDestination(server.url, None, options)

    destination.offer(spans(3))

    assert destination.flush(5.0)
    assert len(server.spans) == 3
    assert server.seen[0].headers["x-team"] == "payments"
    destination.shutdown(1.0)


class HangingDisk:
    """Stands before a spool whose writes do not come back for a while."""

    def __init__(self, spool):
        self._spool = spool
        self.entered, self.released = threading.Event(), threading.Event()

    def append(self, parcels):
        self.entered.set()
        self.released.wait(10)
        self._spool.append(parcels)

    def __getattr__(self, name):
        return getattr(self._spool, name)


def test_a_disk_that_hangs_holds_up_several_destinations_together_no_longer_than_one(tmp_path):
    stats, members, disks = Stats(), [], []
    for number in range(1, 4):
        dsn = Dsn.parse(f"http://{number:032d}@127.0.0.1:9/1")
        member = SentryDestination(dsn, None, replace(OPTIONS, spool_dir=tmp_path), stats)
        disk = HangingDisk(member._lane.keeper._spool)
        member._lane.keeper._spool = disk
        member.offer(event(number))
        assert disk.entered.wait(5)
        members.append(member)
        disks.append(disk)

    begun = time.monotonic()
    assert Tee(members[0], ()).keeps
    assert Group(members).shutdown(0.0) is False
    took = time.monotonic() - begun
    for disk in disks:
        disk.released.set()

    assert SAVE_S <= took < 2 * SAVE_S
    assert stats.snapshot()["error"] == {"received": 0, "expired:shutdown": 3}


def test_what_is_offered_in_the_last_moment_is_written_down_before_the_end(tmp_path):
    stats = Stats()
    destination = SentryDestination(
        Dsn.parse("http://aaaa@127.0.0.1:9/1"), None, replace(OPTIONS, spool_dir=tmp_path), stats
    )
    for number in range(50):
        destination.offer(event(number))
    destination.shutdown(0.0)

    assert stats.snapshot()["error"] == {"received": 0, "spooled": 50}


def test_a_disk_that_has_just_failed_is_tried_once_more_at_the_end(tmp_path):
    folder, stats = tmp_path / "spool", Stats()
    folder.write_text("in the way")
    destination = SentryDestination(
        Dsn.parse("http://aaaa@127.0.0.1:9/1"), None, replace(OPTIONS, spool_dir=folder), stats
    )
    destination.offer(event(1))
    deadline = time.monotonic() + 5
    while not stats.snapshot()["faults"] and time.monotonic() < deadline:
        time.sleep(0.01)
    folder.unlink()
    destination.shutdown(0.0)

    assert stats.snapshot()["error"] == {"received": 0, "spooled": 1}
