import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from otel_bridge.instrument.others import Others, is_same_receiver
from otel_bridge.instrument.scrubbing import Scrubbing
from otel_bridge.instrument.wrapped import ScrubbedExporter, SilentExporter
from otel_bridge.scrub.scrubber import Scrubber

HERE = "http://localhost:4318"
SCRUBBER = Scrubber()


def others(receiver=HERE, bridge=None):
    return Others(Scrubbing(lambda: SCRUBBER, lambda _: None), (receiver, receiver), bridge)


class Feeds(InMemorySpanExporter):
    """An exporter that feeds a bridge."""

    is_otel_bridge = True

    def __init__(self, bridge):
        super().__init__()
        self.bridge = bridge
        self.is_shut_down = False

    def shutdown(self):
        self.is_shut_down = True


class Pair:
    """Holds two processors, as a vendor's own multi processor does."""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://localhost:4318/v1/traces", HERE, True),
        ("localhost:4317", HERE, True),
        ("http://127.0.0.1:4317", HERE, True),
        ("http://collector:4317", HERE, False),
        ("http://localhost:9999", HERE, False),
        ("https://otlp.example.com", "https://otlp.example.com/base", True),
        ("https://otlp.example.com", "http://otlp.example.com", False),
        ("http://[half", HERE, False),
    ],
)
def test_receivers_are_the_same_by_host_and_port_or_the_pair_of_ports(one, other, same):
    assert is_same_receiver(one, other) is same


def test_a_stock_exporter_to_the_bridges_own_receiver_is_dismissed():
    processor = SimpleSpanProcessor(OTLPSpanExporter(endpoint=f"{HERE}/v1/traces"))

    assert others().cover(processor) is None


@pytest.mark.parametrize("receiver", ["", "http://elsewhere:4318"])
def test_a_stock_exporter_to_another_receiver_is_kept_and_scrubbed(receiver):
    processor = SimpleSpanProcessor(OTLPSpanExporter(endpoint=f"{HERE}/v1/traces"))

    assert others(receiver).cover(processor) is processor
    assert isinstance(processor.span_exporter, ScrubbedExporter)
    processor.shutdown()


def test_an_exporter_that_is_no_stock_one_is_kept_wherever_it_sends():
    exporter = InMemorySpanExporter()
    exporter._endpoint = f"{HERE}/v1/traces"
    processor = BatchSpanProcessor(exporter)

    assert others().cover(processor) is processor
    assert processor.span_exporter.inner is exporter
    processor.shutdown()


def test_below_a_wrapper_it_is_silenced_not_dismissed():
    inner = SimpleSpanProcessor(OTLPSpanExporter(endpoint=f"{HERE}/v1/traces"))

    class Wrapper(SimpleSpanProcessor):
        def __init__(self):
            self.inner = inner

    wrapper = Wrapper()

    assert others().cover(wrapper) is wrapper
    assert isinstance(inner.span_exporter, SilentExporter)
    inner.shutdown()


def test_an_exporter_that_feeds_the_same_bridge_is_dismissed_and_not_shut_down():
    bridge = object()
    exporter = Feeds(bridge)

    assert others(bridge=bridge).cover(SimpleSpanProcessor(exporter)) is None
    assert not exporter.is_shut_down


def test_an_exporter_that_feeds_another_bridge_gets_spans_as_they_are():
    exporter = Feeds(object())
    processor = SimpleSpanProcessor(exporter)

    assert others(bridge=object()).cover(processor) is processor
    assert processor.span_exporter is exporter
