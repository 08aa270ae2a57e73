"""HTTP out: kept-alive connections, and a time limit that a slow server cannot stretch."""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, runtime_checkable
from urllib.parse import unquote

import urllib3
from opentelemetry import context
from urllib3.util import parse_url

from otel_bridge.errors import OtelBridgeError, ReceiveError
from otel_bridge.send.connection import MAX_REPLY_BYTES, HttpPool, HttpsPool, merged
from otel_bridge.send.options import SendOptions

_MAX_WAYS = 32
_PORTS = {"http": 80, "https": 443}

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


class _Way(NamedTuple):
    """What requests to one address have in common."""

    pool: HttpPool
    start: str
    """The request line and the headers that only the address tells."""


class HttpTransport:
    """Posts over HTTP/1.1. Several threads may share it."""

    def __init__(self, options: SendOptions | None = None) -> None:
        self._options = options or SendOptions()
        self._pools: dict[str, urllib3.PoolManager] = {}
        """By the proxy that leads out; empty for the direct way."""
        self._ways: dict[str, _Way] = {}
        """By the address; only those without a proxy."""
        self._left_behind: list[object] = []

    def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """Post a body and return the answer, whatever its status.

        Raises:
            Unreachable: There is no answer.
        """
        with not_instrumented():
            try:
                return self._post_again(url, body, headers, timeout) or self._post(
                    url, body, headers, timeout
                )
            # What urllib3 does not wrap in its own errors comes as one of the others.
            except (
                urllib3.exceptions.HTTPError,
                http.client.HTTPException,
                OSError,
                ReceiveError,
                ValueError,
            ) as error:
                raise Unreachable(_reason(error)) from error

    def after_fork_in_child(self) -> None:
        """Leave the parent's connections to the parent."""
        # Collecting the old pool would take its locks, which a thread of the parent may have held.
        self._left_behind += [self._pools, self._ways]
        self._pools, self._ways = {}, {}

    def _post_again(
        self, url: str, body: bytes, headers: Mapping[str, str], timeout: float
    ) -> Reply | None:
        """Post on a connection that was left open; None if there is none."""
        way = self._ways.get(url)
        if way is None:
            return None
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        if lines.count("\r") != len(headers) or lines.count("\n") != len(headers):
            return None  # urllib3 says what is wrong
        head = f"{way.start}Content-Length: {len(body)}\r\n{lines}\r\n".encode("latin-1")
        answered = way.pool.post_again(head, body, timeout)
        return answered and Reply(answered.status, answered.headers, answered.body)

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        limits = urllib3.Timeout(
            connect=min(timeout, self._options.connect_timeout_s), read=timeout
        )
        pool = self._pool_for(url)
        answer = pool.request(
            "POST", url, body=body, headers=dict(headers), timeout=limits,
            retries=False, redirect=False, preload_content=False, decode_content=True,
        )  # fmt: skip
        try:
            content = answer.read(MAX_REPLY_BYTES)
        finally:
            answer.close()  # does nothing to a connection whose answer was read to its end
        self._note_way(url, pool)
        return Reply(answer.status, merged(answer.headers.items()), content)

    def _note_way(self, url: str, manager: urllib3.PoolManager) -> None:
        """Remember where the connection is that the next request to this address may use."""
        pool = manager.connection_from_url(url)
        if isinstance(manager, urllib3.ProxyManager) or not isinstance(pool, HttpPool):
            return
        if len(self._ways) >= _MAX_WAYS:
            self._ways.clear()
        parts = parse_url(url)
        is_default = parts.port is None or parts.port == _PORTS.get(parts.scheme or "")
        host = parts.host if is_default else f"{parts.host}:{parts.port}"
        self._ways[url] = _Way(
            pool,
            f"POST {parts.request_uri} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n",
        )

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
    pool.pool_classes_by_scheme = {"http": HttpPool, "https": HttpsPool}
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
