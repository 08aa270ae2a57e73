import logging
import threading

import pytest
from opentelemetry.sdk.trace import (
    ConcurrentMultiSpanProcessor,
    SpanProcessor,
    SynchronousMultiSpanProcessor,
    TracerProvider,
)
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from otel_bridge.instrument.front import Front
from otel_bridge.instrument.others import Others
from otel_bridge.instrument.scrubbing import Scrubbing
from otel_bridge.instrument.wrapped import ScrubbedProcessor
from otel_bridge.scrub.scrubber import Scrubber

SECRET = "correct-horse-battery"
SCRUBBER = Scrubber()


class Ours(SpanProcessor):
    """Stands where our processor stands; keeps its front as that does."""

    is_otel_bridge = True

    def __init__(self):
        self.front = Front(self, Others(Scrubbing(lambda: SCRUBBER, lambda _: None)))
        self.ended = []

    def on_start(self, span, parent_context=None):
        self.front.keep(span._span_processor)

    def on_end(self, span):
        self.front.keep_all()
        self.ended.append(span)

    def force_flush(self, timeout_millis=30000):
        return True


class Wrapper(SpanProcessor):
    """A processor around another, as vendors have them."""

    def __init__(self, inner):
        self.inner = inner

    def on_start(self, span, parent_context=None):
        self.inner.on_start(span, parent_context)

    def on_end(self, span):
        self.inner.on_end(span)


class Recorder(SpanProcessor):
    """A processor that does something with spans itself."""

    def __init__(self):
        self.ended = []

    def on_end(self, span):
        self.ended.append(span)


class OnlyStarts(SpanProcessor):
    """A processor that leaves ended spans alone."""


def provider_with(*processors, multi=None):
    provider = TracerProvider(shutdown_on_exit=False, active_span_processor=multi)
    for processor in processors:
        provider.add_span_processor(processor)
    return provider


def work(provider, name="work"):
    with provider.get_tracer("test").start_as_current_span(
        name, attributes={"db.password": SECRET}
    ):
        pass


def processors_of(provider):
    return provider._active_span_processor._span_processors


def passwords(exporter):
    return [span.attributes["db.password"] for span in exporter.get_finished_spans()]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("kind", [SimpleSpanProcessor, BatchSpanProcessor])
def test_wherever_it_is_added_the_others_export_scrubbed_spans(kind, place):
    exporters = [InMemorySpanExporter(), InMemorySpanExporter()]
    processors = [kind(exporter) for exporter in exporters]
    ours = Ours()
    processors.insert(place, ours)
    provider = provider_with(*processors)
    work(provider)
    provider.force_flush()

    assert processors_of(provider)[0] is ours
    assert [passwords(exporter) for exporter in exporters] == [["[Filtered:password]"]] * 2
    assert ours.ended[0].attributes["db.password"] == SECRET
    provider.shutdown()


def test_who_is_added_later_is_covered_before_its_first_span():
    ours, late = Ours(), InMemorySpanExporter()
    provider = provider_with(ours)
    work(provider)
    provider.add_span_processor(SimpleSpanProcessor(late))
    work(provider)

    assert passwords(late) == ["[Filtered:password]"]


def test_who_is_added_while_a_span_is_open_is_covered_before_it_ends():
    ours, late = Ours(), InMemorySpanExporter()
    provider = provider_with(ours)
    with provider.get_tracer("test").start_as_current_span(
        "open", attributes={"db.password": SECRET}
    ):
        provider.add_span_processor(SimpleSpanProcessor(late))

    assert passwords(late) == ["[Filtered:password]"]


def test_a_processor_without_an_exporter_gets_scrubbed_copies():
    recorder, ours = Recorder(), Ours()
    provider = provider_with(recorder, ours)
    work(provider)

    assert [span.attributes["db.password"] for span in recorder.ended] == ["[Filtered:password]"]
    assert isinstance(processors_of(provider)[1], ScrubbedProcessor)


def test_a_processor_that_leaves_ended_spans_alone_is_left_alone():
    bystander, ours = OnlyStarts(), Ours()
    provider = provider_with(bystander, ours)
    work(provider)

    assert processors_of(provider) == (ours, bystander)


def test_exporters_behind_wrappers_are_found():
    exporter, ours = InMemorySpanExporter(), Ours()
    provider = provider_with(Wrapper(Wrapper(SimpleSpanProcessor(exporter))), ours)
    work(provider)

    assert passwords(exporter) == ["[Filtered:password]"]


def test_it_stays_in_the_nested_list_it_was_put_into():
    inner_exporter, outer_exporter, ours = InMemorySpanExporter(), InMemorySpanExporter(), Ours()
    nested = SynchronousMultiSpanProcessor()
    nested.add_span_processor(SimpleSpanProcessor(inner_exporter))
    nested.add_span_processor(ours)
    provider = provider_with(SimpleSpanProcessor(outer_exporter), Wrapper(nested))
    work(provider)

    assert nested._span_processors[0] is ours
    assert len(ours.ended) == 1
    assert passwords(inner_exporter) == passwords(outer_exporter) == ["[Filtered:password]"]


def test_the_concurrent_processor_of_the_sdk_is_arranged_too():
    exporter, ours = InMemorySpanExporter(), Ours()
    multi = ConcurrentMultiSpanProcessor(num_threads=1)
    provider = provider_with(SimpleSpanProcessor(exporter), ours, multi=multi)
    work(provider)

    assert multi._span_processors[0] is ours
    assert passwords(exporter) == ["[Filtered:password]"]
    multi._executor.shutdown()


def test_one_processor_may_serve_two_providers():
    ours = Ours()
    exporters = [InMemorySpanExporter(), InMemorySpanExporter()]
    providers = [provider_with(SimpleSpanProcessor(each), ours) for each in exporters]
    for _ in range(2):
        for provider in providers:
            work(provider)

    assert [passwords(each) for each in exporters] == [["[Filtered:password]"] * 2] * 2


def test_nothing_is_wrapped_twice():
    exporter, ours = InMemorySpanExporter(), Ours()
    provider = provider_with(SimpleSpanProcessor(exporter), ours)
    for _ in range(3):
        provider.add_span_processor(OnlyStarts())
        work(provider)

    assert processors_of(provider)[1].span_exporter.inner is exporter


def test_where_it_cannot_it_says_so_loudly_and_once(caplog):
    ours = Ours()
    with caplog.at_level(logging.WARNING, logger="otel_bridge"):
        stranger = Recorder()
        for _ in range(2):
            ours.front.keep(stranger)

    (said,) = [record.message for record in caplog.records]
    assert "cannot put itself before the other span processors in a Recorder" in said


def test_threads_that_start_spans_at_once_arrange_without_harm():
    ours, exporters = Ours(), []
    provider = provider_with(ours)

    def add_and_work():
        for _ in range(6):
            exporter = InMemorySpanExporter()
            exporters.append(exporter)
            provider.add_span_processor(SimpleSpanProcessor(exporter))
            work(provider)

    threads = [threading.Thread(target=add_and_work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert processors_of(provider)[0] is ours
    assert len(processors_of(provider)) == 25
    seen = {value for exporter in exporters for value in passwords(exporter)}
    assert seen == {"[Filtered:password]"}
