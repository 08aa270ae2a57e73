"""Carries OTLP request bodies to one receiver, over HTTP or gRPC."""

import gzip
from typing import Protocol

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from otel_bridge.send.clock import Clock
from otel_bridge.send.grpc_status import judge_grpc
from otel_bridge.send.grpc_transport import GrpcChannel, GrpcTransport
from otel_bridge.send.options import SendOptions
from otel_bridge.send.otlp_endpoint import OtlpEndpoint
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.retry import Delivered, TryLater, Verdict, judge_otlp
from otel_bridge.send.sentry import CLIENT
from otel_bridge.send.transport import HttpTransport, Transport, Unreachable
from otel_bridge.stats import Kind

_METHODS = {
    Kind.SPAN: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    Kind.LOG: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
}
_MESSAGE_CHARACTERS = 500
"""So much of what a receiver says is told to people."""


class OtlpCall(Protocol):
    """One protocol's way to hand over a request body."""

    def send(self, kind: Kind, body: bytes) -> tuple[Verdict, bytes]:
        """Send a body; return the verdict and, where it is good, what the receiver said."""

    def after_fork_in_child(self) -> None:
        """Leave connections to the parent."""


class OtlpCarrier:
    """Sends request bodies and reads what part of them was taken."""

    def __init__(self, call: OtlpCall) -> None:
        self._call = call

    def wait(self, parcel: Parcel) -> float:  # noqa: ARG002  # OTLP has no limits by category
        """Return 0: a receiver that is too busy says so for everything."""
        return 0.0

    def idle(self) -> float | None:
        """Return None: nothing is ever left to do."""
        return None

    def deliver(self, parcel: Parcel, body: bytes) -> Verdict:
        """Send one request."""
        verdict, answer = self._call.send(parcel.kind, body)
        return read_partial_success(parcel.kind, answer) if verdict == Delivered() else verdict

    def after_fork_in_child(self) -> None:
        """Leave connections to the parent."""
        self._call.after_fork_in_child()


class HttpCall:
    """OTLP/HTTP with protobuf bodies."""

    def __init__(
        self, endpoint: OtlpEndpoint, transport: Transport, options: SendOptions, clock: Clock
    ) -> None:
        self._endpoint = endpoint
        self._transport = transport
        self._options = options
        self._clock = clock

    def send(self, kind: Kind, body: bytes) -> tuple[Verdict, bytes]:
        """Post a body; return the verdict and what the receiver said."""
        headers = {
            "Content-Type": "application/x-protobuf",
            "User-Agent": CLIENT,
            **dict(self._endpoint.headers),
        }
        if self._options.otlp_compression == "gzip":
            # Level 1: a quarter of the time of level 6 for 10 % more bytes, on spans.
            body = gzip.compress(body, 1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        try:
            reply = self._transport.post(
                self._endpoint.url(kind), body, headers, self._options.timeout_s
            )
        except Unreachable as error:
            return TryLater(str(error)), b""
        return judge_otlp(reply.status, reply.headers, self._clock.now()), reply.body

    def after_fork_in_child(self) -> None:
        """Leave connections to the parent."""
        self._transport.after_fork_in_child()


class GrpcCall:
    """OTLP/gRPC."""

    def __init__(
        self, endpoint: OtlpEndpoint, transport: GrpcTransport, options: SendOptions
    ) -> None:
        self._headers = {name.lower(): text for name, text in endpoint.headers}
        self._transport = transport
        self._options = options

    def send(self, kind: Kind, body: bytes) -> tuple[Verdict, bytes]:
        """Call the method of the signal; return the verdict and what the receiver said."""
        try:
            reply = self._transport.call(
                _METHODS[kind], body, self._headers, self._options.timeout_s
            )
        except Unreachable as error:
            return TryLater(str(error)), b""
        return judge_grpc(reply.code, reply.metadata), reply.body

    def after_fork_in_child(self) -> None:
        """Leave the channel to the parent."""
        self._transport.after_fork_in_child()


def make_carrier(
    endpoint: OtlpEndpoint,
    transport: Transport | GrpcTransport | None,
    options: SendOptions,
    clock: Clock,
) -> OtlpCarrier:
    """Return the carrier for the protocol of an endpoint.

    Args:
        endpoint: The receiver.
        transport: The way out, of the kind that the protocol needs; a real one if None.
        options: Everything else; the endpoint wins.
        clock: The time.
    """
    options = endpoint.applied_to(options)
    if endpoint.protocol == "grpc":
        url = endpoint.traces_url or endpoint.logs_url
        channel = transport if isinstance(transport, GrpcTransport) else GrpcChannel(url, options)
        return OtlpCarrier(GrpcCall(endpoint, channel, options))
    http = transport if isinstance(transport, Transport) else HttpTransport(options)
    return OtlpCarrier(HttpCall(endpoint, http, options, clock))


def read_partial_success(kind: Kind, body: bytes) -> Delivered:
    """Return what a receiver says it threw away of what it took. "The client MUST NOT retry"."""
    try:
        if kind is Kind.LOG:
            logs = ExportLogsServiceResponse.FromString(body).partial_success
            rejected, message = logs.rejected_log_records, logs.error_message
        else:
            spans = ExportTraceServiceResponse.FromString(body).partial_success
            rejected, message = spans.rejected_spans, spans.error_message
    except DecodeError:
        return Delivered()  # a JSON or HTML answer to a 200: taken, and nothing more is said
    return Delivered(max(0, rejected), message[:_MESSAGE_CHARACTERS])
