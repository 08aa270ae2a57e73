"""Sentry-style error events from the OpenTelemetry data you already have."""

from importlib import import_module
from typing import TYPE_CHECKING

from otel_bridge.errors import ConfigError, OtelBridgeError
from otel_bridge.instrument.bridge import Bridge
from otel_bridge.instrument.capture import capture_exception, capture_message
from otel_bridge.instrument.exporter import BridgeLogExporter, BridgeSpanExporter
from otel_bridge.instrument.log_processor import BridgeLogRecordProcessor
from otel_bridge.instrument.processor import BridgeSpanProcessor
from otel_bridge.instrument.setup import init
from otel_bridge.version import __version__

if TYPE_CHECKING:
    from otel_bridge.instrument.sampler import BridgeSampler
    from otel_bridge.sample.options import SamplingOptions
    from otel_bridge.scrub.options import ScrubOptions

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

_HOMES = {
    "BridgeSampler": "otel_bridge.instrument.sampler",
    "SamplingOptions": "otel_bridge.sample.options",
    "ScrubOptions": "otel_bridge.scrub.options",
}
"""Names that are imported when they are asked for: their stages take long, and few need them."""


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
