"""Stands around exporters and processors that are not ours, so that they see scrubbed copies."""

from collections.abc import Sequence
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from otel_bridge.instrument.scrubbing import Scrubbing


class ScrubbedExporter(SpanExporter):
    """Hands scrubbed spans to an exporter. What else it can do is passed on to it."""

    def __init__(self, inner: SpanExporter, scrubbing: Scrubbing) -> None:
        self.inner = inner
        self._scrubbing = scrubbing

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export scrubbed copies."""
        return self.inner.export(self._scrubbing.spans(spans))

    def shutdown(self) -> None:
        """Shut the exporter down."""
        self.inner.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Flush the exporter."""
        return self.inner.force_flush(timeout_millis)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the exporter has
        return getattr(self.inner, name)


class SilentExporter(SpanExporter):
    """Stands where an exporter was that would send what the bridge sends."""

    def __init__(self, inner: SpanExporter, _scrubbing: Scrubbing) -> None:
        self.inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:  # noqa: ARG002  # see above
        """Export nothing."""
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Shut the exporter down."""
        self.inner.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:  # noqa: ARG002  # nothing waits
        """Do nothing: nothing waits."""
        return True


class ScrubbedProcessor(SpanProcessor):
    """Hands scrubbed copies of ended spans to a processor whose exporter cannot be found."""

    def __init__(self, inner: SpanProcessor, scrubbing: Scrubbing) -> None:
        self.inner = inner
        self._scrubbing = scrubbing

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Pass the started span on."""
        self.inner.on_start(span, parent_context)

    def _on_ending(self, span: Span) -> None:
        self.inner._on_ending(span)  # noqa: SLF001  # the SDK's interface

    def on_end(self, span: ReadableSpan) -> None:
        """Pass a scrubbed copy on."""
        for clean in self._scrubbing.spans((span,)):
            self.inner.on_end(clean)

    def shutdown(self) -> None:
        """Shut the processor down."""
        self.inner.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Flush the processor."""
        return self.inner.force_flush(timeout_millis)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the processor has
        return getattr(self.inner, name)


class ScrubbedLogExporter:
    """Hands scrubbed log records to an exporter."""

    def __init__(self, inner: Any, scrubbing: Scrubbing) -> None:  # noqa: ANN401  # duck-typed
        self.inner = inner
        self._scrubbing = scrubbing

    def export(self, batch: Sequence[Any]) -> Any:  # noqa: ANN401  # what the exporter answers
        """Export scrubbed copies."""
        return self.inner.export(self._scrubbing.logs(batch))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the exporter has
        return getattr(self.inner, name)


class SilentLogExporter(ScrubbedLogExporter):
    """Stands where an exporter was that would send what the bridge sends."""

    def export(self, batch: Sequence[Any]) -> Any:  # noqa: ANN401  # what the exporter answers
        """Export nothing."""
        return self.inner.export(batch[:0])
