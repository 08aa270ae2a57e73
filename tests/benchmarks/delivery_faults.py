"""What ``on_end`` costs the application while its destinations fail, beside a healthy run.

Every run is a process of its own, its server another one. A request is ten spans, every tenth
request fails, requests come at a steady pace. Rounds go turn by turn, medians of the rounds count.

Run: python -m tests.benchmarks.delivery_faults [--rounds 3] [--write]
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from opentelemetry.sdk.trace import TracerProvider

from otel_bridge import BridgeSpanProcessor
from otel_bridge.testing import Answer, FakeServer

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- delivery: begin -->", "<!-- delivery: end -->"

ANSWERS = {
    "healthy": Answer(),
    "hangs": Answer(delay_s=60.0),
    "a byte a second": Answer(drip_s=1.0),
    "connection reset": Answer(cut="reset"),
    "429, Retry-After": Answer(status=429, headers={"Retry-After": "60"}),
    "500": Answer(status=500),
    "503, Retry-After": Answer(status=503, headers={"Retry-After": "60"}),
    "413": Answer(status=413),
}
UNREACHABLE = ("refused connection", "no such host", "no TLS")
"""``no TLS``: the server speaks plain HTTP where TLS is wanted."""
DISK_FULL = "full disk"
FAULTS = (*ANSWERS, *UNREACHABLE, DISK_FULL)

SPANS = 10
FAILS_EVERY = 10
PAUSE_S = 0.004

WARM_UP = 100


def measure(seconds):
    """Work as an application does; return how long ``on_end`` took, in µs, and the counts."""
    walls, cpus, requests = [], [], 0

    class Timed(BridgeSpanProcessor):
        def on_end(self, span):
            cpu, wall = time.thread_time_ns(), time.perf_counter_ns()
            super().on_end(span)
            walls.append(time.perf_counter_ns() - wall)
            cpus.append(time.thread_time_ns() - cpu)

    provider = TracerProvider(shutdown_on_exit=False)
    processor = Timed()
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("shop")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        requests += 1
        if requests == WARM_UP:
            walls.clear()
            cpus.clear()
        serve(tracer, requests)
        time.sleep(PAUSE_S)
    processor.bridge.shutdown(2.0)
    return {
        "p50": quantile(walls, 50),
        "p99": quantile(walls, 99),
        "max": max(walls) / 1e3,
        "cpu99": quantile(cpus, 99),
        "spans": len(walls),
        "stats": processor.bridge.stats(),
    }


def serve(tracer, number):
    """Handle one request."""
    try:
        with tracer.start_as_current_span("GET /checkout") as root:
            root.set_attribute("url.path", f"/checkout/{number}")
            for step in range(SPANS - 1):
                with tracer.start_as_current_span("step", attributes={"step": step, "sku": "a-1"}):
                    if step == SPANS - 2 and number % FAILS_EVERY == 0:
                        raise ValueError(f"request {number}")
    except ValueError:
        pass


def quantile(times, percent):
    return statistics.quantiles(times, n=100)[percent - 1] / 1e3


def limit_files():
    """Let no file take a byte, which is what a full disk looks like to who writes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def run(fault, seconds=4.0):
    """Measure under one fault, in a process of its own."""
    with serving(fault) as port, tempfile.TemporaryDirectory() as state:
        scheme = "https" if fault == "no TLS" else "http"
        place = {
            "refused connection": "127.0.0.1:9",
            "no such host": "no-such-host.invalid",
        }.get(fault, f"127.0.0.1:{port}")
        environ = {name: text for name, text in os.environ.items() if "OTEL" not in name} | {
            "SENTRY_DSN": f"{scheme}://{'0' * 32}@{place}/1",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"{scheme}://{place}",
            "XDG_STATE_HOME": state,
        }
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, "--measure", fault, "--seconds", str(seconds)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            cwd=ROOT,
            env=environ,
            timeout=60,
        )
    return json.loads(done.stdout)


@contextmanager
def serving(fault):
    """A server in a process of its own."""
    command = [sys.executable, "-m", __spec__.name, "--serve", fault]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as server:
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def serve_faults(fault):
    """Be that server, until standard input ends."""
    with FakeServer() as server:
        server.default = ANSWERS.get(fault, Answer())
        print(server.port, flush=True)
        sys.stdin.read()


def compare(rounds, seconds):
    """Measure every fault in every round; return the medians."""
    found = {fault: [] for fault in FAULTS}
    for number in range(rounds):
        for fault in FAULTS if number % 2 == 0 else reversed(FAULTS):
            found[fault].append(run(fault, seconds))
    return {
        fault: {
            key: statistics.median(result[key] for result in results)
            for key in ("p50", "p99", "max", "cpu99", "spans")
        }
        | {"stats": results[-1]["stats"]}
        for fault, results in found.items()
    }


def section(results, rounds):
    """Return the section in Markdown."""
    healthy = results["healthy"]
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    lines = [
        "## on_end while a destination fails",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load averages {load}, other "
        f"work included. Requests of {SPANS} spans, one request in {FAILS_EVERY} fails, a request "
        f"every {1000 * PAUSE_S:.0f} ms; DSN, OTLP and spool on. Medians of {rounds} rounds, each "
        "run in a process of its own. µs on the clock, so the interpreter's switches between "
        "threads are in it; CPU is that of the application's thread alone. The 99th percentile "
        "lies among the failing spans. Printed by `python -m tests.benchmarks.delivery_faults`.",
        "",
        "| destination | p50 | p99 | max | p99 / healthy | CPU p99 / healthy | errors became |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for fault, found in results.items():
        lines.append(
            f"| {fault} | {found['p50']:.0f} | {found['p99']:.0f} | {found['max']:.0f} | "
            f"{found['p99'] / healthy['p99']:.2f} | {found['cpu99'] / healthy['cpu99']:.2f} | "
            f"{fates(found['stats']['error'])} |"
        )
    return "\n".join(lines)


def fates(counts):
    return ", ".join(name for name, count in counts.items() if name != "received" and count)


def write(text):
    """Put the section in the place of the last one."""
    page = PAGE.read_text(encoding="utf-8")
    if BEGIN in page:
        before, rest = page.split(BEGIN, 1)
        after = rest.split(END, 1)[1]
    else:
        before, after = page.rstrip("\n") + "\n\n", "\n"
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    parser.add_argument("--measure", choices=FAULTS, help=argparse.SUPPRESS)
    parser.add_argument("--serve", choices=FAULTS, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.serve:
        serve_faults(parsed.serve)
        return
    if parsed.measure:
        if parsed.measure == DISK_FULL:
            limit_files()
        print(json.dumps(measure(parsed.seconds)))
        return
    text = section(compare(parsed.rounds, parsed.seconds), parsed.rounds)
    print(text)
    if parsed.write:
        write(text)


if __name__ == "__main__":
    main()
