"""A proxy for HTTP on loopback: tunnels by CONNECT, and plain requests passed on."""

import socket
import socketserver
import ssl
import threading
from base64 import b64encode
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import NamedTuple, Self, cast
from urllib.parse import urlsplit

_MAX_HEAD_BYTES = 65_536
_CHUNK_BYTES = 65_536


class Asked(NamedTuple):
    """What a proxy was asked for."""

    method: str
    """``CONNECT`` for a tunnel."""
    target: str
    """``host:port`` for a tunnel, else the URL."""
    status: int
    """What it answered; 0 where it passed the request on and the server answered."""


class FakeProxy:
    """Leads to where it is asked to; use it as a context manager.

    Args:
        login: ``user:password`` that it wants; without it anybody may use it.
        tls: Certificate and rules for TLS on the way to the proxy itself; without it none.
    """

    def __init__(self, login: str = "", tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self._login = login
        self._tls = tls
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """Where it listens, with its login."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{self._login}{'@' if self._login else ''}127.0.0.1:{self._port()}"

    def __enter__(self) -> Self:
        """Start."""
        self._server = server = _Server(("127.0.0.1", 0), _Tunnel)
        server.fake, server.tls = self, self._tls
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; tunnels end with their connections."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def allows(self, head: dict[str, str]) -> bool:
        """Return whether a request may pass."""
        wanted = f"Basic {b64encode(self._login.encode()).decode()}"
        return not self._login or head.get("proxy-authorization") == wanted

    def _port(self) -> int:
        return 0 if self._server is None else int(self._server.server_address[1])


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    fake: FakeProxy
    tls: ssl.SSLContext | None

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a broken connection is the client's affair."""


class _Tunnel(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        client = cast("socket.socket", self.request)
        if self.server.tls is None:
            self._serve(client)
        else:
            with self.server.tls.wrap_socket(client, server_side=True) as secured:
                self._serve(secured)

    def _serve(self, client: socket.socket) -> None:
        head, rest = _read_head(client)
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        names = {
            name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)
        }
        if not self.server.fake.allows(names):
            self._answer(client, method, target, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED)
            return
        try:
            upstream = socket.create_connection(_address(method, target), timeout=5.0)
        except OSError:
            self._answer(client, method, target, HTTPStatus.BAD_GATEWAY)
            return
        upstream.settimeout(None)
        with upstream:
            if method == "CONNECT":
                self._answer(client, method, target, HTTPStatus.OK)
            else:
                self.server.fake.asked.append(Asked(method, target, 0))
                upstream.sendall(_passed_on(lines, target))
            upstream.sendall(rest)
            back = threading.Thread(target=_pump, args=(upstream, client), daemon=True)
            back.start()
            _pump(client, upstream)
            back.join(5.0)

    def _answer(self, client: socket.socket, method: str, target: str, status: HTTPStatus) -> None:
        self.server.fake.asked.append(Asked(method, target, status))
        length = "" if status is HTTPStatus.OK else "Content-Length: 0\r\nConnection: close\r\n"
        client.sendall(f"HTTP/1.1 {status} {status.phrase}\r\n{length}\r\n".encode())


def _read_head(client: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data and len(data) < _MAX_HEAD_BYTES:
        more = client.recv(_CHUNK_BYTES)
        if not more:
            raise ConnectionError("the client left")
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _address(method: str, target: str) -> tuple[str, int]:
    parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
    return parts.hostname or "", parts.port or 80


def _passed_on(lines: list[str], target: str) -> bytes:
    """Return the head of a request as the server is to get it."""
    parts = urlsplit(target)
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    first = lines[0].replace(target, path, 1)
    kept = [line for line in lines[1:] if not line.lower().startswith("proxy-")]
    return "\r\n".join([first, *kept, "", ""]).encode("latin-1")


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK_BYTES):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
