"""The bridge as exporters, for set-ups that can name nothing else: ``OTEL_TRACES_EXPORTER``.

An exporter sees spans late and in batches: exceptions are read from their text, and what other
exporters send is not scrubbed. Where there is a choice, register the processor.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from opentelemetry.sdk._logs import export as logs_export
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from otel_bridge.instrument.bridge import Bridge, current_bridge

if TYPE_CHECKING:
    from otel_bridge.config.options import OptionArguments

_LogResult: Any = (
    getattr(logs_export, "LogRecordExportResult", None) or logs_export.LogExportResult
)


class BridgeSpanExporter(SpanExporter):
    """Hand batches of spans to a bridge.

    Args:
        bridge: A bridge that already runs; the one of the process by default, else one is started.
        options: The options of ``otel_bridge.init``, for the bridge that is started.

    Raises:
        ConfigError: Every problem with the options, at once.
    """

    is_otel_bridge = True

    def __init__(self, bridge: Bridge | None = None, **options: "Unpack[OptionArguments]") -> None:
        self.bridge = bridge or _running(options)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hand spans over; never raise, never wait."""
        bridge = self.bridge
        try:
            for span in spans:
                if span.events:
                    bridge.engine.put_error(span, None)
                    bridge.logs.error_ids.span_ended(span, None)
                else:
                    bridge.engine.put(span)
        except Exception:  # noqa: BLE001  # the SDK would log it with the spans' data
            bridge.engine.guard.tell("export")
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Flush and stop the bridge, within its ``shutdown_timeout``."""
        self.bridge.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Deliver what has been captured so far; True only if all of it arrived in time."""
        return self.bridge.flush(timeout_millis / 1000)


class BridgeLogExporter:
    """Hand batches of OpenTelemetry log records to a bridge.

    Args:
        bridge: A bridge that already runs; the one of the process by default, else one is started.
        options: The options of ``otel_bridge.init``, for the bridge that is started.

    Raises:
        ConfigError: Every problem with the options, at once.
    """

    is_otel_bridge = True

    def __init__(self, bridge: Bridge | None = None, **options: "Unpack[OptionArguments]") -> None:
        self.bridge = bridge or _running(options)

    def export(self, batch: Sequence[Any]) -> Any:  # noqa: ANN401  # the SDK's enum changes its name
        """Hand records over; never raise, never wait."""
        for record in batch:
            self.bridge.logs.put_emitted(record, getattr(record.log_record, "exception", None))
        return _LogResult.SUCCESS

    def shutdown(self) -> None:
        """Flush what was captured."""
        self.bridge.flush()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Deliver what has been captured so far; True only if all of it arrived in time."""
        return self.bridge.flush(timeout_millis / 1000)


def _running(options: "OptionArguments") -> Bridge:
    bridge = None if options else current_bridge()
    return bridge or Bridge.create(**options)
