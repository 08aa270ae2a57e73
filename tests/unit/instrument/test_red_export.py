import threading
import time

import pytest
from opentelemetry import context
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult

from otel_bridge.config.load import load
from otel_bridge.instrument.destinations import red_reporter
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.red_export import CALLS, DURATION, RedReporter, metric_exporter
from otel_bridge.sample.options import RedOptions
from otel_bridge.sample.red import RedMetrics
from otel_bridge.send.otlp_endpoint import OtlpEndpoint
from otel_bridge.stats import Stats
from tests.simulation.spans import ERROR, batch_of, make_span, trace_id

A = trace_id(1)


class Kept(MetricExporter):
    """An exporter that keeps what it is given."""

    def __init__(self, *, fails=False):
        super().__init__()
        self.data, self.closed, self.fails = [], False, fails
        self.exported = threading.Event()
        self.suppressed = []

    def export(self, metrics_data, timeout_millis=10_000, **_others):
        self.suppressed.append(context.get_value(context._SUPPRESS_INSTRUMENTATION_KEY))
        if self.fails:
            raise OSError
        self.data.append(metrics_data)
        self.exported.set()
        return MetricExportResult.SUCCESS

    def force_flush(self, timeout_millis=10_000):
        return timeout_millis >= 0

    def shutdown(self, timeout_millis=30_000, **_others):
        self.closed = timeout_millis >= 0


def reporter(exporter, *batches, interval_s=3600, stats=None, **options):
    red = RedMetrics(RedOptions(**{"buckets_ms": (10, 100), **options}))
    for batch in batches:
        red.add(batch)
    clock = iter(range(1000, 2000))
    guard = Guard(stats or Stats(), lambda: 0.0)
    made = RedReporter(red, exporter, interval_s, guard, lambda: next(clock))
    made.start()
    return made


def by_name(data):
    return {
        (metrics.resource.attributes.get("service.name"), metric.name): metric.data.data_points
        for metrics in data.resource_metrics
        for scope in metrics.scope_metrics
        for metric in scope.metrics
    }


def test_sums_become_a_counter_and_a_histogram_for_each_service():
    exporter = Kept()
    orders = [make_span(A, 1, http__route="/o"), make_span(A, 2, http__route="/o", status=ERROR)]
    mail = make_span(A, 3, name="send", kind=5, duration_ms=50)

    assert reporter(exporter, batch_of(*orders), batch_of(mail, service="mail")).flush(1)

    (data,) = exporter.data
    points = by_name(data)
    assert set(points) == {(s, n) for s in ("shop", "mail") for n in (CALLS, DURATION)}
    ok, failed = points["shop", CALLS]
    assert (ok.value, failed.value) == (1, 1)
    assert dict(failed.attributes) == {
        "span.name": "/o",
        "span.kind": "SPAN_KIND_SERVER",
        "status.code": "STATUS_CODE_ERROR",
    }
    (sent,) = points["mail", DURATION]
    assert (sent.count, sent.sum, tuple(sent.bucket_counts)) == (1, 50.0, (0, 1, 0))
    assert (sent.min, sent.max, tuple(sent.explicit_bounds)) == (50.0, 50.0, (10, 100))
    assert (sent.start_time_unix_nano, sent.time_unix_nano) == (1000, 1001)


def test_the_stock_encoder_takes_the_metrics():
    exporter = Kept()
    reporter(exporter, batch_of(make_span(A, http__route="/o"))).flush(1)

    request = encode_metrics(exporter.data[0])

    (metrics,) = request.resource_metrics
    calls, duration = metrics.scope_metrics[0].metrics
    assert calls.sum.data_points[0].as_int == 1
    assert calls.sum.is_monotonic
    assert duration.histogram.data_points[0].bucket_counts == [1, 0, 0]


def test_what_exceeded_the_limit_is_marked_as_the_specification_marks_it():
    exporter = Kept()
    spans = [make_span(A, number, http__route=f"/{number}") for number in range(1, 4)]

    reporter(exporter, batch_of(*spans), max_series=1).flush(1)

    *_, others = [
        dict(point.attributes)
        for (_, name), found in by_name(exporter.data[0]).items()
        if name == CALLS
        for point in found
    ]
    assert others == {"otel.metric.overflow": True}


def test_nothing_is_exported_without_requests():
    exporter = Kept()

    reporter(exporter).flush(1)

    assert exporter.data == []


def test_sums_are_exported_at_intervals_and_at_the_end():
    exporter = Kept()
    red = reporter(exporter, batch_of(make_span(A)), interval_s=0.01)

    assert exporter.exported.wait(5)
    red.shutdown(1)
    count = len(exporter.data)
    red.flush(1)

    assert exporter.closed
    assert len(exporter.data) == count


def test_an_exporter_that_hangs_holds_nobody_up():
    exporter, released = Kept(), threading.Event()
    exporter.export = lambda *_args, **_kwargs: released.wait(60)
    exporter.shutdown = lambda *_args, **_kwargs: released.set()
    red = reporter(exporter, batch_of(make_span(A)))

    started = time.monotonic()
    red.flush(0.05)
    red.shutdown(0.05)

    assert time.monotonic() - started < 10


def test_two_threads_may_flush_at_once():
    exporter = Kept()
    red = reporter(exporter, batch_of(make_span(A)))
    threads = [threading.Thread(target=red.flush, args=(20,)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert not any(thread.is_alive() for thread in threads)
    red.shutdown(1)


def test_our_own_requests_are_not_instrumented_and_faults_are_contained():
    exporter, stats = Kept(fails=True), Stats()

    assert reporter(exporter, batch_of(make_span(A)), stats=stats).flush(1)

    assert exporter.suppressed == [True]
    assert stats.snapshot()["faults"] == {"red_export": 1}


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        ({"otlp_endpoint": "http://127.0.0.1:4318", "sampling": {"red": {}}}, True),
        ({"sampling": {"red": {}}}, False),
        ({"otlp_endpoint": "http://127.0.0.1:4318"}, False),
    ],
)
def test_there_is_a_reporter_if_there_are_sums_and_a_receiver(arguments, made):
    options = load(arguments, {}).options
    red = RedMetrics(options.sampling.red) if options.sampling else None

    found = red_reporter(red, options, {}, Guard(Stats(), lambda: 0.0))

    assert (found is not None) is made
    if found:
        found.shutdown(1)


@pytest.mark.parametrize(
    ("endpoint", "module"),
    [
        (OtlpEndpoint(traces_url="http://127.0.0.1:4318/v1/traces"), "http"),
        (OtlpEndpoint(traces_url="http://127.0.0.1:4317", protocol="grpc"), "grpc"),
    ],
)
def test_metrics_go_where_spans_go(endpoint, module):
    exporter = metric_exporter(endpoint)

    assert f".{module}." in type(exporter).__module__
    if module == "http":
        assert exporter._endpoint == "http://127.0.0.1:4318/v1/metrics"
    exporter.shutdown()
