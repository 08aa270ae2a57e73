"""What handing over costs the caller, and how much gets through, to a server in another process.

Run: python -m tests.benchmarks.delivery
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from otel_bridge.send.destination import OtlpDestination, SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import SendOptions
from otel_bridge.stats import Stats
from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord

SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.wfile.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


def make_event(number, frames):
    return {
        "event_id": f"{number:032x}",
        "platform": "python",
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "value": f"error {number}",
                    "stacktrace": {
                        "frames": [
                            {
                                "filename": f"app/module_{each}.py",
                                "function": f"function_{each}",
                                "lineno": each * 7,
                                "context_line": f"    value = compute(request, {each})",
                                "pre_context": [f"    line = {each + n}" for n in range(5)],
                                "post_context": [f"    line = {each - n}" for n in range(5)],
                            }
                            for each in range(frames)
                        ]
                    },
                }
            ]
        },
    }


def offer_events(port, count, frames, spool_dir):
    stats = Stats()
    options = SendOptions(max_queue_items=10**6, max_queue_bytes=10**9, spool_dir=spool_dir)
    dsn = Dsn.parse(f"http://aaaa@127.0.0.1:{port}/1")
    destination = SentryDestination(dsn, None, options, stats)
    events = [make_event(number, frames) for number in range(count)]
    times = []
    begin = time.perf_counter()
    for event in events:
        before = time.perf_counter()
        destination.offer(event)
        times.append((time.perf_counter() - before) * 1e6)
        time.sleep(0.0005)
    assert destination.shutdown(60.0)
    took = time.perf_counter() - begin
    cuts = statistics.quantiles(times, n=100)
    where = "spooled  " if spool_dir else "in memory"
    print(
        f"events with {frames:3} frames, {where}: offer p50 {cuts[49]:5.0f} µs, "
        f"p99 {cuts[98]:6.0f} µs; {count / took:5.0f} a second delivered"
    )


def offer_spans(port, count, compression):
    stats = Stats()
    options = SendOptions(otlp_max_queue_items=10**7, otlp_max_queue_bytes=10**9,
                          otlp_compression=compression)  # fmt: skip
    destination = OtlpDestination(f"http://127.0.0.1:{port}", None, options, stats)
    span = Span(name="GET /checkout", trace_id=b"t" * 16, span_id=b"s" * 8)
    for number in range(15):
        span.attributes.add(key=f"http.some.key.{number}").value.string_value = "value" * 6
    record = SpanRecord(b"t" * 16, b"s" * 8, b"", 0, 1, 0, 0, 0, span.SerializeToString())
    batch = Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", [record] * 512)])])
    times = []
    begin = time.perf_counter()
    for _ in range(count // 512):
        before = time.perf_counter()
        destination.offer(batch)
        times.append((time.perf_counter() - before) * 1e6)
    assert destination.shutdown(60.0)
    took = time.perf_counter() - begin
    print(
        f"spans of {len(record.raw)} bytes, {compression}: offer of 512 "
        f"p50 {statistics.median(times):5.0f} µs; {count / took:7.0f} spans a second delivered"
    )


def main():
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE)
    try:
        port = int(server.stdout.readline())
        with tempfile.TemporaryDirectory() as scratch:
            for frames in (5, 50):
                offer_events(port, 1_000, frames, None)
                offer_events(port, 1_000, frames, Path(scratch) / str(frames))
        for compression in ("gzip", "none"):
            offer_spans(port, 200_000, compression)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
