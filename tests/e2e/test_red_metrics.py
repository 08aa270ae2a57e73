"""The sums of requests arrive at a real Collector, whatever the sampling leaves of the traces."""

import contextlib
import json

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind, StatusCode

import otel_bridge
from otel_bridge.instrument.red_export import CALLS, DURATION
from tests.e2e.servers.process import wait_until

REQUESTS, FAILED = 400, 40


def points_of(path, name):
    """The latest points of a metric, by what is told of the requests."""
    found = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        with contextlib.suppress(json.JSONDecodeError):  # it may be in the middle of a line
            for resource in json.loads(line).get("resourceMetrics", ()):
                for scope in resource["scopeMetrics"]:
                    for metric in scope["metrics"]:
                        if metric["name"] == name:
                            found.update(_by_attributes(resource["resource"], metric))
    return found


def _by_attributes(resource, metric):
    (service,) = (
        pair["value"]["stringValue"]
        for pair in resource["attributes"]
        if pair["key"] == "service.name"
    )
    kind = "sum" if "sum" in metric else "histogram"
    for point in metric[kind]["dataPoints"]:
        told = {pair["key"]: pair["value"]["stringValue"] for pair in point["attributes"]}
        yield (service, told["span.name"], told["span.kind"], told["status.code"]), point


def numbers_of(collector, name, field):
    return {
        key: int(point[field]) for key, point in points_of(collector.telemetry_file, name).items()
    }


def serve(provider):
    """Requests of which the head samples one in ten, and the tail only those that fail."""
    tracer = provider.get_tracer("shop")
    for number in range(REQUESTS):
        with tracer.start_as_current_span(
            "GET /orders/{id}", kind=SpanKind.SERVER, attributes={"http.route": "/orders/{id}"}
        ) as span:
            with tracer.start_as_current_span("SELECT orders", kind=SpanKind.CLIENT):
                pass
            if number % (REQUESTS // FAILED) == 0:
                span.set_status(StatusCode.ERROR)


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_requests_are_counted_before_head_and_tail(protocol, start_collector, tmp_path):
    collector = start_collector()
    options = {
        "dsn": "",
        "spool_dir": str(tmp_path / "spool"),
        "otlp_endpoint": collector.grpc_url if protocol == "grpc" else collector.http_url,
        "otlp_protocol": protocol,
        "sampling": {
            "tail": {"policies": [{"name": "errors", "type": "error"}]},
            "red": {"interval_s": 1},
        },
    }
    processor = otel_bridge.BridgeSpanProcessor(**options)
    provider = TracerProvider(
        sampler=otel_bridge.BridgeSampler(0.1),
        resource=Resource({"service.name": "shop"}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(processor)
    serve(provider)
    provider.shutdown()

    route = "shop", "/orders/{id}", "SPAN_KIND_SERVER"
    truth = {
        (*route, "STATUS_CODE_UNSET"): REQUESTS - FAILED,
        (*route, "STATUS_CODE_ERROR"): FAILED,
    }
    for name, field in ((CALLS, "asInt"), (DURATION, "count")):
        wait_until(lambda: numbers_of(collector, name, field) == truth, f"{name}: {truth}", 20)  # noqa: B023
    durations = points_of(collector.telemetry_file, DURATION)
    point = durations[*route, "STATUS_CODE_UNSET"]
    assert sum(map(int, point["bucketCounts"])) == REQUESTS - FAILED
    assert 0 < point["min"] <= point["max"] <= point["sum"]
    assert len(collector.spans()) < REQUESTS // 2
