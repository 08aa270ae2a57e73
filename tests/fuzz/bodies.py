"""Real export bodies to start a fuzzer from: what SDKs and file exporters write."""

import gzip
import json
import zlib

from opentelemetry._logs import SeverityNumber
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.trace import Link, SpanKind, StatusCode

from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.encode_logs import LogEncoder
from otel_bridge.wire.json_write import write_json
from tests.unit.wire.make import make_context, make_log


class _Kept(SpanProcessor):
    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.spans.append(span)


def real_spans() -> list[ReadableSpan]:
    """Spans of a small application that fails: nested, with events, links and odd attributes."""
    kept = _Kept()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(kept)
    tracer = provider.get_tracer("shop", "1.0", "https://opentelemetry.io/schemas/1.44.0")
    remote = Link(make_context(remote=True, state=[("vendor", "1")]), {"why": "retry"})
    with tracer.start_as_current_span("GET /cart", kind=SpanKind.SERVER, links=[remote]) as outer:
        outer.set_attributes({"http.request.method": "GET", "n": -1, "f": 0.5, "tags": ["a", "b"]})
        try:
            with tracer.start_as_current_span("charge", kind=SpanKind.CLIENT):
                int("card declined: grün")
        except ValueError:
            outer.set_status(StatusCode.ERROR, "declined")
    return kept.spans


def real_bodies() -> list[bytes]:
    """Bodies of every kind that a receiver meets."""
    traces = SpanEncoder().batch(real_spans())
    logs = LogEncoder().batch(
        [
            make_log(severity_number=SeverityNumber.ERROR, event_name="exception"),
            make_log(body={"a": [1, None, {"b": b"\x00"}]}, trace_id=0, span_id=0),
        ]
    )
    protobuf = [batch.to_request() for batch in (traces, logs)]
    as_json = [write_json(batch) for batch in (traces, logs)]
    pretty = [json.dumps(json.loads(body), indent=1).encode() for body in as_json]
    plain = [*protobuf, *as_json, *pretty, b"\n".join(as_json), b"", b"{}"]
    packed = [pack(body) for body in plain[:4] for pack in (gzip.compress, zlib.compress)]
    return [*plain, *packed]
