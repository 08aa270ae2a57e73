"""The first pass over raw bytes never says less than the finders, and its short cuts are exact."""

import msgspec
import pytest
from hypothesis import given, strategies as st

from otel_bridge.scrub.job import Job
from otel_bridge.scrub.jsonl import scrub_line
from otel_bridge.scrub.surfaces.otlp import scrub_log, scrub_resource, scrub_span
from otel_bridge.wire.messages import LogRecord, Resource, Span
from tests.properties.scrub_data import (
    EXAMPLES,
    SCRUBBERS,
    any_value,
    log_batch,
    names,
    odd_names,
    pair,
    personal_names,
    scrubbers,
    shapes,
    span_batch,
    texts,
    values_behind_names,
    wrapped,
)

all_names = st.one_of(names, odd_names, personal_names)
all_values = st.one_of(
    texts,
    values_behind_names,
    st.sampled_from(["8.8.8.8", "jane", "a@b.co", "", "::ffff:8.8.4.4"]),
    st.integers(-(2**63), 2**63 - 1),
    st.binary(min_size=1, max_size=8),
)
pairs = st.builds(
    lambda name, value, shapes: pair(name, wrapped(value, shapes)),
    all_names,
    all_values,
    st.one_of(st.just([]), shapes),
)
many_pairs = st.lists(pairs, max_size=3)


@st.composite
def spans(draw):
    span = Span(name=draw(texts), trace_state=draw(st.one_of(st.just(""), texts)))
    span.trace_id = draw(st.binary(min_size=16, max_size=16))
    span.attributes.extend(draw(many_pairs))
    if draw(st.booleans()):
        span.events.add(name=draw(texts)).attributes.extend(draw(many_pairs))
    if draw(st.booleans()):
        span.links.add(trace_state=draw(texts)).attributes.extend(draw(many_pairs))
    span.status.message = draw(st.one_of(st.just(""), texts))
    return span


def decoded(scrubber, message, scrub, **how):
    """Return what comes of decoding and looking at every text, whatever the first pass says."""
    job = Job(scrubber._engine, **how)
    scrub(message, job)
    return message


@EXAMPLES
@given(spans(), scrubbers, st.integers(0, 5))
def test_a_span_comes_out_as_if_all_of_it_had_been_decoded(span, scrubber, kind):
    scrubbed = scrubber.batch(span_batch(span.SerializeToString(), kind=kind)).batch

    (record,) = scrubbed.records()
    assert Span.FromString(record.raw) == decoded(
        scrubber, span, scrub_span, peer_is_client=kind in (2, 5)
    )


@EXAMPLES
@given(texts, all_values, many_pairs, scrubbers)
def test_a_log_record_comes_out_as_if_all_of_it_had_been_decoded(name, body, pairs, scrubber):
    log = LogRecord(event_name=name, body=any_value(body), attributes=pairs)

    (record,) = scrubber.batch(log_batch(log.SerializeToString())).batch.records()

    assert LogRecord.FromString(record.raw) == decoded(scrubber, log, scrub_log)


@EXAMPLES
@given(many_pairs, scrubbers)
def test_a_resource_comes_out_as_if_all_of_it_had_been_decoded(pairs, scrubber):
    resource = Resource(attributes=pairs)

    batch = scrubber.batch(span_batch(b"", resource=resource.SerializeToString())).batch

    assert Resource.FromString(batch.resources[0].resource) == decoded(
        scrubber, resource, scrub_resource
    )


def _value_first(key, value):
    """Encode a ``KeyValue`` with its value before its key, as protobuf allows."""
    value = any_value(value).SerializeToString()
    return _field(0x12, value) + _field(0x0A, key.encode())


def _field(tag, content):
    size = len(content)
    length = bytes((size,)) if size < 0x80 else bytes((size & 0x7F | 0x80, size >> 7))
    return bytes((tag,)) + length + content


odd_orders = st.lists(
    st.tuples(all_names, st.one_of(values_behind_names, st.sampled_from(["8.8.8.8", "jane"]))),
    min_size=1,
    max_size=3,
)


@EXAMPLES
@given(odd_orders, st.sampled_from([0x4A, 0x5A, 0x6A]), scrubbers)
def test_a_value_that_comes_before_its_key_is_scrubbed_too(pairs, where, scrubber):
    raw = b"".join(_field(0x4A, _value_first(*pair)) for pair in pairs)
    if where == 0x5A:
        raw = _field(0x5A, b"".join(_field(0x1A, _value_first(*pair)) for pair in pairs))
    elif where == 0x6A:
        raw = _field(0x6A, b"".join(_field(0x22, _value_first(*pair)) for pair in pairs))
    raw = _field(0x2A, b"GET") + raw

    (record,) = scrubber.batch(span_batch(raw)).batch.records()

    assert Span.FromString(record.raw) == decoded(
        scrubber, Span.FromString(raw), scrub_span, peer_is_client=True
    )


plain_values = st.recursive(
    st.one_of(texts, values_behind_names, st.sampled_from(["8.8.8.8", "jane"]), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(all_names, texts), inner, max_size=3),
    ),
    max_leaves=4,
)


@EXAMPLES
@given(st.dictionaries(all_names, plain_values, max_size=3), scrubbers)
def test_a_line_of_json_comes_out_as_its_value_does(value, scrubber):
    line, _ = scrub_line(msgspec.json.encode(value), scrubber)

    assert msgspec.json.decode(line) == scrubber.value(value)[0]


JANE = "Jane Doe"
PERSONAL_PLACES = [
    lambda span: span.events.add(name="e").attributes.append(pair("user.name", JANE)),
    lambda span: span.links.add().attributes.append(pair("user.name", JANE)),
    lambda span: span.attributes.append(pair("x", {"user.name": JANE})),
    lambda span: span.attributes.append(pair("x", '{"user.name":"' + JANE + '"}')),
    lambda span: span.attributes.append(pair("x", [{"user.name": JANE}])),
    lambda span: span.attributes.append(pair("user.name", [JANE])),
]


@pytest.mark.parametrize(
    "plant", PERSONAL_PLACES, ids=["event", "link", "pairs", "JSON", "list", "list of texts"]
)
def test_personal_values_are_hidden_wherever_they_stand(plant):
    span = Span(name="GET /")
    span.attributes.append(pair("user.name", "someone"))
    plant(span)

    (record,) = SCRUBBERS["default"].batch(span_batch(span.SerializeToString())).batch.records()

    assert JANE.encode() not in record.raw
