"""A loopback OTLP/HTTP receiver that keeps the spans it is sent, for the demonstration only."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from otel_bridge.wire.batch import SpanRecord
from otel_bridge.wire.detect import read_body

MAX_BODY_BYTES = 4 * 1024 * 1024


class Receiver:
    """Listen on a free loopback port while the context is open."""

    def __init__(self) -> None:
        self.spans: list[SpanRecord] = []
        spans = self.spans

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                for batch in read_body(body, max_bytes=MAX_BODY_BYTES):
                    spans.extend(r for r in batch.records() if isinstance(r, SpanRecord))
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep the terminal for the demonstration."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "Receiver":
        """Start to listen."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
