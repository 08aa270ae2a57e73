"""Carries OTLP request bodies to one receiver over HTTP."""

import gzip
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from otel_bridge.send.clock import Clock
from otel_bridge.send.options import SendOptions
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.retry import Delivered, TryLater, Verdict, judge_otlp
from otel_bridge.send.sentry import CLIENT
from otel_bridge.send.transport import Transport, Unreachable
from otel_bridge.stats import Kind
from otel_bridge.wire.batch import Signal

KIND = {Signal.TRACES: Kind.SPAN, Signal.LOGS: Kind.LOG}
_PATH = {Kind.SPAN: "/v1/traces", Kind.LOG: "/v1/logs"}


@dataclass(frozen=True, slots=True)
class OtlpEndpoint:
    """Base URL of a receiver, to which the path of each signal is added."""

    base_url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def url(self, kind: Kind) -> str:
        """Return the address for one kind of telemetry."""
        return self.base_url.rstrip("/") + _PATH[kind]


class OtlpHttpCarrier:
    """Posts protobuf bodies and reads what part of them was taken."""

    def __init__(
        self, endpoint: OtlpEndpoint, transport: Transport, options: SendOptions, clock: Clock
    ) -> None:
        self._endpoint = endpoint
        self._transport = transport
        self._options = options
        self._clock = clock

    def wait(self, parcel: Parcel) -> float:  # noqa: ARG002  # OTLP has no limits by category
        """Return 0: a receiver that is too busy says so for everything."""
        return 0.0

    def idle(self) -> float | None:
        """Return None: nothing is ever left to do."""
        return None

    def deliver(self, parcel: Parcel, body: bytes) -> Verdict:
        """Post one request."""
        headers = {
            "Content-Type": "application/x-protobuf",
            "User-Agent": CLIENT,
            **dict(self._options.otlp_headers),
            **dict(self._endpoint.headers),
        }
        if self._options.otlp_compression == "gzip":
            body = gzip.compress(body, 1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        try:
            reply = self._transport.post(
                self._endpoint.url(parcel.kind), body, headers, self._options.timeout_s
            )
        except Unreachable as error:
            return TryLater(str(error))
        verdict = judge_otlp(reply.status, reply.headers, self._clock.now())
        return read_partial_success(parcel.kind, reply.body) if verdict == Delivered() else verdict

    def after_fork_in_child(self) -> None:
        """Leave connections to the parent."""
        self._transport.after_fork_in_child()


def read_partial_success(kind: Kind, body: bytes) -> Delivered:
    """Return what a receiver says it threw away of what it took. "The client MUST NOT retry"."""
    try:
        if kind is Kind.LOG:
            logs = ExportLogsServiceResponse.FromString(body).partial_success
            return Delivered(max(0, logs.rejected_log_records), logs.error_message[:500])
        spans = ExportTraceServiceResponse.FromString(body).partial_success
        return Delivered(max(0, spans.rejected_spans), spans.error_message[:500])
    except DecodeError:
        return Delivered()  # a JSON or HTML answer to a 200: taken, and nothing more is said
