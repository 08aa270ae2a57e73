"""Sentry-style error events from the OpenTelemetry data you already have."""

from otel_bridge.errors import ConfigError, OtelBridgeError
from otel_bridge.instrument.bridge import Bridge
from otel_bridge.instrument.capture import capture_exception, capture_message
from otel_bridge.instrument.exporter import BridgeLogExporter, BridgeSpanExporter
from otel_bridge.instrument.log_processor import BridgeLogRecordProcessor
from otel_bridge.instrument.processor import BridgeSpanProcessor
from otel_bridge.instrument.sampler import BridgeSampler
from otel_bridge.instrument.setup import init
from otel_bridge.sample.options import SamplingOptions
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.version import __version__

__all__ = [
    "Bridge",
    "BridgeLogExporter",
    "BridgeLogRecordProcessor",
    "BridgeSampler",
    "BridgeSpanExporter",
    "BridgeSpanProcessor",
    "ConfigError",
    "OtelBridgeError",
    "SamplingOptions",
    "ScrubOptions",
    "__version__",
    "capture_exception",
    "capture_message",
    "init",
]
