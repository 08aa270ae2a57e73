"""An OTLP/gRPC receiver on loopback that remembers what it gets, and misbehaves at will."""

import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import grpc
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class GrpcAnswer:
    """How the server treats one call."""

    code: int = 0
    """Status code; 0 is OK."""
    metadata: tuple[tuple[str, bytes | str], ...] = ()
    """Trailing metadata."""
    delay_s: float = 0.0
    """Seconds before the answer."""
    rejected: int = 0
    """Items that are reported as thrown away."""
    message: str = ""
    """What is said about that."""


class FakeGrpcServer:
    """Takes traces and logs over gRPC; use it as a context manager.

    Args:
        credentials: For TLS; without it none.
    """

    def __init__(self, credentials: grpc.ServerCredentials | None = None) -> None:
        self.port = 0
        self.default = GrpcAnswer()
        """How calls are treated when nothing else was asked for."""
        self.spans: list[Span] = []
        self.logs: list[LogRecord] = []
        self.metadata: list[dict[str, str]] = []
        """The headers of each call."""
        self._credentials = credentials
        self._answers: deque[GrpcAnswer] = deque()
        self._lock = threading.Lock()
        self._server: Any = None

    @property
    def url(self) -> str:
        """The address as an endpoint."""
        scheme = "https" if self._credentials else "http"
        return f"{scheme}://localhost:{self.port}"

    def answer(self, *answers: GrpcAnswer) -> None:
        """Treat the next calls like this, one after the other."""
        with self._lock:
            self._answers.extend(answers)

    def start(self) -> None:
        """Begin to listen, on the same port as the last time."""
        server = grpc.server(ThreadPoolExecutor(4), options=(("grpc.so_reuseport", 0),))
        server.add_generic_rpc_handlers((_Handler(self),))
        address = f"127.0.0.1:{self.port}"
        if self._credentials is None:
            self.port = server.add_insecure_port(address)
        else:
            self.port = server.add_secure_port(address, self._credentials)
        server.start()
        self._server = server

    def stop(self) -> None:
        """Stop listening and break every call."""
        server, self._server = self._server, None
        if server is not None:
            server.stop(grace=None).wait()

    def take(self, method: str, body: bytes, metadata: Sequence[tuple[str, str]]) -> GrpcAnswer:
        """Remember a call; return how to treat it."""
        with self._lock:
            answer = self._answers.popleft() if self._answers else self.default
            self.metadata.append(dict(metadata))
            if answer.code == 0 and "TraceService" in method:
                self.spans += _spans(body)
            elif answer.code == 0:
                self.logs += _logs(body)
        return answer

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


class _Handler(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc has no types
    def __init__(self, fake: FakeGrpcServer) -> None:
        self._fake = fake

    def service(self, handler_call_details: Any) -> Any:  # noqa: ANN401  # grpc has no types
        method = handler_call_details.method

        def export(body: bytes, context: Any) -> bytes:  # noqa: ANN401  # grpc has no types
            answer = self._fake.take(method, body, context.invocation_metadata())
            time.sleep(answer.delay_s)
            context.set_trailing_metadata(answer.metadata)
            if answer.code:
                codes = {each.value[0]: each for each in grpc.StatusCode}
                context.abort(codes[answer.code], answer.message)
            # The same field numbers hold for logs.
            said = ExportTraceServiceResponse()
            if answer.rejected or answer.message:
                said.partial_success.rejected_spans = answer.rejected
                said.partial_success.error_message = answer.message
            return said.SerializeToString()

        return grpc.unary_unary_rpc_method_handler(export)


def _spans(body: bytes) -> list[Span]:
    request = ExportTraceServiceRequest.FromString(body)
    return [
        s for group in request.resource_spans for scope in group.scope_spans for s in scope.spans
    ]


def _logs(body: bytes) -> list[LogRecord]:
    request = ExportLogsServiceRequest.FromString(body)
    return [
        record
        for group in request.resource_logs
        for scope in group.scope_logs
        for record in scope.log_records
    ]
