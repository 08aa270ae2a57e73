"""The encoders against the official ones, for arbitrary telemetry."""

import logging

import pytest
from hypothesis import given, strategies as st
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.trace import Link

from otel_bridge.wire.batch import Signal
from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.encode_logs import LogEncoder
from otel_bridge.wire.messages import ExportLogsServiceRequest, ExportTraceServiceRequest
from otel_bridge.wire.receive import read_request
from tests.properties import wire_data as data
from tests.unit.wire.make import make_context, make_log, make_span, without_empty_messages

SPANS = SpanEncoder()
LOGS = LogEncoder()


@pytest.fixture(autouse=True)
def quiet_official_encoder():
    """It logs a traceback for every attribute that it leaves out."""
    logger = logging.getLogger("opentelemetry.exporter.otlp.proto.common._internal")
    logger.disabled = True
    yield
    logger.disabled = False


def flat(request):
    """Every record of a request with all that it is grouped under, in a fixed order.

    Bytes are compared, for a NaN is not equal to itself.
    """
    rows = []
    for _, groups in without_empty_messages(request).ListFields():
        for group in groups:
            for scope in getattr(group, "scope_spans", None) or group.scope_logs:
                for record in getattr(scope, "spans", None) or scope.log_records:
                    parts = (group.resource, scope.scope, record)
                    bodies = [part.SerializeToString(deterministic=True) for part in parts]
                    rows.append((group.schema_url, scope.schema_url, *bodies))
    return sorted(rows)


@data.EXAMPLES
@given(st.lists(data.spans, min_size=1, max_size=4))
def test_spans_are_encoded_as_the_official_encoder_does(spans):
    request = ExportTraceServiceRequest.FromString(SPANS.batch(spans).to_request())

    # One at a time: resources that are equal to each other, as {"a": 1} and {"a": True} are in
    # Python, would become one in the official encoder.
    assert flat(request) == sorted(row for span in spans for row in flat(encode_spans([span])))


@data.EXAMPLES
@given(st.lists(data.logs, min_size=1, max_size=4))
def test_log_records_are_encoded_as_the_official_encoder_does(logs):
    request = ExportLogsServiceRequest.FromString(LOGS.batch(logs).to_request())

    assert flat(request) == sorted(row for log in logs for row in flat(encode_logs([log])))


@data.EXAMPLES
@given(st.lists(data.spans, max_size=4))
def test_what_rides_beside_a_span_is_what_a_receiver_reads_from_it(spans):
    batch = SPANS.batch(spans)

    assert list(read_request(batch.to_request(), Signal.TRACES).records()) == list(batch.records())


@data.EXAMPLES
@given(st.lists(data.logs, max_size=4))
def test_what_rides_beside_a_log_record_is_what_a_receiver_reads_from_it(logs):
    batch = LOGS.batch(logs)

    assert list(read_request(batch.to_request(), Signal.LOGS).records()) == list(batch.records())


@data.EXAMPLES
@given(data.contexts, data.attributes)
def test_the_trace_state_of_a_link_is_the_one_difference_of_links(context, attributes):
    span = make_span(links=[Link(context, attributes)])

    request = ExportTraceServiceRequest.FromString(SPANS.batch([span]).to_request())

    link = request.resource_spans[0].scope_spans[0].spans[0].links[0]
    assert link.trace_state == ",".join(f"{k}={v}" for k, v in context.trace_state.items())
    link.ClearField("trace_state")
    assert flat(request) == flat(encode_spans([span]))


LOG_FIELDS = [
    *("body", "severity_text", "severity_number", "timestamp", "observed_timestamp"),
    *("trace_flags", "trace_id", "span_id", "event_name"),
]
anything = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), data.any_texts, st.binary(),
        st.complex_numbers(), st.dates(), st.just(object()), st.decimals(),
    ),
    lambda inner: st.one_of(
        st.lists(inner), st.sets(st.integers()), st.dictionaries(st.integers(), inner),
        st.dictionaries(data.any_texts, inner),
    ),
    max_leaves=5,
)  # fmt: skip


@data.EXAMPLES
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("name", "kind", "start_time", "end_time"), anything)
        | {
            "attributes": st.dictionaries(st.one_of(data.any_texts, st.integers()), anything),
            "context": st.builds(make_context, st.integers(), st.integers()),
        },
    )
)  # fmt: skip
def test_no_value_in_a_span_makes_the_encoder_raise(fields):
    batch = SPANS.batch([make_span(**fields)])

    assert len(read_request(batch.to_request(), Signal.TRACES)) == 1


@data.EXAMPLES
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(LOG_FIELDS, anything)
        | {"attributes": st.dictionaries(data.any_texts, anything)},
    )
)  # fmt: skip
def test_no_value_in_a_log_record_makes_the_encoder_raise(fields):
    batch = LOGS.batch([make_log(**fields)])

    assert len(read_request(batch.to_request(), Signal.LOGS)) == 1
