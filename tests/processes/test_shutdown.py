"""Processes that end before their errors are seen through: the next one sends them.

What is sent after a restart is asked of a real spool folder, by the destination that a next
process would have; what was counted is what the process that ended printed last.
"""

import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import SendOptions
from otel_bridge.testing import FakeServer

OVERTIME_S = 2.0
"""What docs/delivery.md allows beyond ``shutdown_timeout``."""
SLACK_S = 0.5
"""A machine that has other things to do as well."""

HEAD = """
import atexit, json, os, signal, sys, threading, time
import otel_bridge
from opentelemetry import trace

dsn, folder = sys.argv[1:3]
tracer = trace.get_tracer("test")
ended = {}

def say():
    now = time.monotonic()
    said = {"stats": bridge.stats(), "seconds": now - ended.get("begun", now)}
    print(json.dumps(said), flush=True)

def begin_to_end():
    ended["begun"] = time.monotonic()

def start(**options):
    atexit.register(say)  # the last thing of all: what is registered first is called last
    # The budget would leave out some of 100 errors that are alike.
    options = {"error_budget": None, "shutdown_timeout": 0.1, **options}
    started = otel_bridge.init(**{"dsn": dsn, "spool_dir": folder, **options})
    atexit.register(begin_to_end)
    return started

def fail(number, text=""):
    try:
        with tracer.start_as_current_span(f"span {number}"):
            raise ValueError(f"error {number}{text}")
    except ValueError:
        pass

def succeed(spans):
    for number in range(spans):
        tracer.start_span("work", attributes={"step": number}).end()
"""


@contextmanager
def silent(server):
    """Hold the port of a server that accepts connections and never answers."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", server.port))
        listening.listen(50)
        yield


def run_until_it_ends(code, server, folder):
    """Return exit status, counts, and the seconds that the end took."""
    with silent(server):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", HEAD + code, server.dsn, str(folder)],
            capture_output=True,
            text=True,
            check=False,
            timeout=50,
        )
    said = done.stdout.strip().splitlines()
    assert said, done.stderr
    last = json.loads(said[-1])
    return done.returncode, last["stats"], last["seconds"]


def sent_after_a_restart(server, folder, expected):
    """Return the messages that the next process sends."""
    if not folder.exists():
        return []
    with server:
        destination = SentryDestination(Dsn.parse(server.dsn), None, SendOptions(spool_dir=folder))
        destination.start()
        server.wait_for(lambda: len(server.events) >= expected, 10.0)
        destination.flush(5.0)
        destination.shutdown(5.0)
    return sorted(
        event["exception"]["values"][-1]["value"][:20] for event in server.events.values()
    )


@pytest.fixture
def server():
    found = FakeServer()
    found.start()  # for its port
    found.stop()
    return found


def assert_each_has_one_fate(stats):
    for kind in ("span", "log", "error"):
        counts = dict(stats[kind])
        assert counts.pop("received") == sum(counts.values()), stats


def errors(*numbers):
    return sorted(f"error {number}" for number in numbers)


PAUSED = """
bridge = start()
bridge.before_fork()  # the worker puts its work down
"""

ENDS = {
    "100 errors among 8,192 spans": (
        PAUSED
        + """
for number in range(100):
    succeed(81)
    fail(number)
bridge.after_fork_in_parent()
""",
        errors(*range(100)),
    ),
    "the worker does not come back at all": (
        PAUSED
        + """
for number in range(20):
    succeed(10)
    fail(number)
""",
        errors(*range(20)),
    ),
    "errors that wait for the end of their request": (
        """
bridge = start()
request = tracer.start_span("the request")
with trace.use_span(request):
    for number in range(20):
        fail(number)
bridge.engine._handover.wake.set()
time.sleep(0.3)
""",
        errors(*range(20)),
    ),
    "no time at all": (
        """
bridge = start(shutdown_timeout=0.0)
for number in range(20):
    fail(number)
""",
        errors(*range(20)),
    ),
    "before_send hangs in one of them": (
        """
def hang(event, hint):
    if event["exception"]["values"][-1]["value"] == "error 3":
        time.sleep(60)
    return event

bridge = start(before_send=hang)
for number in range(20):
    fail(number)
    time.sleep(0.01)
""",
        errors(*(number for number in range(20) if number != 3)),
    ),
    "a failure that every span above it has recorded": (
        PAUSED
        + """
