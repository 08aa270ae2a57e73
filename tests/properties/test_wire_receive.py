"""Any bytes are a batch that can be forwarded, or a ``ReceiveError``; nothing else."""

from random import Random

from hypothesis import given, strategies as st

from otel_bridge.wire.batch import Signal
from otel_bridge.wire.encode import SpanEncoder
from otel_bridge.wire.messages import ExportTraceServiceRequest
from otel_bridge.wire.receive import read_request
from tests.fuzz.bodies import real_bodies, real_spans
from tests.fuzz.mutate import mutated
from tests.fuzz.receiving import READERS, receive
from tests.properties import wire_data as data

BODIES = real_bodies()


@data.EXAMPLES
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    receive(body)


@data.EXAMPLES
@given(st.integers(0, 2**32))
def test_real_bodies_with_changes_are_read_or_refused(seed):
    random = Random(seed)

    for _ in range(25):
        receive(mutated(BODIES, random))


def test_real_bodies_are_read_in_the_way_that_fits():
    taken = dict.fromkeys(READERS, 0)
    for body in BODIES:
        for name, read in READERS.items():
            try:
                taken[name] += bool(read(body))
            except Exception:  # noqa: BLE001 - the ways that do not fit
                continue

    assert taken["any"] == len(BODIES) - 2  # the empty body is refused, an empty object is none
    assert min(taken.values()) >= 2


@data.EXAMPLES
@given(st.data())
def test_what_is_taken_says_the_same_when_it_is_forwarded(case):
    body = SpanEncoder().batch(real_spans()).to_request()
    extra = case.draw(data.unknown_fields)

    forwarded = read_request(body + extra, Signal.TRACES).to_request()

    kind = ExportTraceServiceRequest
    assert kind.FromString(forwarded) == kind.FromString(body + extra)
