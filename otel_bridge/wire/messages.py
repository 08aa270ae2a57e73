"""The official OTLP messages, for the rare record that must be read as a whole."""

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.common.v1.common_pb2 import (
    AnyValue,
    ArrayValue,
    InstrumentationScope,
    KeyValue,
    KeyValueList,
)
from opentelemetry.proto.logs.v1.logs_pb2 import (
    LogRecord,
    ResourceLogs,
    ScopeLogs,
    SeverityNumber,
)
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import (
    ResourceSpans,
    ScopeSpans,
    Span,
    Status,
)

__all__ = [
    "SEVERITIES",
    "SPAN_KINDS",
    "STATUS_CODES",
    "AnyValue",
    "ArrayValue",
    "ExportLogsServiceRequest",
    "ExportTraceServiceRequest",
    "InstrumentationScope",
    "KeyValue",
    "KeyValueList",
    "LogRecord",
    "Resource",
    "ResourceLogs",
    "ResourceSpans",
    "ScopeLogs",
    "ScopeSpans",
    "Span",
    "Status",
]

SPAN_KINDS = dict(Span.SpanKind.items())
"""Enum values by the names that protobuf gives them."""
STATUS_CODES = dict(Status.StatusCode.items())
SEVERITIES = dict(SeverityNumber.items())
