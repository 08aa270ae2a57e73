"""gRPC out: OTLP request bodies as they are, without building messages from them.

``grpc`` is imported when the first channel is opened, not before: it is large, and a channel does
not survive a fork.
"""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable
from urllib.parse import urlsplit

from otel_bridge.errors import MissingComponent
from otel_bridge.send.options import SendOptions
from otel_bridge.send.transport import Unreachable, not_instrumented

if TYPE_CHECKING:
    import grpc


class GrpcReply(NamedTuple):
    """What a gRPC server answered."""

    code: int
    """Status code; 0 is OK."""
    details: str
    metadata: tuple[tuple[str, bytes | str], ...]
    """Trailing metadata."""
    body: bytes


@runtime_checkable
class GrpcTransport(Protocol):
    """Calls unary methods with bytes."""

    def call(
        self, method: str, body: bytes, metadata: Mapping[str, str], timeout: float
    ) -> GrpcReply:
        """Call a method and return the answer, whatever its status.

        Args:
            method: ``/package.Service/Method``.
            body: The serialized request.
            metadata: Headers, with lower-case names.
            timeout: Seconds for all of it.

        Raises:
            Unreachable: There is no channel to be had.
        """

    def after_fork_in_child(self) -> None:
        """Leave the parent's channel to the parent."""


class GrpcChannel:
    """One channel to one server, opened when it is first needed.

    Args:
        endpoint: URL of the server; ``http`` and no scheme are without TLS unless ``insecure``
            says otherwise.
        options: Certificates and compression.
    """

    def __init__(self, endpoint: str, options: SendOptions) -> None:
        parts = urlsplit(endpoint if "://" in endpoint else f"http://{endpoint}")
        self._target = parts.netloc.rpartition("@")[2]
        self._is_secure = parts.scheme in ("https", "grpcs")
        self._options = options
        self._lock = threading.Lock()
        self._channel: grpc.Channel | None = None
        self._left_behind: list[Any] = []

    def call(
        self, method: str, body: bytes, metadata: Mapping[str, str], timeout: float
    ) -> GrpcReply:
        """Call a method and return the answer, whatever its status.

        Raises:
            Unreachable: There is no channel to be had.
            MissingComponent: gRPC is not installed.
        """
        with not_instrumented():
            send = self._open().unary_unary(method)
            future = send.future(body, timeout=timeout, metadata=tuple(metadata.items()))
            # A future never raises for a status; it ends at its deadline whatever the server does.
            code = future.code()
        trailing = tuple((each.key, each.value) for each in future.trailing_metadata() or ())
        number = code.value[0]
        answer = future.result() if number == 0 else b""
        return GrpcReply(number, future.details() or "", trailing, answer)

    def close(self) -> None:
        """Close the channel; the next call opens another."""
        with self._lock:
            channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def after_fork_in_child(self) -> None:
        """Leave the parent's channel to the parent."""
        self._lock = threading.Lock()
        # Collecting it would close it, and take locks that a thread of the parent may have held.
        self._left_behind.append(self._channel)
        self._channel = None

    def _open(self) -> "grpc.Channel":
        with self._lock:
            if self._channel is None:
                self._channel = _channel(self._target, self._options, secure=self._is_secure)
            return self._channel


def _channel(target: str, options: SendOptions, *, secure: bool) -> "grpc.Channel":
    try:
        import grpc  # noqa: PLC0415  # see the module's docstring
    except ImportError as error:
        raise MissingComponent("gRPC is not installed; pip install grpcio") from error
    gzip = options.otlp_compression == "gzip"
    settings: dict[str, Any] = {
        "compression": grpc.Compression.Gzip if gzip else grpc.Compression.NoCompression,
        # Waits between attempts to connect are ours to choose, not the channel's.
        "options": (
            ("grpc.enable_retries", 0),
            ("grpc.initial_reconnect_backoff_ms", 200),
            ("grpc.min_reconnect_backoff_ms", 200),
            ("grpc.max_reconnect_backoff_ms", 1_000),
        ),
    }
    if not secure:
        return grpc.insecure_channel(target, **settings)
    try:
        credentials = grpc.ssl_channel_credentials(
            root_certificates=options.ca_file and options.ca_file.read_bytes(),
            private_key=options.client_key_file and options.client_key_file.read_bytes(),
            certificate_chain=options.client_cert_file and options.client_cert_file.read_bytes(),
        )
    except OSError as error:
        raise Unreachable("tls") from error
    return grpc.secure_channel(target, credentials, **settings)
