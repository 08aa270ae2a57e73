import pytest
from opentelemetry import context
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from otel_bridge.send.exporter import ExporterDestination
from otel_bridge.send.options import SendOptions
from otel_bridge.stats import Stats
from otel_bridge.testing import FakeClock, HandRunners
from otel_bridge.wire.batch import Batch, LogRecord, ResourceGroup, ScopeGroup, Signal
from tests.unit.send.by_hand import spans


class Exporter(SpanExporter):
    def __init__(self, answer=SpanExportResult.SUCCESS):
        self.answer = answer
        self.sizes = []
        self.shutdowns = 0
        self.instrumented = []

    def export(self, spans):
        self.sizes.append(len(spans))
        self.instrumented.append(not context.get_value(context._SUPPRESS_INSTRUMENTATION_KEY))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def shutdown(self):
        self.shutdowns += 1


def plugged(exporter, **options):
    stats = Stats()
    clock = FakeClock()
    runners = HandRunners(clock)
    destination = ExporterDestination(
        exporter, SendOptions(**options), stats, clock, make_runner=runners
    )
    return destination, stats, runners


def test_an_exporter_gets_the_spans_in_the_portions_it_is_used_to():
    exporter = Exporter()
    destination, stats, runners = plugged(exporter)

    destination.offer(spans(1_000))
    runners.run()

    assert exporter.sizes == [512, 488]
    assert exporter.instrumented == [False, False]
    assert stats.snapshot()["span"] == {"received": 0, "delivered": 1_000}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(SpanExportResult.FAILURE, "exporter_failed"), (RuntimeError("bug"), "exporter_raised")],
)
def test_what_an_exporter_fails_at_is_counted(answer, reason):
    destination, stats, runners = plugged(Exporter(answer))

    destination.offer(spans(3))
    runners.run()

    assert stats.snapshot()["span"] == {"received": 0, f"refused:{reason}": 3}
    assert not destination.flush(0.0)


def test_logs_are_dropped_and_counted():
    destination, stats, _ = plugged(Exporter())
    record = LogRecord(b"", b"", 0, 0, 0, b"")

    destination.offer(Batch(Signal.LOGS, [ResourceGroup(b"", [ScopeGroup(b"", [record])])]))

    assert stats.snapshot()["log"] == {"received": 0, "filtered:no_endpoint": 1}


def test_the_exporter_is_shut_down_once():
    exporter = Exporter()
    destination, _, _ = plugged(exporter)

    destination.shutdown(0.0)
    destination.shutdown(0.0)

    assert exporter.shutdowns == 1
