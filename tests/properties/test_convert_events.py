"""Any telemetry whatever becomes events that trackers take, at most one for each failure."""

import json

from hypothesis import given, settings, strategies as st

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.event import to_plain
from otel_bridge.convert.limits import MAX_EVENT_BYTES
from otel_bridge.convert.options import ConvertOptions
from tests.contracts.relay import errors_of, schema_errors_of
from tests.unit.convert.telemetry import (
    NOW,
    SECOND,
    STACK,
    batch_of,
    exception,
    make_log,
    make_span,
)

NAMES = st.sampled_from(
    [
        "http.route", "http.method", "http.request.method", "url.full", "url.query", "http.target",
        "http.status_code", "http.response.status_code", "user.id", "enduser.id", "db.system",
        "user_agent.original", "http.request.header.x", "server.address", "server.port", "area",
        "otel_bridge.tag.a", "otel_bridge.extra.b", "exception.escaped",
    ]
) | st.text(max_size=300)  # fmt: skip
VALUES = st.recursive(
    st.text(max_size=400) | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)
FACTS = st.dictionaries(NAMES, VALUES, max_size=8)
RESOURCES = st.dictionaries(
    st.sampled_from(
        [
            "telemetry.sdk.language", "service.name", "service.version", "host.name", "os.type",
            "deployment.environment.name", "process.runtime.name", "process.command",
        ]
    ),
    st.sampled_from(["python", "nodejs", "java", "go", "latest", "a/b\n", " ", "1.4", "x" * 500]),
    max_size=6,
)  # fmt: skip
TEXTS = st.sampled_from([STACK, "", "no stack", "Error: x\n    at f (/a.js:1:2)"]) | st.text()
EXCEPTIONS = st.builds(
    lambda kind, message, text, at, more: (
        "exception",
        at,
        {**more, **exception(kind, message, text)[2]},
    ),
    st.text(max_size=300),
    st.text(max_size=300) | st.just("m" * 10_000),
    TEXTS,
    st.integers(0, 2 * NOW),
    FACTS,
)
SPANS = st.builds(
    lambda number, events, parent, remote, kind, status, facts: make_span(
        number, *events, parent=parent, remote=remote, kind=kind, status=status, more=facts
    ),
    st.integers(1, 6),
    st.lists(EXCEPTIONS, max_size=2),
    st.none() | st.integers(1, 6),
    st.booleans(),
    st.integers(0, 5),
    st.integers(0, 2),
    FACTS,
)
LOGS = st.builds(
    lambda number, at, severity, event, text: make_log(
        number, at=at, severity=severity, event_name=event,
        exception__type="E", exception__message=text, exception__stacktrace=STACK,
    ),
    st.integers(1, 6),
    st.integers(0, NOW + SECOND),
    st.integers(0, 24),
    st.sampled_from(["", "otel_bridge.message", "http.server.request.exception"]),
    st.text(max_size=50),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(SPANS | LOGS, min_size=1, max_size=6), RESOURCES, st.booleans())
def test_every_event_passes_relay_and_its_schema(records, resource, failed_spans):
    converter = Converter(ConvertOptions(failed_spans=failed_spans, send_default_pii=True))
    events = []
    for record in records:
        events += converter.add(batch_of(record, resource=resource), 0.0)
    events += converter.flush()

    for event in map(to_plain, events):
        assert errors_of(event) == []
        assert schema_errors_of({key: event[key] for key in event if key != "_meta"}) == []
        assert len(json.dumps(event)) <= 4 * MAX_EVENT_BYTES
    ids = [event.event_id for event in events]
    assert len(ids) == len(set(ids))


@settings(max_examples=40, deadline=None)
@given(st.lists(SPANS | LOGS, min_size=1, max_size=6), st.permutations(range(6)))
def test_a_replay_in_any_order_makes_no_new_event(records, order):
    converter = Converter(ConvertOptions())
    for record in records:
        converter.add(batch_of(record), 0.0)
    converter.flush()

    again = [records[at] for at in order if at < len(records)]
    events = [event for record in again for event in converter.add(batch_of(record), 1.0)]
    assert events + converter.flush() == []
