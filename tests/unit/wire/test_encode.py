import logging
from types import SimpleNamespace

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

from otel_bridge.wire.any_value import MAX_DEPTH
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.messages import ExportTraceServiceRequest, Span
from otel_bridge.wire.receive import read_request
from otel_bridge.wire.values import attributes
from tests.unit.wire.make import (
    PARENT_ID,
    SPAN_ID,
    TRACE_ID,
    bounded,
    bounded_list,
    make_context,
    make_event,
    make_link,
    make_span,
    without_empty_messages,
)


def decoded(span):
    return Span.FromString(SpanEncoder().record(span).raw)


def assert_official(*spans):
    ours = ExportTraceServiceRequest.FromString(SpanEncoder().batch(spans).to_request())
    assert without_empty_messages(ours) == without_empty_messages(encode_spans(spans))


FULL = {
    "context": make_context(state=[("vendor", "1"), ("other", "2")]),
    "parent": make_context(span_id=PARENT_ID, remote=True),
    "attributes": bounded({"a": "b", "n": 1, "list": ("x", "y")}, dropped=3),
    "events": bounded_list(
        [make_event(**{"exception.type": "ValueError"}), make_event("empty", 0)], dropped=2
    ),
    "links": bounded_list(
        [
            make_link(make_context(5, 6, remote=True), why="retry"),
            make_link(make_context(7, 8)),
        ],
        dropped=1,
    ),
    "status": Status(StatusCode.ERROR, "ValueError: no"),
    "kind": SpanKind.CONSUMER,
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        FULL,
        {"parent": make_context(span_id=PARENT_ID)},
        {"status": Status(StatusCode.OK)},
        {"status": Status(StatusCode.ERROR)},
        {"status": None},
        {"name": ""},
        {"name": "grün " * 100},
        {"start_time": None, "end_time": None},
        {"start_time": 0, "end_time": 2**64 - 1},
        {"attributes": None, "events": (), "links": ()},
        {"attributes": {"plain": 1}, "events": (make_event(),), "links": [Link(make_context())]},
        {"instrumentation_scope": None},
        {"instrumentation_scope": InstrumentationScope("s", None, "https://x/1", {"a": 1})},
        {"resource": Resource({})},
        {"resource": Resource({"a": (1, 2)}, "https://x/2")},
        {"context": make_context(0, 0)},
    ],
)
def test_a_span_is_encoded_as_the_official_encoder_does(changes):
    assert_official(make_span(**changes))


@pytest.mark.parametrize("kind", SpanKind, ids=str)
def test_every_kind_has_its_number(kind):
    assert_official(make_span(kind=kind))
    assert SpanEncoder().record(make_span(kind=kind)).kind == kind.value + 1


def test_spans_are_grouped_by_resource_and_scope():
    other = Resource({"service.name": "cart"})
    scope = InstrumentationScope("db", schema_url="https://x/1")

    assert_official(
        make_span(name="1"),
        make_span(name="2", resource=other),
        make_span(name="3", instrumentation_scope=scope),
        make_span(name="4", resource=Resource({"service.name": "cart"})),
        make_span(name="5"),
    )


def test_what_rides_beside_a_span_is_what_a_receiver_reads_from_it():
    batch = SpanEncoder().batch([make_span(**FULL), make_span(), make_span(parent=make_context())])

    received = read_request(batch.to_request(), Signal.TRACES)

    assert list(received.records()) == list(batch.records())


def test_the_record_of_a_span_names_its_ids_and_times():
    record = SpanEncoder().record(make_span(**FULL))

    assert record[:8] == (
        TRACE_ID.to_bytes(16, "big"),
        SPAN_ID.to_bytes(8, "big"),
        PARENT_ID.to_bytes(8, "big"),
        0x300,
        5,
        2,
        1_700_000_000_000_000_000,
        1_700_000_000_250_000_000,
    )
    assert record.is_local_root
    assert record.has_events
    assert not SpanEncoder().record(make_span()).has_events


def test_spans_of_a_running_application_are_encoded_as_the_official_encoder_does():
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("app", "2.0", "https://x/1", {"team": "a"})
    with tracer.start_as_current_span("outer", kind=SpanKind.SERVER) as outer:
        outer.set_attribute("tags", ["a", "b"])
        with pytest.raises(ZeroDivisionError), tracer.start_as_current_span("inner"):
            _ = 1 / 0

    spans = exporter.get_finished_spans()

    assert len(spans) == 2
    assert_official(*spans)


def test_a_span_of_another_make_needs_only_the_public_properties():
    span = make_span(**FULL)
    names = ("name", "context", "parent", "kind", "start_time", "end_time", "attributes",
             "dropped_attributes", "events", "dropped_events", "links", "dropped_links", "status",
             "resource", "instrumentation_scope")  # fmt: skip
    foreign = SimpleNamespace(**{name: getattr(span, name) for name in names})

    ours = SpanEncoder().batch([foreign]).to_request()

    assert ours == SpanEncoder().batch([span]).to_request()


def test_an_integer_beyond_64_bits_is_left_out_like_the_official_encoder_does(caplog):
    caplog.set_level(logging.CRITICAL)

    assert_official(make_span(attributes=bounded({"a": 1, "b": 2**63, "c": "x"})))


# What follows are the differences from the official encoder, each on purpose.


def test_text_that_is_no_unicode_is_repaired_rather_than_lost():
    span = decoded(make_span(name="a\ud800", attributes=bounded({"k": "v\udfff"})))

    assert span.name == "a\ufffd"
    assert attributes(span.attributes) == {"k": "v\ufffd"}


def test_the_trace_state_of_a_link_is_kept():
    span = decoded(make_span(links=[make_link(make_context(state=[("a", "1")]))]))

    assert span.links[0].trace_state == "a=1"


def test_an_object_of_an_unknown_type_becomes_its_text():
    assert attributes(decoded(make_span(attributes={"k": 1j})).attributes) == {"k": "1j"}


def test_the_deepest_value_can_be_read_in_the_deepest_place():
    value = "core"
    for _ in range(MAX_DEPTH + 5):
        value = {"k": value}
    span = make_span(attributes={"a": value}, events=[make_event(a=value)])

    body = SpanEncoder().batch([span]).to_request()

    assert len(read_request(body, Signal.TRACES)) == 1
    assert ExportTraceServiceRequest.FromString(body)


ODD_EVENT = SimpleNamespace(name=None, timestamp=-1, attributes=None, dropped_attributes=-1)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": None},
        {"name": 7},
        {"context": None},
        {"context": make_context(2**200, -1)},
        {"kind": None},
        {"kind": 99},
        {"kind": "server"},
        {"start_time": -1, "end_time": 2**70},
        {"start_time": 1.5, "end_time": "soon"},
        {"status": SimpleNamespace(status_code=None, description=5)},
        {"attributes": {1: 2, None: [3j]}},
        {"events": [ODD_EVENT]},
        {"links": [make_link(None)]},
        {"resource": None, "instrumentation_scope": None},
    ],
)  # fmt: skip
def test_odd_data_never_raises_and_can_be_read_back(changes):
    batch = SpanEncoder().batch([make_span(**changes), make_span()])

    assert len(read_request(batch.to_request(), Signal.TRACES)) == 2
