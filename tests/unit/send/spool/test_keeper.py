import json
import random
from dataclasses import replace

import pytest

from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.stats import Stats
from otel_bridge.testing import FakeClock, HandRunners, ScriptedTransport

DSN = Dsn.parse("http://aaaa@127.0.0.1:1/1")
NEVER = None


class Process:
    """A destination with a spool, as one process would have it."""

    def __init__(self, folder, otherwise=200, clock=None, **options):
        self.clock = clock or FakeClock()
        self.stats = Stats()
        self.transport = ScriptedTransport(otherwise=otherwise)
        runners = HandRunners(self.clock)
        options = {"spool_dir": folder, "retry": RetryOptions(jitter=0), **options}
        self.destination = SentryDestination(
            DSN,
            self.transport,
            SendOptions(**options),
            self.stats,
            self.clock,
            make_runner=runners,
        )
        self.run = runners.run

    def offer(self, *numbers, size=0):
        for number in numbers:
            noise = random.Random(number).randbytes(size // 2).hex()
            self.destination.offer({"event_id": f"{number:032x}", "noise": noise})

    def die(self):
        """End as a killed process does: files are closed, and nothing else happens."""
        for segment in self.destination._lane.keeper._spool._segments():
            segment.leave_to_parent()

    @property
    def sent(self):
        heads = [json.loads(posted.content.split(b"\n")[0]) for posted in self.transport.posted]
        return [int(head["event_id"], 16) for head in heads if "event_id" in head]

    @property
    def counts(self):
        return self.stats.snapshot()["error"]


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_event_goes_through_the_disk_to_the_server_and_leaves_nothing_behind(tmp_path):
    process = Process(tmp_path)

    process.offer(1, 2)
    process.run()
    process.destination.shutdown(0.0)

    assert process.sent == [1, 2]
    assert process.counts == {"received": 0, "delivered": 2}
    assert files(tmp_path) == []


def test_what_a_killed_process_had_accepted_is_sent_by_the_next_one(tmp_path):
    first = Process(tmp_path, otherwise=NEVER)
    first.offer(1, 2, 3)
    first.run()
    first.die()

    second = Process(tmp_path)
    second.run()

    assert second.sent == [1, 2, 3]
    assert second.counts == {"received": 3, "delivered": 3}
    assert files(tmp_path) == []


def test_what_was_delivered_is_not_sent_again(tmp_path):
    first = Process(tmp_path, otherwise=lambda _: 200 if len(first.sent) < 3 else NEVER)
    first.offer(1, 2, 3, 4)
    first.run()
    first.die()

    second = Process(tmp_path)
    second.run()

    assert first.sent == [1, 2, 3]
    assert second.sent == [3, 4]


def test_what_is_not_delivered_at_shutdown_is_spooled(tmp_path):
    first = Process(tmp_path, otherwise=NEVER)
    first.offer(1, 2)

    done = first.destination.shutdown(0.0)
    second = Process(tmp_path)
    second.run()

    assert not done
    assert first.counts == {"received": 0, "spooled": 2}
    assert second.counts == {"received": 2, "delivered": 2}


def test_a_running_process_takes_over_from_one_that_dies_beside_it(tmp_path):
    clock = FakeClock()
    alive, dying = Process(tmp_path, clock=clock), Process(tmp_path, NEVER, clock=clock)
    alive.run()
    dying.offer(1)
    dying.run()
    alive.run(seconds=11)
    assert alive.sent == []

    dying.die()
    alive.run(seconds=11)

    assert alive.sent == [1]


def test_when_the_spool_is_full_the_oldest_go_first_and_are_counted(tmp_path):
    process = Process(tmp_path, NEVER, spool_max_bytes=40_000, spool_segment_bytes=4_096)

    for number in range(30):
        process.offer(number, size=8_000)
        process.run()
    size = sum(file.stat().st_size for file in files(tmp_path))
    process.die()
    following = Process(tmp_path)
    following.run()

    gone = process.counts["expired:spool_size"]
    assert gone > 5
    assert sorted(following.sent) == list(range(gone, 30))
    assert size <= 40_000


def test_events_that_waited_too_long_on_disk_are_given_up(tmp_path):
    first = Process(tmp_path, NEVER)
    first.offer(1)
    first.run()
    first.die()
    clock = FakeClock()
    clock.advance(8 * 86400)

    second = Process(tmp_path, clock=clock)
    second.run()

    assert second.counts == {"received": 1, "expired:age": 1}
    assert files(tmp_path) == []


def test_without_a_disk_events_are_sent_from_memory(tmp_path):
    (tmp_path / "file").touch()
    process = Process(tmp_path / "file")

    process.offer(1, 2)
    process.run(seconds=1)

    assert process.sent == [1, 2]
    assert process.counts == {"received": 0, "delivered": 2}
    assert process.stats.snapshot()["faults"] == {"spool": 2}


def test_when_the_disk_is_back_what_waits_in_memory_goes_there(tmp_path):
    (tmp_path / "file").touch()
    process = Process(tmp_path / "file", NEVER)
    process.offer(1)
    process.run()

    (tmp_path / "file").unlink()
    process.run(seconds=10)
    process.die()
    following = Process(tmp_path / "file")
    following.run()

    assert following.sent == [1]


def test_memory_is_bounded_while_neither_disk_nor_server_works(tmp_path):
    (tmp_path / "file").touch()
    process = Process(tmp_path / "file", NEVER, max_queue_items=3)

    process.offer(*range(10))
    process.run(seconds=30)
    process.destination.shutdown(0.0)

    assert process.counts == {"received": 0, "queue_full": 7, "expired:shutdown": 3}


def test_a_damaged_spool_is_skipped_and_counted(tmp_path):
    first = Process(tmp_path, NEVER)
    first.offer(1, 2)
    first.run()
    first.die()
    (file,) = files(tmp_path)
    file.write_bytes(file.read_bytes()[:-3])

    second = Process(tmp_path)
    second.run()

    assert second.sent == [1]
    assert second.stats.snapshot()["faults"] == {"spool_damaged": 1}


def test_a_parcel_that_the_disk_loses_while_it_waits_is_counted(tmp_path):
    process = Process(tmp_path, NEVER)
    process.offer(*range(40), size=60_000)
    process.run()
    (file,) = files(tmp_path)
    file.write_bytes(b"\0" * file.stat().st_size)

    process.transport._otherwise = 200
    process.run(seconds=10)

    assert process.counts["expired:spool_lost"] > 0
    assert process.counts["expired:spool_lost"] + process.counts["delivered"] == 40


def test_a_child_leaves_the_spool_of_its_parent_alone(tmp_path):
    parent = Process(tmp_path, NEVER)
    parent.offer(1)
    parent.run()

    child = Process(tmp_path)
    child.destination.after_fork_in_child()
    child.offer(2)
    child.run()

    assert child.sent == [2]
    assert parent.counts == {"received": 0}


@pytest.mark.parametrize("fsync", ["always", "interval", "never"])
def test_events_are_kept_with_every_sync_policy(tmp_path, fsync):
    process = Process(tmp_path, NEVER, spool_fsync=fsync)

    process.offer(1)
    process.run(seconds=3)
    process.offer(2)
    process.run(seconds=3)
    process.die()
    following = Process(tmp_path)
    following.run()

    assert following.sent == [1, 2]


def test_destinations_do_not_share_what_they_spool(tmp_path):
    first = Process(tmp_path, NEVER)
    first.offer(1)
    first.run()
    first.die()
    other = SendOptions(spool_dir=tmp_path)
    clock = FakeClock()
    runners = HandRunners(clock)
    transport = ScriptedTransport()
    SentryDestination(
        replace(DSN, project_id="2"), transport, other, None, clock, make_runner=runners
    )

    runners.run()

    assert transport.posted == []
