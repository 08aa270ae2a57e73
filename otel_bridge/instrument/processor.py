"""The span processor that people register in their OpenTelemetry set-up."""

import sys
from typing import TYPE_CHECKING, Unpack

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

from otel_bridge.instrument.bridge import Bridge
from otel_bridge.logs.request_id import note_server_span
from otel_bridge.wire.sdk_fields import has_events, is_plain

if TYPE_CHECKING:
    from otel_bridge.config.options import OptionArguments
    from otel_bridge.convert.live import LiveException


_SERVER = SpanKind.SERVER  # a member is looked up by code that is written in Python


class BridgeSpanProcessor(SpanProcessor):
    """Hand every ended span to a bridge: scrub it, find its errors, forward it.

    Wherever among the processors of a provider it is added, it puts itself first and has the
    others' exporters send scrubbed spans; ``scrub_other_exporters=False`` leaves them alone.

    Args:
        bridge: A bridge that already runs; by default one is started.
        options: The options of ``otel_bridge.init``, for the bridge that is started.

    Raises:
        ConfigError: Every problem with the options, at once.
    """

    is_otel_bridge = True

    def __init__(self, bridge: Bridge | None = None, **options: "Unpack[OptionArguments]") -> None:
        if bridge is not None and options:
            raise TypeError("give either a running bridge or options for a new one, not both")
        self.join(bridge or Bridge.create(**options))

    def join(self, bridge: Bridge) -> None:
        """Feed a bridge from now on."""
        self.bridge = bridge
        self.front = bridge.front_of(self)
        self._knows_resource = False

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002  # the SDK's interface
        """See who else is there: the first chance to, and the last before the span ends."""
        try:
            front = self.front
            if front is not None:
                root = span._span_processor  # noqa: SLF001  # the SDK has no other way
                if root is not front.root or root._span_processors is not front.held:  # noqa: SLF001  # as above
                    front.keep(root)
            if not self._knows_resource:
                self._note_resource(span)
            if span.kind is _SERVER:
                note_server_span(span)
        except Exception:  # noqa: BLE001  # the SDK would raise it into the application
            self.bridge.engine.guard.tell("on_start")

    def on_end(self, span: ReadableSpan) -> None:
        """Hand an ended span over; never raise, never wait."""
        bridge = self.bridge
        try:
            front = self.front
            if front is not None:
                root = front.root
                if root is None or root._span_processors is not front.held:  # noqa: SLF001  # as above
                    front.keep_all()
            if is_plain(span):
                bridge.engine.put_plain(span)
            elif has_events(span) and _tells_of_an_exception(span):
                bridge.engine.put_error(span, self._live(span))
                bridge.logs.error_ids.span_ended(span, sys.exc_info()[1])
            else:
                bridge.engine.put(span)
                if span.status.status_code is StatusCode.ERROR:
                    bridge.logs.error_ids.span_failed(span, sys.exc_info()[1])
        except Exception:  # noqa: BLE001  # the SDK would raise it into the application
            bridge.engine.guard.tell("on_end")

    def _note_resource(self, span: Span) -> None:
        if self.bridge.logs.resource is None:
            self.bridge.logs.resource = span.resource
        self._knows_resource = True

    def _live(self, span: ReadableSpan) -> "LiveException | None":
        try:
            return self.bridge.live.read(span)
        except Exception:  # noqa: BLE001  # the span goes on without it
            self.bridge.engine.guard.tell("live")
            return None

    def shutdown(self) -> None:
        """Flush and stop the bridge, within its ``shutdown_timeout``."""
        self.bridge.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Deliver what has been captured so far; True only if all of it arrived in time."""
        return self.bridge.flush(timeout_millis / 1000)


def _tells_of_an_exception(span: ReadableSpan) -> bool:
    return any(event.name == "exception" for event in span.events)
