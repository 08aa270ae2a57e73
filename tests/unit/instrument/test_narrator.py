import logging

import pytest
from opentelemetry.sdk.trace import TracerProvider

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.instrument.narrator import Narrator
from otel_bridge.logs.record import EmittedLog, LogBody
from otel_bridge.pipeline import Pipeline
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.encode_logs import LogEncoder

SECRET = "correct-horse-battery"


@pytest.fixture
def said(caplog):
    with caplog.at_level(logging.DEBUG, logger="otel_bridge"):
        yield lambda: [record.message for record in caplog.records]


def clean(batch):
    return Pipeline(Scrubber(), Converter(ConvertOptions()), Stats()).accept(batch, 0.0).batch


def spans(*names, **attributes):
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("test")
    made = [tracer.start_span(name, attributes=attributes) for name in names]
    for span in made:
        span.end()
    return SpanEncoder().batch(made)


def test_each_span_is_told_with_what_became_of_it(said):
    narrator, batch = Narrator(), spans("GET /orders", "query")
    narrator.took(batch)
    narrator.forwarded(Kind.SPAN, clean(batch), None)
    narrator.took(other := spans("dropped"))
    narrator.forwarded(Kind.SPAN, clean(other), (Fate.SAMPLED_OUT, "head"))

    assert [line.partition("'")[2].partition("'")[0] for line in said()] == [
        "GET /orders",
        "query",
        "dropped",
    ]
    assert said()[0].endswith(": forwarded")
    assert said()[2].endswith(": not forwarded: sampled_out (head)")


def test_a_redaction_is_told_and_what_was_redacted_is_not(said):
    narrator, batch = Narrator(), spans(f"login password={SECRET}", password=SECRET)
    narrator.took(batch)
    narrator.forwarded(Kind.SPAN, clean(batch), None)

    (line,) = said()
    assert line.endswith(": redacted, forwarded")
    assert SECRET not in line


def test_log_records_are_told_with_their_text(said):
    narrator = Narrator()
    batch = LogEncoder().batch([EmittedLog(LogBody("x" * 200, 9, 1), None, None)])
    narrator.took(batch)
    narrator.forwarded(Kind.LOG, clean(batch), (Fate.FILTERED, "not_forwarded"))

    (line,) = said()
    assert line.startswith("log 'xxxx")
    assert "…" in line


@pytest.mark.parametrize(
    ("event", "title"),
    [
        ({"exception": {"values": [{"type": "KeyError", "value": "x"}]}}, "KeyError: x"),
        ({"logentry": {"message": "disk full"}}, "disk full"),
        ({}, ""),
    ],
    ids=["exception", "message", "neither"],
)
def test_error_events_are_told_with_their_ids(said, event, title):
    context = {"contexts": {"trace": {"trace_id": "t"}}}
    Narrator().sent([{"event_id": "e", **context, **event}])

    assert said() == [f"error event e of trace t: {title}"]