for number in range(10):
    try:
        with tracer.start_as_current_span("the request"):
            with tracer.start_as_current_span("the service"):
                with tracer.start_as_current_span("the query"):
                    raise ValueError(f"error {number}")
    except ValueError:
        pass
""",
        errors(*range(10)),
    ),
    "an impatient user": (
        PAUSED
        + """
for number in range(20):
    fail(number)
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
begin_to_end()
try:
    bridge.shutdown(timeout=20)
    sys.exit("was not interrupted")
except KeyboardInterrupt:
    say()
    os._exit(0)
""",
        errors(*range(20)),
    ),
    "messages and logged exceptions": (
        """
bridge = start()
bridge.before_fork()
for number in range(10):
    try:
        raise ValueError(f"error {number}")
    except ValueError:
        otel_bridge.capture_exception()
""",
        errors(*range(10)),
    ),
    "several threads shut down at once, and the first that returns ends the process": (
        PAUSED
        + """
for number in range(20):
    fail(number)
begin_to_end()
only_one = threading.Lock()
def end():
    bridge.shutdown()
    only_one.acquire()
    say()
    os._exit(0)
for _ in range(3):
    threading.Thread(target=end).start()
time.sleep(30)
""",
        errors(*range(20)),
    ),
    "a thread that nobody waits for is shutting down when the process ends": (
        PAUSED
        + """
for number in range(20):
    fail(number)
threading.Thread(target=bridge.shutdown, daemon=True).start()
time.sleep(0.02)
""",
        errors(*range(20)),
    ),
    "before_send shuts down": (
        """
def end(event, hint):
    bridge.shutdown()
    return event

bridge = start(before_send=end)
for number in range(20):
    fail(number)
time.sleep(0.5)
""",
        errors(*range(20)),
    ),
}


@pytest.mark.parametrize(("code", "expected"), ENDS.values(), ids=ENDS.keys())
def test_what_a_process_leaves_behind_is_sent_by_the_next(code, expected, server, tmp_path):
    status, stats, seconds = run_until_it_ends(code, server, tmp_path / "spool")

    assert status == 0
    assert_each_has_one_fate(stats)
    assert seconds <= 0.1 + OVERTIME_S + SLACK_S
    assert stats["error"]["spooled"] == len(expected), stats
    assert sent_after_a_restart(server, tmp_path / "spool", len(expected)) == expected


def test_a_worker_in_a_text_of_megabytes_keeps_no_other_error_and_aborts_nothing(server, tmp_path):
    code = """
bridge = start()
fail("with a long text", " key=" + "x-" * 4_000_000)
time.sleep(0.1)
for number in range(20):
    fail(number)
"""
    status, stats, seconds = run_until_it_ends(code, server, tmp_path / "spool")

    assert status == 0  # it would be -6: see instrument/strays.py
    assert_each_has_one_fate(stats)
    assert seconds <= 0.1 + OVERTIME_S + SLACK_S
    sent = sent_after_a_restart(server, tmp_path / "spool", stats["error"]["spooled"])
    assert [message for message in sent if "long" not in message] == errors(*range(20))


SIGNALS = {
    "once": """
os.kill(os.getpid(), signal.SIGTERM)
time.sleep(30)
""",
    "during a shutdown": """
threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
bridge.shutdown()
time.sleep(30)
""",
}


@pytest.mark.parametrize("code", SIGNALS.values(), ids=SIGNALS.keys())
def test_sigterm_ends_a_process_after_its_errors_are_on_disk(code, server, tmp_path):
    code = PAUSED + "\nfor number in range(20):\n    fail(number)\n" + code
    started = time.monotonic()
    with silent(server):
        done = subprocess.run(
            [sys.executable, "-c", HEAD + code, server.dsn, str(tmp_path / "spool")],
            capture_output=True,
            check=False,
            timeout=50,
        )

    assert done.returncode == -signal.SIGTERM, done.stderr
    assert time.monotonic() - started < 15.0
    assert sent_after_a_restart(server, tmp_path / "spool", 20) == errors(*range(20))


def test_a_forked_child_leaves_its_own_errors_and_none_of_its_parent(server, tmp_path):
    code = """
import multiprocessing

def work():
    fail("of the child")
    say()

