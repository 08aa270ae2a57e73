"""Whatever a destination does, the application does not feel it and every item has one fate."""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from otel_bridge.send.clock import SystemClock
from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.stats import Stats
from otel_bridge.testing import Answer, FakeServer

ROOT = Path(__file__).parents[2]
OPTIONS = SendOptions(
    timeout_s=0.3, connect_timeout_s=0.3, retry=RetryOptions(initial_s=0.05, max_s=0.5)
)
ERRORS = 400
# The server is in this process: a thread of its may hold the interpreter for a switch interval.
NOISE_S = 4 * sys.getswitchinterval() + 0.005  # the server and its clients take turns here, too

FAULTS = {
    "limits for others": Answer(headers={"X-Sentry-Rate-Limits": "600:transaction;span:project"}),
    "429": Answer(status=429),
    "429 with Retry-After": Answer(status=429, headers={"Retry-After": "600"}),
    "429 with limits": Answer(status=429, headers={"X-Sentry-Rate-Limits": "600:error:project"}),
    "500": Answer(status=500),
    "503": Answer(status=503, headers={"Retry-After": "1"}),
    "413": Answer(status=413),
    "hang": Answer(delay_s=10.0),
    "drip": Answer(drip_s=0.05),
    "reset": Answer(cut="reset"),
    "cut": Answer(cut="middle"),
}


def event(number):
    return {
        "event_id": f"{number:032x}",
        "message": f"error {number}",
        "extra": {"x": "y" * 3_000},
    }


def offer_all(destination):
    """Offer errors at a steady pace; return the 99th percentile of the time that takes."""
    times = []
    for number in range(ERRORS):
        begin = time.perf_counter()
        destination.offer(event(number))
        times.append(time.perf_counter() - begin)
        time.sleep(0.001)
    return statistics.quantiles(times, n=100)[98]


def run(dsn, options=OPTIONS, clock=None):
    """Return the counts and the 99th percentile; check the rest."""
    stats = Stats()
    destination = SentryDestination(Dsn.parse(dsn), None, options, stats, clock)
    p99 = offer_all(destination)
    begin = time.monotonic()
    destination.shutdown(1.0)
    assert time.monotonic() - begin < 1.5
    counts = stats.snapshot()["error"]
    recovered = counts.pop("received")
    assert sum(counts.values()) == ERRORS + recovered
    return counts, p99


@pytest.fixture(scope="module")
def healthy_p99():
    with FakeServer() as server:
        return run(server.dsn)[1]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("spooled", [False, True], ids=["in memory", "spooled"])
def test_a_fault_of_the_server_is_not_felt(fault, spooled, healthy_p99, tmp_path):
    options = replace(OPTIONS, spool_dir=tmp_path if spooled else None)
    with FakeServer() as server:
        server.default = FAULTS[fault]
        counts, p99 = run(server.dsn, options)

    assert p99 < 2 * healthy_p99 + NOISE_S
    if fault == "limits for others":
        assert counts == {"delivered": ERRORS}
    if fault.startswith("429"):
        assert set(counts) == {"rate_limited:http_429", "rate_limited:backoff"}
    if fault in ("500", "503", "hang", "drip", "reset", "cut"):
        assert set(counts) == {"spooled"} if spooled else {"expired:shutdown"}


@pytest.mark.parametrize(
    "dsn",
    [
        pytest.param("https://aaaa@127.0.0.1:{port}/1", id="no TLS"),
        pytest.param("http://aaaa@no-such-host.invalid/1", id="no such host"),
        pytest.param("http://aaaa@127.0.0.1:{closed}/1", id="no server"),
    ],
)
def test_a_server_that_cannot_be_reached_is_not_felt(dsn, healthy_p99):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    with FakeServer() as server:
        counts, p99 = run(dsn.format(port=server.port, closed=closed))

    assert counts == {"expired:shutdown": ERRORS}
    assert p99 < 2 * healthy_p99 + NOISE_S


class JumpingClock(SystemClock):
    """Goes back an hour every tenth of a second."""

    def now(self):
        return super().now() - 3600 * int(self.monotonic() * 10)


@pytest.mark.parametrize("spooled", [False, True], ids=["in memory", "spooled"])
def test_a_clock_that_jumps_is_not_felt(spooled, healthy_p99, tmp_path):
    options = replace(OPTIONS, spool_dir=tmp_path if spooled else None)
    with FakeServer() as server:
        counts, p99 = run(server.dsn, options, JumpingClock())

    assert counts == {"delivered": ERRORS}
    assert p99 < 2 * healthy_p99 + NOISE_S


@contextmanager
def mounted(folder, options):
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a file system of its own can only be mounted as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("options", ["size=256k", "ro"], ids=["full", "read-only"])
def test_a_disk_that_takes_nothing_is_not_felt_and_loses_nothing(options, healthy_p99, tmp_path):
    with mounted(tmp_path, options) as folder, FakeServer() as server:
        server.default = Answer(status=503)
        stats = Stats()
        spooled = replace(OPTIONS, spool_dir=folder)
        destination = SentryDestination(Dsn.parse(server.dsn), None, spooled, stats)
        for number in range(ERRORS):
            noise = os.urandom(1_500).hex()
            destination.offer({"event_id": f"{number:032x}", "extra": {"noise": noise}})
        time.sleep(0.5)
        server.default = Answer()

        assert destination.flush(30.0)
        destination.shutdown(1.0)

    assert len(server.events) == ERRORS
    assert stats.snapshot()["error"] == {"received": 0, "delivered": ERRORS}
    assert stats.snapshot()["faults"]["spool"] >= 1


BURST = """
import json, resource, sys, time
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otel_bridge.send.destination import OtlpDestination, SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import SendOptions
from otel_bridge.stats import Stats
from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord

def rss():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()

port, closed, spans, chunk = *map(int, sys.argv[1:]), 512
stats = Stats()
options = SendOptions()
otlp = OtlpDestination(f"http://127.0.0.1:{closed}", None, options, stats)
sentry = SentryDestination(Dsn.parse(f"http://aaaa@127.0.0.1:{port}/1"), None, options, stats)
raw = Span(name="x" * 900).SerializeToString()
record = SpanRecord(b"t" * 16, b"s" * 8, b"", 0, 1, 0, 0, 0, raw)
before, most, begin = rss(), 0, time.monotonic()
for number in range(spans // chunk):
    otlp.offer(Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", [record] * chunk)])]))
    if number % 20 == 0:
        sentry.offer({"event_id": f"{number:032x}"})
        most = max(most, rss())
took = time.monotonic() - begin
errors = sentry.shutdown(10.0)
otlp.shutdown(0.5)
print(json.dumps({"grown": most - before, "bound": options.otlp_max_queue_bytes, "took": took,
                  "errors": errors, **stats.snapshot()}))
"""


def test_a_million_spans_at_once_stay_within_the_bound_and_displace_no_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    with FakeServer() as server:
        command = [sys.executable, "-c", BURST, str(server.port), str(closed), "1000448"]
        done = subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=ROOT)
    found = json.loads(done.stdout)

    assert found["errors"]
    assert found["error"]["delivered"] == len(server.events) == 98
    assert sum(found["span"].values()) == 1_000_448
    assert found["span"]["queue_full"] > 900_000
    assert found["grown"] < 1.5 * found["bound"]
