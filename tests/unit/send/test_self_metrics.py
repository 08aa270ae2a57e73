from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from otel_bridge.send.self_metrics import observe
from otel_bridge.stats import Fate, Kind, Stats


def test_fates_are_read_as_counters():
    stats = Stats()
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    observe(stats, provider)
    stats.received(Kind.SPAN, 10)
    stats.fate(Kind.SPAN, Fate.DELIVERED, 7)
    stats.fate(Kind.SPAN, Fate.REFUSED, 3, reason="http_400")
    stats.fate(Kind.ERROR, Fate.DELIVERED)

    found = {
        (metric.name, point.attributes.get("error.type")): point.value
        for resource in reader.get_metrics_data().resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in metric.data.data_points
    }
    provider.shutdown()

    assert found == {
        ("otel.sdk.exporter.span.exported", None): 7,
        ("otel.sdk.exporter.span.exported", "refused:http_400"): 3,
        ("otel_bridge.error.processed", None): 1,
    }
