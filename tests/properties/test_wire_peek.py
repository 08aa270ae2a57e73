"""What is found in serialized spans without decoding them, against the official messages."""

from hypothesis import given, strategies as st

from otel_bridge.wire.messages import Span
from otel_bridge.wire.peek import AttributeProbe, SpanParts, as_usual, trace_state_of
from otel_bridge.wire.values import attributes
from tests.properties import wire_data as data

KEY = "http.route"
PROBE = AttributeProbe(KEY)
_PAIR = Span()
_PAIR.attributes.add(key=KEY).value.string_value = "/inside"
LOOKS_ALIKE = _PAIR.SerializeToString().decode()


def _with(key, text):
    made = Span()
    made.attributes.add(key=key).value.string_value = text
    return made


def _event(key, text):
    made = Span.Event()
    made.attributes.add(key=key).value.string_value = text
    return made


texts = st.one_of(st.text(max_size=8), st.sampled_from((LOOKS_ALIKE, KEY, "x" * 200)))
keys = st.sampled_from((KEY, "a", "http.route.x", LOOKS_ALIKE))
fields = st.one_of(
    st.builds(lambda: Span(trace_id=b"\x01" * 16)),
    st.builds(lambda: Span(span_id=b"\x02" * 8)),
    st.builds(lambda text: Span(trace_state=text), texts),
    st.builds(lambda: Span(parent_span_id=b"\x4a\x06" * 4)),
    st.builds(lambda text: Span(name=text), texts),
    st.builds(lambda kind: Span(kind=kind), st.sampled_from((0, 2, 127, 128, -1))),
    st.builds(lambda at: Span(start_time_unix_nano=at), st.integers(0, 2**64 - 1)),
    st.builds(lambda at: Span(end_time_unix_nano=at), st.integers(0, 2**64 - 1)),
    st.builds(_with, keys, texts),
    st.builds(lambda text: Span(events=[Span.Event(name=text)]), texts),
    st.builds(lambda key, text: Span(events=[_event(key, text)]), keys, texts),
)
"""Spans of one field each: in any order, and any number of times, they are a span."""


IDS = Span(trace_id=b"\x01" * 16, span_id=b"\x02" * 8).SerializeToString()
TIMES = Span(name="x", kind=2, start_time_unix_nano=1, end_time_unix_nano=2).SerializeToString()
starts = st.sampled_from((b"", IDS, IDS + TIMES))


@data.EXAMPLES
@given(starts, st.lists(fields, max_size=8))
def test_attributes_are_found_as_if_the_span_were_decoded(start, parts):
    raw = start + b"".join(part.SerializeToString() for part in parts)
    span = Span.FromString(raw)

    assert SpanParts(raw).value(PROBE) == attributes(span.attributes).get(KEY)
    assert SpanParts(raw).name == span.name


@data.EXAMPLES
@given(starts, st.lists(fields, max_size=8))
def test_the_tracestate_is_found_as_if_the_span_were_decoded(start, parts):
    raw = start + b"".join(part.SerializeToString() for part in parts)
    span = Span.FromString(raw)

    usual = as_usual(raw, span)

    assert Span.FromString(usual) == span
    assert trace_state_of(usual).decode() == span.trace_state
