"""The log record processor for people who have an OpenTelemetry ``LoggerProvider``."""

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Unpack

from opentelemetry.sdk._logs import LogRecordProcessor

from otel_bridge.instrument.bridge import Bridge, current_bridge
from otel_bridge.instrument.mark import is_own
from otel_bridge.logs.intake import INTAKE

if TYPE_CHECKING:
    from otel_bridge.config.options import OptionArguments


class BridgeLogRecordProcessor(LogRecordProcessor):
    """Hand every emitted log record to a bridge: scrub it, find its errors, forward it.

    Args:
        bridge: A bridge that already runs; the one of the process by default, else one is started.
        options: The options of ``otel_bridge.init``, for the bridge that is started.

    Raises:
        ConfigError: Every problem with the options, at once.
    """

    is_otel_bridge = True

    def __init__(self, bridge: Bridge | None = None, **options: "Unpack[OptionArguments]") -> None:
        if bridge is not None and options:
            raise TypeError("give either a running bridge or options for a new one, not both")
        if bridge is None and not options:
            bridge = current_bridge()
        self.bridge = bridge or Bridge.create(**options)
        self.forwards = True
        """Whether records go to ``otlp_endpoint``, too, and not only into error events."""
        self._multi: Any = None
        self._covered: tuple[object, ...] = ()

    def on_emit(self, log_record: Any) -> None:  # noqa: ANN401  # the SDK's class changes its name
        """Hand a record over; never raise, never wait."""
        bridge = self.bridge
        try:
            multi = self._multi
            if multi is not None and multi._log_record_processors is not self._covered:  # noqa: SLF001  # the SDK has no other way
                self._cover()
            body = log_record.log_record
            exc = getattr(body, "exception", None) or INTAKE.claim(body.timestamp)
            _drop_what_is_said_twice(body.attributes)
            bridge.logs.put_emitted(log_record, exc, forward=self.forwards)
        except Exception:  # noqa: BLE001  # the SDK would raise it into the application
            bridge.engine.guard.tell("on_emit")

    def cover_others(self, logger_provider: object) -> None:
        """Have the exporters of the other processors of a provider send scrubbed records."""
        self._multi = getattr(logger_provider, "_multi_log_record_processor", None)
        self._cover()

    def _cover(self) -> None:
        others = self.bridge.others()
        self._covered = getattr(self._multi, "_log_record_processors", ())
        if others is not None:
            for processor in self._covered:
                if not is_own(processor) and others.cover_logs(processor):
                    self.forwards = True

    def shutdown(self) -> None:
        """Flush what was captured; the bridge ends with the process or the spans' provider."""
        self.bridge.flush()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Deliver what has been captured so far; True only if all of it arrived in time."""
        return self.bridge.flush(timeout_millis / 1000)


def _drop_what_is_said_twice(attributes: MutableMapping[str, object] | None) -> None:
    """Take out what log correlation has added and the record itself has anyway."""
    if attributes:
        for name in ("trace_id", "span_id", "trace_flags"):
            if name in attributes:
                del attributes[name]
