"""The OpenTelemetry protocol's own messages, under one roof."""

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

__all__ = ["AnyValue", "InstrumentationScope", "KeyValue", "LogRecord", "Resource", "Span"]
