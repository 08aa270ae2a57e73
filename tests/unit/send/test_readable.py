import json

import pytest
from google.protobuf.message import DecodeError
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    TraceState,
    set_span_in_context,
)

from otel_bridge.send.readable import readable_spans


def real_spans(**attributes):
    memory = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource({"service.name": "shop"}, "https://schema/1"))
    provider.add_span_processor(SimpleSpanProcessor(memory))
    tracer = provider.get_tracer("scope", "1.2", "https://schema/2", {"a": 1})
    remote = SpanContext(
        0x1234,
        0x5678,
        is_remote=True,
        trace_flags=TraceFlags(1),
        trace_state=TraceState([("k", "v")]),
    )
    # The stock encoder leaves out the trace state and the flags of a link.
    linked = SpanContext(0x9ABC, 0xDEF0, is_remote=True, trace_flags=TraceFlags(1))
    context = set_span_in_context(NonRecordingSpan(remote))
    with tracer.start_as_current_span(
        "server", context, SpanKind.SERVER, links=[Link(linked, {"l": 1})]
    ) as span:
        span.set_attributes(
            {"s": "text", "i": 7, "f": 1.5, "b": True, "list": ["x", "y"], **attributes}
        )
        span.add_event("something", {"n": 1}, timestamp=5)
        with tracer.start_as_current_span("inner") as inner:
            inner.set_status(Status(StatusCode.ERROR, "bad"))
    return memory.get_finished_spans()


def test_spans_come_back_as_they_went():
    spans = real_spans()

    back = list(readable_spans(encode_spans(spans).SerializeToString()))

    assert [json.loads(span.to_json()) for span in back] == [
        json.loads(span.to_json()) for span in spans
    ]
    server, original = back[1], spans[1]
    assert server.parent == original.parent
    assert server.parent.is_remote
    assert not back[0].parent.is_remote
    assert server.links[0].context.span_id == original.links[0].context.span_id
    assert server.links[0].context.is_remote
    assert server.instrumentation_scope == original.instrumentation_scope
    assert server.resource == original.resource
    assert dict(server.attributes) == dict(original.attributes)


def test_encoding_them_again_gives_the_same_bytes():
    first = encode_spans(real_spans(raw=b"\x00\xff", nested={"a": [1]})).SerializeToString()

    assert encode_spans(list(readable_spans(first))).SerializeToString() == first


def test_what_is_no_request_is_refused():
    with pytest.raises(DecodeError):
        list(readable_spans(b"\xff\xff\xff"))
