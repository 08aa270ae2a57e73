"""One HTTP/1.1 connection: a time limit that no slow server stretches, and cheap further requests.

urllib3 opens connections, with proxies, TLS and certificates, and carries the first request. The
next ones are written and read here: of what urllib3 and ``http.client`` do for each request, most
prepares for what our own requests never are, and for answers that hardly any server gives.
"""

import http.client
import io
import socket
import time
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from otel_bridge.wire.compress import decompress

MAX_REPLY_BYTES = 4 * 2**20
"""The OTLP specification asks clients to bound what they read, at 4 MiB by default."""

_PIECE = 1 << 16
_SLACK_S = 0.02
"""To set a time limit costs a system call, and another thread its turn: not for so little."""
_HEAD_END = b"\r\n\r\n"
_MAX_LENGTH_DIGITS = 6
_STATUS_DIGITS = 3
_OK = 200
_BODILESS = frozenset({204, 304})
_UNUSUAL = ("transfer-encoding", "content-encoding")


class Answered(NamedTuple):
    """What a server answered."""

    status: int
    headers: dict[str, str]
    """With lower-case names."""
    body: bytes
    stays_open: bool = True
    """Whether the connection can be used again."""


class DeadlineReader(io.RawIOBase):
    """Reads from a socket until a deadline, however small the pieces in which bytes arrive."""

    def __init__(
        self, sock: socket.socket, raw: io.RawIOBase, deadline: float, first: bytes = b""
    ) -> None:
        self._sock = sock
        self._raw = raw
        self._deadline = deadline
        self._first = first
        self.at_end = False

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]  # typeshed hides the buffer type
        """Read what is there, the bytes that were read before first.

        Raises:
            TimeoutError: The deadline has passed.
        """
        if self._first:
            piece, self._first = self._first[: len(buffer)], self._first[len(buffer) :]
            buffer[: len(piece)] = piece
            return len(piece)
        self._sock.settimeout(_left(self._deadline))
        size = self._raw.readinto(buffer)
        self.at_end = self.at_end or size == 0
        return size

    def close(self) -> None:
        """Let go of the socket."""
        if not self.closed:
            self._raw.close()
            super().close()


