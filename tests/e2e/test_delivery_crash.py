"""A process that is killed loses nothing that it had accepted for longer than a second."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from otel_bridge.testing import Answer, FakeServer
from tests.e2e.servers.process import clean_environ, wait_until

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "e2e" / "delivery" / "offering.py"
FLUSH_INTERVAL_S = 1.0
RATE = 50


def launch(server, folder, first, rate=RATE):
    return subprocess.Popen(
        [sys.executable, PROGRAM, server.dsn, folder, str(first), str(rate)],
        env=clean_environ() | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )


def kill(process):
    """Kill a process; return the numbers it had accepted for long enough, and all it offered."""
    killed_at = time.monotonic()
    process.kill()
    lines = process.stdout.read().decode().splitlines()
    process.wait()
    process.stdout.close()
    offered = [line.split() for line in lines if line != "ready"]
    # The last line may be torn.
    offered = [(int(words[0]), float(words[1])) for words in offered[:-1]]
    safe = {number for number, at in offered if at <= killed_at - FLUSH_INTERVAL_S}
    return safe, {number for number, _ in offered}


def misbehave(server, dice):
    """Have the server be anything between well and dead for a while."""
    server.default = dice.choice(
        [
            Answer(),
            Answer(delay_s=0.05),
            Answer(status=503),
            Answer(cut="before"),
            Answer(cut="after"),
            Answer(delay_s=5.0),
        ]
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("together", [1, 5], ids=["alone", "sharing the folder"])
def test_every_error_that_was_accepted_is_delivered_after_a_kill(together, tmp_path):
    dice = random.Random(together)
    expected, possible = set(), set()
    rounds = 10 if together == 1 else 8  # with the other case, 50 kills
    with FakeServer() as server:
        for number in range(rounds):
            misbehave(server, dice)
            firsts = [(number * together + each) * 100_000 for each in range(together)]
            processes = [launch(server, tmp_path, first) for first in firsts]
            for process in processes:
                assert process.stdout.readline() == b"ready\n"
            time.sleep(FLUSH_INTERVAL_S + dice.uniform(0.1, 0.6))
            for process in processes:
                safe, offered = kill(process)
                expected |= safe
                possible |= offered

        server.default = Answer()
        last = launch(server, tmp_path, 0, rate=0)
        try:
            wait_until(
                lambda: (
                    expected <= {int(event_id, 16) for event_id in server.events}
                    and not any(tmp_path.rglob("*.seg"))
                ),
                "everything delivered and the spool empty",
                timeout=60,
            )
        finally:
            last.kill()
            last.wait()
            last.stdout.close()

    arrived = {int(event_id, 16) for event_id in server.events}
    assert len(expected) > rounds * together
    assert expected <= arrived
    # One more may have been offered than was told.
    assert len(arrived - possible) <= rounds * together
