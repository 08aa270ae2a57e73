"""A receiver on loopback that really reads: every body is decompressed and parsed, then counted.

Run as ``python -m tests.benchmarks.sink COUNTS``: prints its port, then serves until it is killed.
``COUNTS`` is a file that whoever waits for telemetry can map into memory: asking over a socket
would cost the process that is being measured.
"""

import gzip
import mmap
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

COUNTS = struct.Struct("<4Q")
"""Spans, error events, requests, bytes on the wire."""


class Counts:
    """Four numbers in a file that two processes see."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(COUNTS.size))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), COUNTS.size)
        self._lock = threading.Lock()

    def read(self) -> tuple[int, int, int, int]:
        return COUNTS.unpack(self._memory[:])

    def add(self, *increments: int) -> None:
        with self._lock:
            totals = [a + b for a, b in zip(self.read(), increments, strict=True)]
            self._memory[:] = COUNTS.pack(*totals)


class Handler(BaseHTTPRequestHandler):
    """Takes OTLP traces at any path that ends in ``traces``, and Sentry envelopes elsewhere."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    counts: Counts

    def do_POST(self) -> None:
        wire = self.rfile.read(int(self.headers["Content-Length"]))
        body = gzip.decompress(wire) if self.headers.get("Content-Encoding") == "gzip" else wire
        if self.path.rstrip("/").endswith("traces"):
            self.counts.add(_spans_in(body), 0, 1, len(wire))
        else:
            self.counts.add(0, body.count(b'{"type":"event"'), 1, len(wire))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}" if "envelope" in self.path else b"\x0a\x00")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _spans_in(body: bytes) -> int:
    request = ExportTraceServiceRequest.FromString(body)
    return sum(len(scope.spans) for group in request.resource_spans for scope in group.scope_spans)


def main() -> None:
    Handler.counts = Counts(Path(sys.argv[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
