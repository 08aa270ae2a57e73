"""The span processor that people register in their OpenTelemetry set-up."""

import sys
from typing import Unpack

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor

from otel_bridge.config.options import OptionArguments
from otel_bridge.instrument.bridge import Bridge
from otel_bridge.instrument.guard import Guard


class BridgeSpanProcessor(SpanProcessor):
    """Hand every ended span to a bridge: scrub it, find its errors, forward it.

    Args:
        bridge: A bridge that already runs; by default one is started.
        options: The options of ``otel_bridge.init``, for the bridge that is started.

    Raises:
        ConfigError: Every problem with the options, at once.
    """

    def __init__(self, bridge: Bridge | None = None, **options: Unpack[OptionArguments]) -> None:
        if bridge is not None and options:
            raise TypeError("give either a running bridge or options for a new one, not both")
        self.bridge = bridge or Bridge.create(**options)

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Do nothing: all that is needed is known when the span ends."""

    def on_end(self, span: ReadableSpan) -> None:
        """Hand an ended span over; never raise, never wait."""
        bridge = self.bridge
        try:
            if span.events:
                bridge.engine.put_error(span, bridge.live.read(span))
                bridge.logs.error_ids.span_ended(span, sys.exc_info()[1])
            else:
                bridge.engine.put(span)
        except Exception:  # noqa: BLE001  # the SDK would raise it into the application
            _guard_of(bridge).tell("on_end")

    def shutdown(self) -> None:
        """Flush and stop the bridge, within its ``shutdown_timeout``."""
        self.bridge.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Deliver what has been captured so far; True only if all of it arrived in time."""
        return self.bridge.flush(timeout_millis / 1000)


def _guard_of(bridge: Bridge) -> Guard:
    return bridge.engine.guard
