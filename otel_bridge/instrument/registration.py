"""A bridge and everything by which the process knows it."""

from opentelemetry import _logs
from opentelemetry.sdk.trace import TracerProvider

from otel_bridge.instrument.bridge import Bridge
from otel_bridge.instrument.log_processor import BridgeLogRecordProcessor
from otel_bridge.instrument.processor import BridgeSpanProcessor
from otel_bridge.instrument.response import answer_with_trace_ids


class Registration:
    """What was registered for a bridge with the providers of the process.

    Args:
        bridge: The running bridge.
        by_code: Whether the application itself asked for it.
    """

    def __init__(self, bridge: Bridge, *, by_code: bool) -> None:
        self.bridge = bridge
        self.by_code = by_code
        self._spans = BridgeSpanProcessor(bridge)
        self._logs = BridgeLogRecordProcessor(bridge)
        # Who exports logs says so by an exporter of his own, or by the option.
        self._logs.forwards = bridge.options.forward_logs

    def register_with(self, provider: TracerProvider) -> None:
        """Add the processors to the providers of traces and, if there is one, of logs."""
        provider.add_span_processor(self._spans)
        self.bridge.logs.resource = getattr(provider, "resource", None)
        if self._spans.front is not None:
            root = _root_of(provider)
            if root is not None:
                self._spans.front.take(root)
        logger_provider = _logs.get_logger_provider()
        if hasattr(logger_provider, "add_log_record_processor"):
            logger_provider.add_log_record_processor(self._logs)
            self._logs.cover_others(logger_provider)
        if self.bridge.options.trace_response_header:
            answer_with_trace_ids()

    def hand_over_to(self, bridge: Bridge) -> None:
        """Let a new bridge take the place of this one, which is shut down."""
        former = self.bridge
        self.bridge = bridge
        bridge.logs.resource = former.logs.resource
        self._spans.join(bridge)
        self._logs.bridge = bridge
        if bridge.options.trace_response_header:
            answer_with_trace_ids()
        former.shutdown()


def _root_of(provider: object) -> object:
    """Return what a provider calls for every span; it may be a provider around another."""
    inner = getattr(provider, "provider", provider)
    return getattr(inner, "_active_span_processor", None)
