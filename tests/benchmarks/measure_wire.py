"""Measures (c): what the wire costs a span, and whether it stays flat.

Run by the benchmarks in a process of its own: ``python -m tests.benchmarks.measure_wire``.
"""

import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider

from otel_bridge.wire.batch import Signal
from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.json_write import write_json
from otel_bridge.wire.messages import ExportTraceServiceRequest, KeyValue, Span
from otel_bridge.wire.otlp_json import read_json
from otel_bridge.wire.receive import read_request, skim_request
from otel_bridge.wire.values import attributes
from tests.benchmarks.load import Load

CHUNK = 512
FLAT = (1_000, 10_000, 100_000, 1_000_000)
ATTRIBUTES = 15


class _Kept(SpanProcessor):
    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.spans.append(span)


def sdk_spans(number: int, size: int) -> list[ReadableSpan]:
    """Return ended spans of the benchmarks' application."""
    kept = _Kept()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(kept)
    Load(size).run(provider.get_tracer("bench", "1.0"), number)
    return kept.spans


def forward(body: bytes) -> bytes:
    """Parse, look at every span, send on: as the bridge does with telemetry from outside."""
    batch = read_request(body, Signal.TRACES)
    assert sum(record.status == 2 for record in batch.records()) >= 0
    return batch.to_request()


def forward_trusted(body: bytes) -> bytes:
    """The same with a body that is known to be sound."""
    batch = skim_request(body, Signal.TRACES)
    assert sum(record.status == 2 for record in batch.records()) >= 0
    return batch.to_request()


def decode_and_encode(body: bytes) -> bytes:
    """Parse, make every span a Python object, make messages of these, send on."""
    request = ExportTraceServiceRequest.FromString(body)
    out = ExportTraceServiceRequest()
    for group in request.resource_spans:
        groups = out.resource_spans.add(schema_url=group.schema_url)
        groups.resource.CopyFrom(group.resource)
        for scope in group.scope_spans:
            scopes = groups.scope_spans.add(schema_url=scope.schema_url)
            scopes.scope.CopyFrom(scope.scope)
            scopes.spans.extend(_encoded(_decoded(span)) for span in scope.spans)
    return out.SerializeToString()


def decode_only(body: bytes) -> bytes:
    """Parse, make every span a Python object, send the parsed message on as it is."""
    request = ExportTraceServiceRequest.FromString(body)
    for group in request.resource_spans:
        for scope in group.scope_spans:
            for span in scope.spans:
                _decoded(span)
    return request.SerializeToString()


def _decoded(span: Span) -> dict[str, object]:
    return {
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_span_id": span.parent_span_id,
        "name": span.name,
        "kind": span.kind,
        "start_time_unix_nano": span.start_time_unix_nano,
        "end_time_unix_nano": span.end_time_unix_nano,
        "flags": span.flags,
        "attributes": attributes(span.attributes),
        "events": [
            (event.time_unix_nano, event.name, attributes(event.attributes))
            for event in span.events
        ],
        "status": (span.status.code, span.status.message),
    }


def _encoded(fields: dict[str, object]) -> Span:
    plain = {k: v for k, v in fields.items() if k not in ("attributes", "events", "status")}
    code, message = fields["status"]  # type: ignore[misc] # written by _decoded
    return Span(
        **plain,  # type: ignore[arg-type] # the same
        attributes=_pairs(fields["attributes"]),
        events=[
            Span.Event(time_unix_nano=at, name=name, attributes=_pairs(values))
            for at, name, values in fields["events"]  # type: ignore[attr-defined] # the same
        ],
        status={"code": code, "message": message},
    )


def _pairs(values: dict[str, object]) -> list[KeyValue]:
    fields = {str: "string_value", int: "int_value", bool: "bool_value", float: "double_value"}
    return [KeyValue(key=key, value={fields[type(value)]: value}) for key, value in values.items()]


def per_span(steps: dict[str, tuple[Callable[[], object], int]], rounds: int) -> dict[str, float]:
    """Return the median CPU time of each step, in microseconds a span.

    Steps take turns, so that what else the machine does falls on all alike.
    """
    samples: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, (step, spans) in steps.items():
            began = time.process_time()
            step()
            samples[name].append((time.process_time() - began) / spans * 1e6)
    return {name: statistics.median(costs) for name, costs in samples.items()}


def measure_encoding() -> dict[str, float]:
    """Measure both encoders on spans of three sizes."""
    steps: dict[str, tuple[Callable[[], object], int]] = {}
    for size in (5, 15, 60):
        spans = sdk_spans(1000, size)
        encoder = SpanEncoder()
        steps[f"ours {size}"] = partial(_ours, encoder, spans), len(spans)
        steps[f"official {size}"] = partial(_official, spans), len(spans)
    return per_span(steps, 7)


def _ours(encoder: SpanEncoder, spans: list[ReadableSpan]) -> bytes:
    return encoder.batch(spans).to_request()


def _official(spans: list[ReadableSpan]) -> bytes:
    return encode_spans(spans).SerializeToString()


def measure_forwarding(spans: list[ReadableSpan]) -> dict[str, float]:
    """Measure what a received span costs, against taking it apart and putting it together."""
    batch = SpanEncoder().batch(spans)
    body, as_json = batch.to_request(), write_json(batch)
    assert decode_and_encode(body) == decode_only(body) == forward(body) == body
    ways: dict[str, Callable[[bytes], object]] = {
        "forward": forward,
        "forward_trusted": forward_trusted,
        "decode_and_encode": decode_and_encode,
        "decode_only": decode_only,
    }
    steps = {name: (partial(way, body), len(spans)) for name, way in ways.items()}
    steps["json"] = partial(read_json, as_json, Signal.TRACES), len(spans)
    return {**per_span(steps, 9), "bytes": len(body) / len(spans)}


def measure_flatness(spans: list[ReadableSpan]) -> dict[str, float]:
    """Encode, frame, receive and forward streams of spans, in the chunks that the worker takes."""
    encoder = SpanEncoder()

    def stream(number: int) -> None:
        source = islice(cycle(spans), number)
        while chunk := list(islice(source, CHUNK)):
            forward(encoder.batch(chunk).to_request())

    short = {str(number): (partial(stream, number), number) for number in FLAT[:-1]}
    return {
        **per_span(short, 3),
        **per_span({str(FLAT[-1]): (partial(stream, FLAT[-1]), FLAT[-1])}, 1),
    }


def main() -> None:
    spans = sdk_spans(2000, ATTRIBUTES)
    print(
        json.dumps(
            {
                "encode": measure_encoding(),
                "receive": measure_forwarding(spans),
                "flat": measure_flatness(spans),
            }
        )
    )


if __name__ == "__main__":
    main()
