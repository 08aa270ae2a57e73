"""Arbitrary spans, log records and requests."""

import os

from hypothesis import settings, strategies as st
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, TraceFlags

from otel_bridge.wire.varint import delimited, varint
from tests.unit.wire.make import bounded, bounded_list, make_context, make_log, make_span

KNOWS_NULL = bool(
    encode_spans([make_span(attributes={"k": None})])
    .resource_spans[0].scope_spans[0].spans[0].attributes
)  # fmt: skip
"""Whether the installed official encoder writes None; older ones drop such attributes."""

EXAMPLES = settings(max_examples=int(os.environ.get("WIRE_EXAMPLES", "8")), deadline=None)
"""Few in a unit run; ``make fuzz`` asks for thousands."""

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
long_texts = st.builds(lambda text, times: text * times, texts, st.sampled_from([1, 1, 1, 50]))
any_texts = st.text(max_size=30)
null = [st.none()] if KNOWS_NULL else []


def nested(integers):
    """Values of every type, to some depth."""
    return st.recursive(
        st.one_of(
            st.booleans(), integers, st.floats(), long_texts, st.binary(max_size=300), *null
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.lists(inner, max_size=4).map(tuple),
            st.dictionaries(texts, inner, max_size=4),
        ),
        max_leaves=8,
    )


values = nested(st.one_of(st.integers(-5, 500), st.integers(-(2**65), 2**65)))
bodies = nested(st.integers(-(2**63), 2**63 - 1))
"""The official encoder loses a whole batch for a body with a larger integer."""

keys = st.one_of(st.sampled_from(["http.route", "a", "b"]), texts)
mappings = st.dictionaries(keys, values, max_size=6)
counts = st.integers(0, 2**32 - 1)
small_counts = st.one_of(st.just(0), counts)
times = st.one_of(st.none(), st.integers(0, 2**64 - 1))
bounded_attributes = st.builds(
    lambda values, n: bounded(values, dropped=n), mappings, small_counts
)
attributes = st.one_of(st.none(), mappings, bounded_attributes)
states = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True),
    st.from_regex(r"[a-zA-Z0-9]{1,10}", fullmatch=True),
    max_size=3,
)
contexts = st.builds(
    lambda trace, span, remote, state: make_context(
        trace, span, remote=remote, state=list(state.items())
    ),
    st.integers(0, 2**128 - 1),
    st.integers(0, 2**64 - 1),
    st.booleans(),
    states,
)
stateless_contexts = st.builds(
    lambda trace, span, remote: make_context(trace, span, remote=remote),
    st.integers(0, 2**128 - 1),
    st.integers(0, 2**64 - 1),
    st.booleans(),
)
events = st.builds(Event, texts, attributes, st.integers(0, 2**64 - 1))
links = st.builds(Link, stateless_contexts, attributes)


def several(items):
    """Events or links as the SDK keeps them, or as a hand-made span has them."""
    lists = st.lists(items, max_size=3)
    return st.one_of(
        lists,
        lists.map(tuple),
        st.builds(lambda kept, n: bounded_list(kept, dropped=n), lists, small_counts),
    )


statuses = st.one_of(
    st.none(),
    st.sampled_from([Status(), Status(StatusCode.OK), Status(StatusCode.ERROR)]),
    st.builds(Status, st.just(StatusCode.ERROR), texts),
)
urls = st.sampled_from(["", "https://opentelemetry.io/schemas/1.44.0"])
group_values = values if KNOWS_NULL else texts  # older SDKs turn some of what they clean to None
named_mappings = st.dictionaries(
    st.sampled_from(["service.name", "a", "b"]), group_values, max_size=3
)
resources = st.builds(Resource, named_mappings, urls)
scopes = st.one_of(
    st.none(),
    st.builds(InstrumentationScope, texts, st.one_of(st.none(), texts), urls, named_mappings),
)
spans = st.fixed_dictionaries(
    {},
    optional={
        "name": long_texts,
        "context": contexts,
        "parent": st.one_of(st.none(), contexts),
        "resource": resources,
        "attributes": attributes,
        "events": several(events),
        "links": several(links),
        "kind": st.sampled_from(SpanKind),
        "status": statuses,
        "start_time": times,
        "end_time": times,
        "instrumentation_scope": scopes,
    },
).map(lambda fields: make_span(**fields))

logs = st.fixed_dictionaries(
    {},
    optional={
        "timestamp": times,
        "observed_timestamp": times,
        "trace_id": st.integers(0, 2**128 - 1),
        "span_id": st.integers(0, 2**64 - 1),
        "trace_flags": st.integers(0, 255).map(TraceFlags),
        "severity_text": st.one_of(st.none(), texts),
        "severity_number": st.one_of(st.none(), st.sampled_from(SeverityNumber)),
        "body": bodies,
        "attributes": attributes,
        "event_name": st.one_of(st.none(), texts),
        "resource": resources,
        "instrumentation_scope": scopes,
        "dropped_attributes": small_counts,
    },
).map(lambda fields: make_log(**fields))

unknown_fields = st.lists(
    st.builds(
        lambda number, text: delimited(varint(number << 3 | 2), text.encode()),
        st.integers(100, 5000),
        texts,
    ),
    max_size=3,
).map(b"".join)
"""Well-formed fields with numbers that no OTLP message has."""
