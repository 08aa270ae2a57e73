"""Forked processes share a spool folder, and nothing is lost or sent twice."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import SendOptions
from otel_bridge.testing import FakeServer
from otel_bridge.testing.grpc_server import FakeGrpcServer
from tests.e2e.servers.process import clean_environ, wait_until

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "e2e" / "delivery" / "forking.py"
EXPECTED = sorted(
    number for first in (0, 50, 100, 200, 300, 900) for number in range(first, first + 20)
)


@pytest.mark.parametrize("ends", ["shutdown", "exit"])
def test_parents_and_children_deliver_what_is_theirs(ends, tmp_path):
    with FakeServer() as server:
        done = subprocess.run(
            [sys.executable, PROGRAM, server.dsn, tmp_path, ends],
            env=clean_environ() | {"PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            timeout=60,
        )
        # What children left on disk is for whoever comes next.
        options = SendOptions(spool_dir=tmp_path, spool_scan_s=0.1)
        next_one = SentryDestination(Dsn.parse(server.dsn), None, options)
        next_one.start()
        wait_until(lambda: not any(tmp_path.rglob("*.seg")), "the spool empty", timeout=20)
        next_one.shutdown(5.0)

    assert json.loads(done.stdout)["done"]
    assert sorted(int(event_id, 16) for event_id in server.events) == EXPECTED
    if ends == "shutdown":
        assert len(server.event_ids) == len(EXPECTED)


OVER_GRPC = """
import os, sys
from opentelemetry import trace
import otel_bridge

def work(name):
    for _ in range(20):
        trace.get_tracer("forks").start_span(name).end()

bridge = otel_bridge.init(otlp_endpoint=sys.argv[1], otlp_protocol="grpc", local_dir=sys.argv[2])
work("before")
assert bridge.flush(10.0)
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        work(f"child {number}")
        os._exit(0 if bridge.shutdown(10.0) else 1)
    children.append(child)
work("parent")
assert bridge.shutdown(10.0)
assert all(os.waitpid(child, 0)[1] == 0 for child in children)
"""


def test_children_of_a_process_that_has_used_grpc_send_by_grpc(tmp_path):
    with FakeGrpcServer() as server:
        subprocess.run(
            [sys.executable, "-c", OVER_GRPC, server.url, tmp_path],
            env=clean_environ() | {"PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            timeout=60,
        )

    names = ["before", "parent", "child 0", "child 1", "child 2"]
    assert Counter(span.name for span in server.spans) == dict.fromkeys(names, 20)


LIVES_ON = """
import os, sys, time
from pathlib import Path
from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import SendOptions

options = SendOptions(spool_dir=Path(sys.argv[2]))
destination = SentryDestination(Dsn.parse(sys.argv[1]), None, options)
destination.offer({"event_id": "a" * 32})
destination._lane.keeper.save_all()
child = os.fork()
if child == 0:
    os.close(1)
    time.sleep(30)
    os._exit(0)
print(child, flush=True)
os._exit(0)
"""


def test_a_child_that_lives_on_does_not_keep_its_parents_spool_from_others(tmp_path):
    # Locks are shared by forks: with its copy, a child would keep the dead parent's lock.
    with FakeServer() as server:
        server.stop()
        parent = subprocess.run(
            [sys.executable, "-c", LIVES_ON, server.dsn, tmp_path],
            env=clean_environ() | {"PYTHONPATH": str(ROOT)},
            check=True,
            stdout=subprocess.PIPE,
            timeout=60,
        )
        child = int(parent.stdout)
        server.start()
        try:
            options = SendOptions(spool_dir=tmp_path, spool_scan_s=0.1)
            next_one = SentryDestination(Dsn.parse(server.dsn), None, options)
            next_one.start()
            wait_until(lambda: server.event_ids, "the parent's error", timeout=10)
            assert next_one.shutdown(5.0)
        finally:
            os.kill(child, signal.SIGKILL)  # fails if it has not lived as long