class Answer(http.client.HTTPResponse):
    """An answer that has to be there by a deadline, with all its headers."""

    def __init__(
        self,
        deadline: float,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
        *,
        first: bytes = b"",
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._reader = DeadlineReader(sock, self.fp.detach(), deadline, first)
        self.fp = io.BufferedReader(self._reader)

    def begin(self) -> None:
        """Read status and headers.

        Raises:
            http.client.IncompleteRead: The stream ends before they do.
        """
        super().begin()
        # The library takes the end of the stream for the end of the headers.
        if self._reader.at_end:
            raise http.client.IncompleteRead(b"")


class _PromptConnection(HTTPConnection):
    """A connection whose read timeout is for the whole answer, not for each piece of it."""

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # so does urllib3's
        timeout = self.timeout
        if timeout is not None:
            self.response_class = partial(Answer, time.monotonic() + timeout)  # type: ignore[assignment]  # called like the class
        return super().getresponse()


class _PromptTlsConnection(HTTPSConnection, _PromptConnection):
    """The same over TLS."""


class HttpPool(HTTPConnectionPool):
    """Connections to one server."""

    ConnectionCls = _PromptConnection

    def post_again(self, head: bytes, body: bytes, timeout: float) -> Answered | None:
        """Post on a connection that was left open; None, and nothing is sent, if there is none.

        Args:
            head: The request line and the headers, with the empty line behind them.
            body: What is posted.
            timeout: Seconds for all of it.

        Raises:
            OSError, http.client.HTTPException, OtelBridgeError: There is no whole answer.
        """
        connection = self._get_conn()
        try:
            sock = connection.sock  # type: ignore[attr-defined]  # missing in the base class only
            if sock is None:
                return None
            stays_open = False
            try:
                answered = exchange(sock, head, body, timeout)
                stays_open = answered.stays_open
            finally:
                if not stays_open:
                    connection.close()
            return answered
        finally:
            self._put_conn(connection)


class HttpsPool(HTTPSConnectionPool, HttpPool):
    """The same over TLS."""

    ConnectionCls = _PromptTlsConnection


def exchange(sock: socket.socket, head: bytes, body: bytes, timeout: float) -> Answered:
    """Send a request on an open connection and read the answer to it.

    Raises:
        OSError, http.client.HTTPException, OtelBridgeError: There is no whole answer.
    """
    deadline = time.monotonic() + timeout
    if sock.gettimeout() != timeout:
        sock.settimeout(timeout)
    try:
        if len(body) < _PIECE:
            sock.sendall(head + body)
        else:
            sock.sendall(head)
            sock.sendall(body)
    except (BrokenPipeError, ConnectionResetError):
        pass  # a server may refuse a request before it has read all of it: the answer is there
    if _left(deadline) < timeout - _SLACK_S:
        sock.settimeout(_left(deadline))
    data = sock.recv(_PIECE)
    if not data:
        raise http.client.RemoteDisconnected("closed without an answer")
    end = data.find(_HEAD_END)
    found = None if end < 0 else read_head(data[:end])
    if found is None:
        return _read_any(sock, data, deadline)
    status, headers, length = found
    data = data[end + len(_HEAD_END) :]
    while len(data) < length:
        sock.settimeout(_left(deadline))
        piece = sock.recv(_PIECE)
        if not piece:
            raise http.client.IncompleteRead(data, length - len(data))
        data += piece
    # Bytes behind the answer belong to no request: nothing can follow them.
    return Answered(status, headers, data[:length], stays_open=len(data) == length)


def read_head(head: bytes) -> tuple[int, dict[str, str], int] | None:
    """Return status, headers and length of the body of an ordinary answer; None for any other.

    Ordinary: final, HTTP/1.1, of a known length that is no megabyte, neither in chunks nor
    compressed, and the connection stays open.
    """
    lines = head.decode("latin-1").split("\r\n")
    status = _ordinary_status(lines[0])
    if status is None or head.count(b"\n") != len(lines) - 1 or head.count(b"\r") >= len(lines):
        return None
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name.strip() != name:
            return None
        _add(headers, name, value)
    length = headers.get("content-length", "")
    if (
        not (length.isascii() and length.isdecimal() and len(length) <= _MAX_LENGTH_DIGITS)
        or headers.get("connection", "keep-alive").lower() != "keep-alive"
        or any(name in headers for name in _UNUSUAL)
    ):
        return None
    return status, headers, int(length)


def _ordinary_status(line: str) -> int | None:
    version, _, rest = line.partition(" ")
    code = rest[:_STATUS_DIGITS]
    if version != "HTTP/1.1" or not (code.isascii() and code.isdecimal()):
        return None
    if len(code) != _STATUS_DIGITS or rest[_STATUS_DIGITS:][:1] not in ("", " "):
        return None
    status = int(code)
    return status if status >= _OK and status not in _BODILESS else None


def merged(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by their names in lower case; those that came twice are joined by commas."""
    headers: dict[str, str] = {}
    for name, value in pairs:
        _add(headers, name, value)
    return headers


def _add(headers: dict[str, str], name: str, value: str) -> None:
    name, value = name.lower(), value.strip(" \t")
    headers[name] = f"{headers[name]}, {value}" if name in headers else value


def _read_any(sock: socket.socket, first: bytes, deadline: float) -> Answered:
    """Read any answer, of which the first bytes are here, with all that HTTP allows."""
    answer = Answer(deadline, sock, method="POST", first=first)
    try:
        answer.begin()
        content = answer.read(MAX_REPLY_BYTES)
        if answer.length and len(content) < MAX_REPLY_BYTES:
            raise http.client.IncompleteRead(content, answer.length)
        headers = merged(answer.getheaders())
        body = decompress(content, headers.get("content-encoding", ""), max_bytes=MAX_REPLY_BYTES)
        stays_open = not answer.will_close and answer.isclosed()
        return Answered(answer.status, headers, body, stays_open=stays_open)
    finally:
        answer.close()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the answer took too long")
    return left
