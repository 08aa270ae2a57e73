from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from otel_bridge.instrument.scrubbing import Scrubbing
from otel_bridge.instrument.wrapped import (
    ScrubbedExporter,
    ScrubbedLogExporter,
    ScrubbedProcessor,
    SilentExporter,
    SilentLogExporter,
)
from otel_bridge.scrub.scrubber import Scrubber

SCRUBBER = Scrubber()
SCRUBBING = Scrubbing(lambda: SCRUBBER, lambda _: None)


class Calls(SpanProcessor):
    """Keeps the names of what was called."""

    colour = "red"

    def __init__(self):
        self.calls = []

    def on_start(self, span, parent_context=None):
        self.calls.append("on_start")

    def _on_ending(self, span):
        self.calls.append("on_ending")

    def on_end(self, span):
        self.calls.append("on_end")

    def shutdown(self):
        self.calls.append("shutdown")

    def force_flush(self, timeout_millis=30000):
        self.calls.append(timeout_millis)
        return False


class LogExporter:
    colour = "red"

    def export(self, batch):
        return len(batch)


def test_a_wrapped_processor_lives_as_before():
    inner = Calls()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(ScrubbedProcessor(inner, SCRUBBING))
    provider.get_tracer("test").start_span("work").end()
    assert provider.force_flush(500) is False
    provider.shutdown()

    # The SDK calls ``_on_ending`` from 1.40 on.
    assert [call for call in inner.calls if call != "on_ending"][:2] == ["on_start", "on_end"]
    assert inner.calls[-1] == "shutdown"
    assert ScrubbedProcessor(inner, SCRUBBING).colour == "red"


def test_a_wrapped_exporter_answers_for_itself():
    inner = InMemorySpanExporter()
    wrapped = ScrubbedExporter(inner, SCRUBBING)

    assert wrapped.export([]) is SpanExportResult.SUCCESS
    assert wrapped.force_flush(5) == inner.force_flush(5)
    assert wrapped.get_finished_spans() == ()
    wrapped.shutdown()
    assert wrapped.export([]) is SpanExportResult.FAILURE


def test_a_silent_exporter_exports_nothing_and_can_be_shut_down():
    inner = InMemorySpanExporter()
    silent = SilentExporter(inner, SCRUBBING)

    assert silent.export(["anything"]) is SpanExportResult.SUCCESS
    assert silent.force_flush() is True
    assert inner.get_finished_spans() == ()
    silent.shutdown()
    assert inner.export([]) is SpanExportResult.FAILURE


def test_exporters_of_logs_likewise():
    assert ScrubbedLogExporter(LogExporter(), SCRUBBING).export([]) == 0
    assert ScrubbedLogExporter(LogExporter(), SCRUBBING).colour == "red"
    assert SilentLogExporter(LogExporter(), SCRUBBING).export(["anything"]) == 0
