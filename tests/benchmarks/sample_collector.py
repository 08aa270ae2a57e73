"""Ours beside the Collector's ``tail_sampling``, in one run: the same traffic, equal policies.

The Collector takes requests over OTLP/HTTP on loopback and decides after five seconds. Ours, one
thread of CPython, reads the same request bodies from a file, decides, and encodes what it keeps.
CPU time and memory (at most, above what the process had before) are the operating system's.
What taking requests in over HTTP costs the Collector is measured apart, without any sampling.
"""

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import urllib3

from otel_bridge.sample.options import read_sampling
from otel_bridge.sample.tail import TailSampler
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.receive import read_request
from tests.benchmarks.sample_tail import spread_bodies
from tests.e2e.servers.collector import Collector
from tests.e2e.servers.process import wait_until

TRACES = 12_000
SPANS_PER_TRACE = 8
CONFIG = Path(__file__).with_suffix(".yaml")
BARE = Path(__file__).with_name("sample_collector_bare.yaml")
Run = dict[str, Any]
TICKS = os.sysconf("SC_CLK_TCK")
MIB = 1024 * 1024

POLICIES = {
    "tail": {
        "annotate": False,
        "max_traces": 200_000,
        "max_bytes": 512 * MIB,
        "grace_s": 5,
        "policies": [
            {"name": "errors", "type": "status_code", "codes": ["error"]},
            {"name": "slow", "type": "latency", "min_ms": 500},
            {
                "name": "billing",
                "type": "attribute",
                "key": "http.route",
                "values": ["/billing/*"],
            },
            {
                "name": "quick search",
                "type": "and",
                "of": [
                    {"type": "attribute", "key": "http.route", "values": ["/search"]},
                    {"type": "latency", "min_ms": 200},
                ],
            },
        ],
    }
}


def write_traffic(path: Path, traces: int = TRACES) -> None:
    """Write request bodies in which the spans of many traces are mixed."""
    with path.open("wb") as file:
        for body in spread_bodies(Random(11), traces, SPANS_PER_TRACE):
            file.write(len(body).to_bytes(4, "big") + body)


def bodies_in(path: Path) -> Iterator[bytes]:
    """The bodies of a file, each after its length in four bytes."""
    with path.open("rb") as file:
        while head := file.read(4):
            yield file.read(int.from_bytes(head, "big"))


def run_collector(configs: list[Path], traffic: Path, directory: Path) -> Run:
    """Send everything to a real Collector and read back what it kept."""
    directory.mkdir()
    collector = Collector(configs, directory)
    collector.start()
    try:
        idle, cpu = rss_of(collector.pid), cpu_of(collector.pid)
        send(collector.http_endpoint, bodies_in(traffic))
        peak = peak_of(collector.pid)
        if len(configs) == 1:
            wait_until(lambda: settled(collector.telemetry_file), "the decisions", timeout=60)
        cpu = cpu_of(collector.pid) - cpu
    finally:
        collector.stop()
    written = collector.telemetry_file
    return {
        "kept": traces_in(bodies_in(written)) if written.exists() else [],
        "cpu_s": cpu,
        "peak_mib": (peak - idle) / MIB,
    }


def send(endpoint: str, bodies: Iterator[bytes]) -> None:
    """Post all bodies, one after the other."""
    pool = urllib3.HTTPConnectionPool(endpoint)
    headers = {"Content-Type": "application/x-protobuf"}
    for body in bodies:
        answer = pool.request("POST", "/v1/traces", body=body, headers=headers, retries=False)
        assert answer.status == 200


def traces_in(bodies: Iterator[bytes]) -> list[str]:
    """The ids of the traces in some request bodies."""
    return sorted(
        {
            record.trace_id.hex()
            for body in bodies
            for record in read_request(body, Signal.TRACES).records()
        }
    )


def settled(path: Path) -> bool:
    """Whether the file has stopped growing for two seconds."""
    before = path.stat().st_size if path.exists() else 0
    time.sleep(2)
    return before > 0 and path.stat().st_size == before


def run_ours(traffic: Path) -> Run:
    """Do the same here, in a process that does nothing else."""
    tail = read_sampling(POLICIES).tail
    assert tail is not None
    sampler, scrubber = TailSampler(tail), Scrubber(ScrubOptions(preset="off"))
    kept: list[bytes] = []
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    idle, cpu = rss_of(os.getpid()), time.process_time()
    for body in bodies_in(traffic):
        batch = scrubber.batch(read_request(body, Signal.TRACES)).batch
        for decided in (sampler.add(batch, 0.0), sampler.due(0.0)):
            kept += [decided.kept.to_request()] if decided.kept else []
    peak = peak_of(os.getpid())
    last = sampler.due(10.0).kept
    kept += [last.to_request()] if last else []
    cpu = time.process_time() - cpu
    return {
        "kept": traces_in(iter(kept)),
        "cpu_s": cpu,
        "peak_mib": (peak - idle) / MIB,
    }


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_of(pid: int) -> int:
    return status_of(pid, "VmRSS")


def peak_of(pid: int) -> int:
    return status_of(pid, "VmHWM")


def status_of(pid: int, key: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    raise KeyError(key)


def in_own_process(traffic: Path) -> Run:
    """Run ours in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.sample_collector", str(traffic)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: Run = json.loads(done.stdout)
    return found


def main() -> int:
    """Print the table; return whether both kept the same traces."""
    if sys.argv[1:]:
        print(json.dumps(run_ours(Path(sys.argv[1]))))
        return 0
    spans = TRACES * SPANS_PER_TRACE
    with TemporaryDirectory() as name:
        directory = Path(name)
        traffic = directory / "traffic.bin"
        write_traffic(traffic)
        runs = {
            "otel_bridge": in_own_process(traffic),
            "Collector": run_collector([CONFIG], traffic, directory / "tail"),
            "Collector, receiving only": run_collector(
                [CONFIG, BARE], traffic, directory / "bare"
            ),
        }
        size = traffic.stat().st_size / MIB
    same = runs["otel_bridge"]["kept"] == runs["Collector"]["kept"]
    print(f"{TRACES} traces of {SPANS_PER_TRACE} spans, {size:.0f} MiB")
    print(f"{'':<28}{'traces kept':>12}{'CPU µs/span':>13}{'spans/CPU s':>13}{'memory MiB':>12}")
    for party, run in runs.items():
        each = run["cpu_s"] / spans
        print(
            f"{party:<28}{len(run['kept']):>12}{each * 1e6:>13.1f}{1 / each:>13,.0f}"
            f"{run['peak_mib']:>12.0f}"
        )
    print(f"the same traces: {same}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
