"""A server on loopback that takes envelopes and OTLP, remembers them, and misbehaves at will."""

import gzip
import json
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast

from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from otel_bridge.testing.answers import Answer, Seen

PUBLIC_KEY = "0123456789abcdef0123456789abcdef"
_POLL_S = 0.005


class FakeServer:
    """Speaks the Sentry and the OTLP/HTTP protocol; use it as a context manager.

    It takes what it answers with 2xx and, like real ones, an event once for each id.

    Args:
        port: 0 chooses a free one, which a restart keeps.
        tls: Certificate and rules for TLS; without it none.
    """

    def __init__(self, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self._tls = tls
        self.default = Answer()
        """How requests are treated when nothing else was asked for."""
        self.seen: list[Seen] = []
        self.events: dict[str, dict[str, Any]] = {}
        """Events taken, by id."""
        self.event_ids: list[str] = []
        """The id of each event taken, with repetitions."""
        self.reports: list[dict[str, Any]] = []
        """Client reports taken."""
        self.spans: list[Span] = []
        self.logs: list[LogRecord] = []
        self.connections: list[socket.socket] = []
        """Every connection there was."""
        self._answers: deque[Answer] = deque()
        self._lock = threading.Lock()
        self._http: ThreadingHTTPServer | None = None
        self._sockets: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """Base URL for OTLP."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def dsn(self) -> str:
        """The DSN of project 1; other numbers work as well."""
        return f"{self._scheme}://{PUBLIC_KEY}@127.0.0.1:{self.port}/1"

    @property
    def _scheme(self) -> str:
        return "http" if self._tls is None else "https"

    def answer(self, *answers: Answer) -> None:
        """Treat the next requests like this, one after the other."""
        with self._lock:
            self._answers.extend(answers)

    def start(self) -> None:
        """Begin to listen."""
        http = _Http(("127.0.0.1", self.port), _Handler)
        http.fake = self
        if self._tls is not None:
            # Shake hands in each connection's thread, not where connections are accepted.
            http.socket = self._tls.wrap_socket(
                http.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = http.server_address[1]
        self._http = http
        threading.Thread(
            target=http.serve_forever, args=(_POLL_S,), name="fake server", daemon=True
        ).start()

    def stop(self) -> None:
        """Stop listening and break every connection, as a killed server would."""
        http, self._http = self._http, None
        if http is not None:
            http.shutdown()
            http.server_close()
        for open_socket in list(self._sockets):
            _break(open_socket)

    def wait_for(self, condition: Callable[[], object], timeout: float = 5.0) -> bool:
        """Wait until something is true; False if it is not within the time limit in seconds."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        return True

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def next_answer(self) -> Answer:
        """Return how to treat the request at hand."""
        with self._lock:
            return self._answers.popleft() if self._answers else self.default

    def take(self, seen: Seen, answer: Answer) -> tuple[bytes, str]:
        """Remember a request; return the body of its answer and that body's type."""
        taken = 200 <= answer.status < 300  # noqa: PLR2004  # HTTP's success
        with self._lock:
            self.seen.append(seen)
            if seen.path.endswith("/envelope/"):
                body = self._take_envelope(seen.content) if taken else b'{"detail":"no"}'
                return body, "application/json"
            if seen.path.endswith(("/v1/traces", "/v1/logs")):
                return self._take_otlp(seen, answer, taken=taken), "application/x-protobuf"
        return b"", "text/plain"

    def opened(self, connection: socket.socket) -> None:
        """Note a connection, to be able to break it."""
        self._sockets.add(connection)
        self.connections.append(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        self._sockets.discard(connection)

    def _take_envelope(self, content: bytes) -> bytes:
        head_line, _, rest = content.partition(b"\n")
        head = json.loads(head_line)
        for item, payload in _items(rest):
            if item["type"] == "event":
                event_id = head["event_id"]
                self.event_ids.append(event_id)
                self.events.setdefault(event_id, json.loads(payload))
            elif item["type"] == "client_report":
                self.reports.append(json.loads(payload))
        return json.dumps({"id": head.get("event_id", "")}).encode()

    def _take_otlp(self, seen: Seen, answer: Answer, *, taken: bool) -> bytes:
        if not taken:
            return b""
        said: Message
        if seen.path.endswith("/v1/logs"):
            logs = ExportLogsServiceRequest.FromString(seen.content)
            self.logs += [
                each
                for group in logs.resource_logs
                for scope in group.scope_logs
                for each in scope.log_records
            ]
            said = log_answer = ExportLogsServiceResponse()
            log_answer.partial_success.rejected_log_records = answer.rejected
            log_answer.partial_success.error_message = answer.message
        else:
            traces = ExportTraceServiceRequest.FromString(seen.content)
            self.spans += [
                each
                for group in traces.resource_spans
                for scope in group.scope_spans
                for each in scope.spans
            ]
            said = trace_answer = ExportTraceServiceResponse()
            trace_answer.partial_success.rejected_spans = answer.rejected
            trace_answer.partial_success.error_message = answer.message
        return said.SerializeToString() if answer.rejected or answer.message else b""


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    fake: FakeServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: broken connections are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def setup(self) -> None:
        super().setup()
        self.server.fake.opened(self.connection)

    def finish(self) -> None:
        self.server.fake.closed(self.connection)
        with suppress(OSError):  # the connection may be broken
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Say nothing."""

    def do_POST(self) -> None:
        fake = self.server.fake
        answer = fake.next_answer()
        if answer.cut in ("before", "reset"):
            self._cut(resets=answer.cut == "reset")
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        names = {name.lower(): text for name, text in self.headers.items()}
        content = _inflated(body, names.get("content-encoding", ""))
        said, kind = fake.take(Seen(self.path, names, content), answer)
        time.sleep(answer.delay_s)
        if answer.cut == "after":
            self._cut()
        else:
            self._say(answer, said if answer.body is None else answer.body, kind)

    def _say(self, answer: Answer, body: bytes, kind: str) -> None:
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), **answer.headers}
        lines = [f"HTTP/1.1 {answer.status} Scripted", *(f"{n}: {t}" for n, t in headers.items())]
        whole = "\r\n".join([*lines, "", ""]).encode() + body
        if answer.cut == "middle":
            self.wfile.write(whole[: len(whole) // 2])
            self._cut()
        elif answer.drip_s:
            for byte in whole:
                self.wfile.write(bytes([byte]))
                time.sleep(answer.drip_s)
        else:
            self.wfile.write(whole)

    def _cut(self, *, resets: bool = False) -> None:
        self.close_connection = True
        if resets:
            no_wait = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_wait)
            self.connection.close()
        else:
            _break(self.connection)


def _items(rest: bytes) -> list[tuple[dict[str, Any], bytes]]:
    found = []
    while rest:
        line, _, rest = rest.partition(b"\n")
        if line:
            item = cast("dict[str, Any]", json.loads(line))
            found.append((item, rest[: item["length"]]))
            rest = rest[item["length"] + 1 :]
    return found


def _inflated(body: bytes, encoding: str) -> bytes:
    match encoding:
        case "gzip":
            return gzip.decompress(body)
        case "deflate":
            return zlib.decompress(body)
    return body


def _break(connection: socket.socket) -> None:
    with suppress(OSError):  # it may be broken already
        connection.shutdown(socket.SHUT_RDWR)
