"""The door for logs: trace ids in every line, and log records as telemetry.

Knows spans through the OpenTelemetry API only; where records go is handed to it.
"""

from otel_bridge.logs.correlation import trace_fields
from otel_bridge.logs.handler import BridgeHandler
from otel_bridge.logs.request_id import set_request_id

__all__ = ["BridgeHandler", "set_request_id", "trace_fields"]
