"""HTTP out: kept-alive connections, and a time limit that a slow server cannot stretch."""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, Protocol, runtime_checkable
from urllib.parse import unquote

import urllib3
from opentelemetry import context
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from otel_bridge.errors import OtelBridgeError
from otel_bridge.send.options import SendOptions

MAX_REPLY_BYTES = 4 * 2**20
"""The OTLP specification asks clients to bound what they read, at 4 MiB by default."""

_SUPPRESS_KEYS = (
    context._SUPPRESS_INSTRUMENTATION_KEY,  # noqa: SLF001  # the API has no public name for it
    context._SUPPRESS_HTTP_INSTRUMENTATION_KEY,  # noqa: SLF001  # as above
    "suppress_instrumentation",  # what instrumentations before 0.30 look for
)


class Reply(NamedTuple):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    """With lower-case names."""
    body: bytes


class Unreachable(OtelBridgeError):
    """There is no answer: no such host, no connection, no TLS, or not within the time limit."""


@runtime_checkable
class Transport(Protocol):
    """Posts bytes."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """Post a body and return the answer, whatever its status.

        Args:
            url: The address.
            body: What is posted.
            headers: The request's headers.
            timeout: Seconds for all of it.

        Raises:
            Unreachable: There is no answer.
        """

    def after_fork_in_child(self) -> None:
        """Leave the parent's connections to the parent."""


class HttpTransport:
    """Posts over HTTP/1.1 with urllib3. Several threads may share it."""

    def __init__(self, options: SendOptions | None = None) -> None:
        self._options = options or SendOptions()
        self._pools: dict[str, urllib3.PoolManager] = {}
        """By the proxy that leads out; empty for the direct way."""
        self._left_behind: list[urllib3.PoolManager] = []

    def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """Post a body and return the answer, whatever its status.

        Raises:
            Unreachable: There is no answer.
        """
        limits = urllib3.Timeout(
            connect=min(timeout, self._options.connect_timeout_s), read=timeout
        )
        with not_instrumented():
            try:
                return self._post(url, body, headers, limits)
            # What urllib3 does not wrap in its own errors comes as one of the others.
            except (
                urllib3.exceptions.HTTPError,
                http.client.HTTPException,
                OSError,
                ValueError,
            ) as error:
                raise Unreachable(_reason(error)) from error

    def after_fork_in_child(self) -> None:
        """Leave the parent's connections to the parent."""
        # Collecting the old pool would take its locks, which a thread of the parent may have held.
        self._left_behind += self._pools.values()
        self._pools = {}

    def _post(
        self, url: str, body: bytes, headers: Mapping[str, str], limits: urllib3.Timeout
    ) -> Reply:
        answer = self._pool_for(url).request(
            "POST", url, body=body, headers=dict(headers), timeout=limits,
            retries=False, redirect=False, preload_content=False, decode_content=True,
        )  # fmt: skip
        try:
            content = answer.read(MAX_REPLY_BYTES)
        finally:
            answer.close()  # does nothing to a connection whose answer was read to its end
        names = {name.lower(): text for name, text in answer.headers.items()}
        return Reply(answer.status, names, content)

    def _pool_for(self, url: str) -> urllib3.PoolManager:
        proxy = self._options.proxies.proxy_for(url)
        pool = self._pools.get(proxy)
        if pool is None:
            pool = self._pools[proxy] = _make_pool(proxy, self._options)
        return pool


def _make_pool(proxy: str, options: SendOptions) -> urllib3.PoolManager:
    settings: dict[str, Any] = {
        "num_pools": 8,
        "maxsize": 4,
        "cert_file": options.client_cert_file and str(options.client_cert_file),
        "key_file": options.client_key_file and str(options.client_key_file),
        "ca_certs": options.ca_file and str(options.ca_file),
    }
    pool = urllib3.PoolManager(**settings)
    if proxy:
        login = urllib3.util.parse_url(proxy).auth
        headers = urllib3.make_headers(proxy_basic_auth=unquote(login)) if login else None
        pool = urllib3.ProxyManager(proxy, proxy_headers=headers, **settings)
    pool.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return pool


@contextmanager
def not_instrumented() -> Iterator[None]:
    """Keep instrumentations from recording what is done inside: it is our own traffic."""
    current = context.get_current()
    for key in _SUPPRESS_KEYS:
        current = context.set_value(key, value=True, context=current)
    token = context.attach(current)
    try:
        yield
    finally:
        context.detach(token)


def _reason(error: BaseException) -> str:
    """Name the kind of failure in one word; the text of the error may hold addresses and keys."""
    chain = [error]
    while (deeper := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(deeper)
    # It is the proxy where it cannot be reached, and where it does not let us through.
    if any(isinstance(each, urllib3.exceptions.ProxyError) for each in chain):
        return f"proxy_{_kind(chain)}"
    return _kind(chain)


def _kind(chain: list[BaseException]) -> str:
    # The deepest one is what happened; urllib3 calls a refused connection a time-out.
    for each in reversed(chain):
        match each:
            case socket.gaierror():
                return "dns"
            case ssl.SSLError():
                return "tls"
            case TimeoutError() | urllib3.exceptions.TimeoutError():
                return "timeout"
            case ConnectionRefusedError():
                return "refused_connection"
            case (
                ConnectionError()
                | http.client.HTTPException()
                | urllib3.exceptions.ProtocolError()
            ):
                return "disconnected"
    return "unreachable"


class _DeadlineReader(io.RawIOBase):
    """Reads from a socket until a deadline, however small the pieces in which bytes arrive."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, deadline: float) -> None:
        self._sock = sock
        self._raw = raw
        self._deadline = deadline
        self.at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]  # typeshed hides the buffer type
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        size = self._raw.readinto(buffer)
        self.at_end = self.at_end or size == 0
        return size

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
            super().close()


class _PromptConnection(HTTPConnection):
    """A connection whose read timeout is for the whole answer, not for each piece of it."""

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # so does urllib3's
        timeout = self.timeout
        if timeout is not None:
            self.response_class = partial(_Answer, time.monotonic() + timeout)  # type: ignore[assignment]  # called like the class
        return super().getresponse()


class _PromptTlsConnection(HTTPSConnection, _PromptConnection):
    """The same over TLS."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _PromptConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _PromptTlsConnection


class _Answer(http.client.HTTPResponse):
    """An answer that has to be there by a deadline, with all its headers."""

    def __init__(
        self,
        deadline: float,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._reader = _DeadlineReader(sock, self.fp.detach(), deadline)
        self.fp = io.BufferedReader(self._reader)

    def begin(self) -> None:
        super().begin()
        # The library takes the end of the stream for the end of the headers.
        if self._reader.at_end:
            raise http.client.IncompleteRead(b"")