bridge = start(shutdown_timeout=0.0)
bridge.before_fork()
fail("of the parent")
bridge.after_fork_in_parent()
child = multiprocessing.get_context("fork").Process(target=work)
child.start()
child.join()
"""
    status, stats, _ = run_until_it_ends(code, server, tmp_path / "spool")

    assert status == 0
    assert_each_has_one_fate(stats)
    assert sent_after_a_restart(server, tmp_path / "spool", 2) == [
        "error of the child",
        "error of the parent",
    ]


def test_without_a_spool_nothing_is_written_and_every_error_is_counted(server, tmp_path):
    code = """
os.chdir(folder)
os.environ["XDG_STATE_HOME"] = os.environ["HOME"] = folder
bridge = start(spool_dir="none")
bridge.before_fork()
for number in range(20):
    succeed(10)
    fail(number)
"""
    status, stats, seconds = run_until_it_ends(code, server, tmp_path)

    assert status == 0
    assert_each_has_one_fate(stats)
    assert stats["span"] == {"received": 220, "expired:at_shutdown": 220}
    assert stats["error"] == {"received": 20, "expired:at_shutdown": 20}
    assert seconds <= 0.1 + SLACK_S
    assert list(tmp_path.rglob("*")) == []


DISKS = {
    "full": """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
""",
    "no place for a folder": """
open(folder, "w").close()
""",
}


@pytest.mark.parametrize("disk", DISKS.values(), ids=DISKS.keys())
def test_a_disk_that_takes_nothing_ends_in_counted_fates(disk, server, tmp_path):
    pytest.importorskip("resource")
    code = PAUSED + "\nfor number in range(20):\n    fail(number)\n" + disk
    status, stats, seconds = run_until_it_ends(code, server, tmp_path / "spool")

    assert status == 0
    assert_each_has_one_fate(stats)
    assert stats["error"] == {"received": 20, "expired:shutdown": 20}
    assert seconds <= 0.1 + OVERTIME_S + SLACK_S


def test_without_a_dsn_the_errors_go_to_the_local_file(server, tmp_path):
    code = """
bridge = start(dsn=None, local_dir=folder)
bridge.before_fork()
for number in range(20):
    fail(number)
"""
    status, stats, _ = run_until_it_ends(code, server, tmp_path)
    written = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]

    assert status == 0
    assert_each_has_one_fate(stats)
    assert stats["error"] == {"received": 20, "delivered": 20}
    assert sorted(event["exception"]["values"][0]["value"] for event in written) == errors(
        *range(20)
    )


FORWARDING = {
    "to a receiver that is away": "",
    "what a tail sampler still holds": """
options["sampling"] = {"tail": {"policies": [{"name": "all"}]}}
""",
}


@pytest.mark.parametrize("code", FORWARDING.values(), ids=FORWARDING.keys())
def test_spans_on_their_way_to_otlp_have_one_fate_beside_a_worker_that_hangs(
    code, server, tmp_path
):
    code = f"""
def hang(event, hint):
    if event["exception"]["values"][-1]["value"] == "error 3":
        time.sleep(60)
    return event

options = {{"before_send": hang, "otlp_endpoint": "http://127.0.0.1:9"}}
{code}
bridge = start(**options)
for number in range(20):
    succeed(20)
    fail(number)
    time.sleep(0.01)
"""
    status, stats, seconds = run_until_it_ends(code, server, tmp_path / "spool")

    assert status == 0
    assert_each_has_one_fate(stats)
    assert stats["span"]["received"] == 420
    assert seconds <= 0.1 + OVERTIME_S + SLACK_S
    assert sent_after_a_restart(server, tmp_path / "spool", 19) == errors(
        *(number for number in range(20) if number != 3)
    )


def test_a_worker_that_comes_back_after_the_end_counts_nothing_twice(server, tmp_path):
    code = """
released = threading.Event()

def hang(event, hint):
    released.wait(30)
    return event

bridge = start(before_send=hang)
for number in range(20):
    fail(number)
    succeed(3)
time.sleep(0.1)
bridge.shutdown()
before = bridge.stats()
released.set()
time.sleep(0.5)
assert bridge.stats() == before, (before, bridge.stats())
"""
    status, stats, _ = run_until_it_ends(code, server, tmp_path / "spool")

    assert status == 0
    assert_each_has_one_fate(stats)
    assert stats["error"]["expired:at_shutdown"] == 20
    assert stats["span"] == {"received": 80, "expired:at_shutdown": 80}
