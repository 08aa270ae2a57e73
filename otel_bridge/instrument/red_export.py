"""Exports the sums of requests as OpenTelemetry metrics, from a thread of its own.

The metrics are named and labelled like those of the Collector's ``spanmetrics`` connector, which
dashboards know: ``traces.span.metrics.calls`` and ``traces.span.metrics.duration``.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricExporter,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from otel_bridge.instrument.guard import Guard
from otel_bridge.sample.red import RedMetrics, Series
from otel_bridge.send.otlp_endpoint import OtlpEndpoint
from otel_bridge.send.transport import not_instrumented
from otel_bridge.version import __version__

CALLS = "traces.span.metrics.calls"
DURATION = "traces.span.metrics.duration"

_SCOPE = InstrumentationScope("otel_bridge", __version__)
_KINDS = ("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")


class RedReporter:
    """Hand the sums to a metric exporter at intervals, and at the end.

    Args:
        red: The sums.
        exporter: Any exporter of OpenTelemetry metrics.
        interval_s: Seconds between two exports.
        guard: Keeps faults of the exporter away from the host.
        now_ns: Nanoseconds since the epoch.
    """

    def __init__(
        self,
        red: RedMetrics,
        exporter: MetricExporter,
        interval_s: float,
        guard: Guard,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._red = red
        self._exporter = exporter
        self._interval_s = interval_s
        self._guard = guard
        self._now_ns = now_ns
        self._started_ns = now_ns()
        self._stopped = False
        self._wake = threading.Event()
        self._asked: deque[threading.Event] = deque()
        """Of those who wait for the next export."""
        self._thread = threading.Thread(target=self._run, name="otel-bridge-red", daemon=True)

    def start(self) -> None:
        """Begin to export."""
        self._thread.start()

    def flush(self, timeout: float) -> bool:
        """Export now, and wait for it ``timeout`` seconds at most: exporters wait much longer.

        Always True: a sum that does not arrive is part of the next one.
        """
        done = threading.Event()
        self._asked.append(done)
        self._wake.set()
        if self._thread.is_alive():
            done.wait(timeout)
        return True

    def shutdown(self, timeout: float) -> bool:
        """Export a last time and stop; an export that takes longer than ``timeout`` ends."""
        timeout = max(0.0, timeout)
        self.flush(timeout)
        self._stopped = True
        self._wake.set()
        with self._guard("red_export"):
            self._exporter.shutdown(timeout * 1000)
        return True

    def _run(self) -> None:
        while not self._stopped:
            self._wake.wait(self._interval_s)
            self._wake.clear()
            asked = len(self._asked)
            self._export()
            for _ in range(asked):
                self._asked.popleft().set()

    def _export(self) -> None:
        series = self._red.series()
        if not series or self._stopped:
            return
        data = metrics_data(series, self._red.bounds_ms, self._started_ns, self._now_ns())
        with self._guard("red_export"), not_instrumented():
            self._exporter.export(data, self._interval_s * 1000)


def metric_exporter(endpoint: OtlpEndpoint) -> MetricExporter:
    """Return the stock exporter of metrics for the receiver that traces go to."""
    # Imported here: only who asks for these metrics pays for them.
    headers = dict(endpoint.headers)
    if endpoint.protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import (  # noqa: PLC0415
            OTLPMetricExporter as GrpcExporter,
        )

        return GrpcExporter(
            endpoint.traces_url, endpoint.traces_url.startswith("http://"), headers=headers
        )
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415
        OTLPMetricExporter as HttpExporter,
    )

    url = endpoint.traces_url.removesuffix("/v1/traces") + "/v1/metrics"
    return HttpExporter(url, headers=headers, timeout=endpoint.timeout_s)


def metrics_data(
    series: Iterable[Series], bounds_ms: Sequence[float], start_ns: int, now_ns: int
) -> MetricsData:
    """Return sums as metrics: a counter and a histogram, for each service its own resource."""
    services: defaultdict[str, list[Series]] = defaultdict(list)
    for found in series:
        services[found.key.service].append(found)
    return MetricsData(
        [
            ResourceMetrics(
                Resource({"service.name": service} if service else {}),
                [ScopeMetrics(_SCOPE, _metrics(of_service, bounds_ms, start_ns, now_ns), "")],
                "",
            )
            for service, of_service in services.items()
        ]
    )


def _metrics(
    series: Sequence[Series], bounds_ms: Sequence[float], start_ns: int, now_ns: int
) -> list[Metric]:
    calls = [
        NumberDataPoint(attributes_of(found), start_ns, now_ns, found.requests) for found in series
    ]
    durations = [
        HistogramDataPoint(
            attributes_of(found),
            start_ns,
            now_ns,
            found.requests,
            found.sum_ms,
            found.buckets,
            bounds_ms,
            found.lowest_ms,
            found.highest_ms,
        )
        for found in series
    ]
    cumulative = AggregationTemporality.CUMULATIVE
    return [
        Metric(
            CALLS,
            "Requests, before any sampling",
            "{call}",
            Sum(calls, cumulative, is_monotonic=True),
        ),
        Metric(
            DURATION, "Duration of requests, before any sampling", "ms",
            Histogram(durations, cumulative),
        ),
    ]  # fmt: skip


def attributes_of(series: Series) -> dict[str, str | bool]:
    """Return what tells a series from the others of its service."""
    key = series.key
    if not key.name and not key.kind:
        # "otel.metric.overflow" is the specification's mark of what exceeded the limit.
        return {"otel.metric.overflow": True}
    kind = _KINDS[key.kind] if 0 <= key.kind < len(_KINDS) else _KINDS[0]
    return {
        "span.name": key.name,
        "span.kind": f"SPAN_KIND_{kind}",
        "status.code": "STATUS_CODE_ERROR" if key.failed else "STATUS_CODE_UNSET",
    }
