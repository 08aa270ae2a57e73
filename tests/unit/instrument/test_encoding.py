from opentelemetry.sdk.trace import TracerProvider

from otel_bridge.instrument.encoding import Encoding
from otel_bridge.instrument.guard import Guard
from otel_bridge.logs.record import EmittedLog, LogBody
from otel_bridge.stats import Stats


def encoding():
    stats = Stats()
    return Encoding(stats, Guard(stats, lambda: 0.0)), stats


def test_one_span_that_cannot_be_encoded_costs_only_itself():
    coder, stats = encoding()
    span = TracerProvider(shutdown_on_exit=False).get_tracer("test").start_span("work")
    span.end()

    assert len(coder.spans([object(), span])) == 1
    assert stats.snapshot()["span"] == {"received": 1, "refused:not_encodable": 1}
    assert stats.snapshot()["faults"] == {"encode": 1}


class WithoutAttributes:
    """A scope as an SDK before scopes had attributes."""

    name, version = "shop", "1"


def test_one_span_whose_scope_cannot_be_encoded_costs_only_itself():
    coder, stats = encoding()
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("test")
    spans = [tracer.start_span("work") for _ in range(3)]
    for span in spans:
        span.end()
    spans[1]._instrumentation_scope = WithoutAttributes()

    assert len(coder.spans(spans)) == 2
    assert stats.snapshot()["span"] == {"received": 1, "refused:not_encodable": 1}


def test_one_log_record_that_cannot_be_encoded_costs_only_itself():
    coder, stats = encoding()
    log = EmittedLog(LogBody("said", 9, 1), None, None)

    assert len(coder.logs([log, object()])) == 1
    assert stats.snapshot()["log"] == {"received": 1, "refused:not_encodable": 1}
