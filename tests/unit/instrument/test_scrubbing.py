import pytest
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from otel_bridge.instrument.scrubbing import Scrubbing
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber

SECRET = "correct-horse-battery"
MARK = "[Filtered:password]"


SCRUBBER = Scrubber()


def scrubbing(faults=None, scrubber=SCRUBBER):
    return Scrubbing(lambda: scrubber, (faults if faults is not None else []).append)


def spans_of(make, resource=None):
    exporter = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource(resource or {}), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    make(provider.get_tracer("shop", "1.0"))
    return exporter.get_finished_spans()


def plain_span(tracer):
    tracer.start_span("work", attributes={"order": 7}).end()


def dirty_span(tracer):
    link = Link(
        SpanContext(1, 2, is_remote=True, trace_flags=TraceFlags(1)), {"db.password": SECRET}
    )
    span = tracer.start_span(
        f"login password={SECRET}",
        kind=SpanKind.SERVER,
        attributes={"db.password": SECRET, "n": 1},
        links=[link],
    )
    span.add_event("tried", {"password": SECRET})
    span.set_status(Status(StatusCode.ERROR, f"password={SECRET}"))
    span.end()


def log_of(body, attributes=None):
    record = LogRecord(
        timestamp=5, observed_timestamp=6, severity_number=SeverityNumber.ERROR, body=body,
        attributes=attributes or {},
    )  # fmt: skip
    return ReadableLogRecord(record, Resource({}), InstrumentationScope("shop"))


def test_a_span_without_secrets_is_the_object_it_was():
    (span,) = spans_of(plain_span)

    assert scrubbing().spans([span]) == [span]


def test_a_span_with_secrets_is_a_copy_without_them_anywhere():
    (span,) = spans_of(dirty_span)
    (clean,) = scrubbing().spans([span])

    assert SECRET not in clean.to_json()
    assert clean.attributes == {"db.password": MARK, "n": 1}
    assert clean.events[0].attributes == {"password": MARK}
    assert clean.links[0].attributes == {"db.password": MARK}
    assert MARK in clean.status.description
    assert span.attributes["db.password"] == SECRET


def test_what_is_no_secret_stays_in_the_copy():
    (span,) = spans_of(dirty_span, {"service.name": "shop"})
    (clean,) = scrubbing().spans([span])

    kept = (
        "context",
        "parent",
        "kind",
        "start_time",
        "end_time",
        "resource",
        "instrumentation_scope",
    )
    assert [getattr(clean, name) for name in kept] == [getattr(span, name) for name in kept]
    assert clean.status.status_code is StatusCode.ERROR


def test_a_secret_in_the_resource_is_reason_enough():
    (span,) = spans_of(plain_span, {"db.password": SECRET})
    (clean,) = scrubbing().spans([span])

    assert clean.resource.attributes["db.password"] == MARK
    assert clean.attributes == {"order": 7}


def test_with_scrubbing_off_nothing_is_copied():
    (span,) = spans_of(dirty_span)

    assert scrubbing(scrubber=Scrubber(ScrubOptions(preset="off"))).spans([span]) == [span]


def test_what_cannot_be_scrubbed_is_left_out_and_told():
    (span,) = spans_of(plain_span)
    faults = []

    assert scrubbing(faults).spans([object(), span]) == [span]
    assert faults == ["scrub_other_exporters"]


def test_a_log_record_without_secrets_is_the_object_it_was():
    log = log_of("hello", {"order": 7})

    assert scrubbing().logs([log]) == [log]


@pytest.mark.parametrize(
    "body", [f"password={SECRET}", {"password": SECRET}, [f"password={SECRET}"]]
)
def test_a_log_record_with_secrets_is_a_copy_without_them(body):
    log = log_of(body, {"password": SECRET, "order": 7})
    (clean,) = scrubbing().logs([log])

    assert SECRET not in clean.to_json()
    assert clean.log_record.attributes == {"password": MARK, "order": 7}
    assert (clean.log_record.timestamp, clean.log_record.severity_number) == (
        5,
        SeverityNumber.ERROR,
    )
    assert log.log_record.body == body
