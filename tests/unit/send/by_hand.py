"""A destination whose steps a test makes itself, and things to offer it."""

from dataclasses import replace

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from otel_bridge.send.destination import OtlpDestination, SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import SendOptions
from otel_bridge.stats import Stats
from otel_bridge.testing import FakeClock, HandRunners, ScriptedTransport
from otel_bridge.wire.batch import (
    Batch,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanKind,
    SpanRecord,
    StatusCode,
)

DSN = Dsn.parse("http://aaaa@127.0.0.1:1/1")


class ByHand:
    """A destination whose steps a test makes itself, without a thread."""

    def __init__(self, *script, options=None, otlp=False, otherwise=200):
        self.clock = FakeClock()
        self.stats = Stats()
        self.transport = ScriptedTransport(*script, otherwise=otherwise)
        options = options or SendOptions()
        options = replace(options, retry=replace(options.retry, jitter=0))
        target = "http://127.0.0.1:1" if otlp else DSN
        make = OtlpDestination if otlp else SentryDestination
        runners = HandRunners(self.clock)
        self.destination = make(
            target, self.transport, options, self.stats, self.clock, make_runner=runners
        )
        self.offer = self.destination.offer
        self.run = runners.run

    def fates(self, kind="error"):
        counts = self.stats.snapshot()[kind]
        return {fate: count for fate, count in counts.items() if fate != "received"}


def event(number=1):
    return {"event_id": f"{number:032x}", "message": f"error {number}"}


def spans(number, size=0):
    """A batch of so many spans, each with a name of so many bytes."""
    raw = Span(name="x" * size).SerializeToString()
    record = SpanRecord(b"", b"", b"", 0, SpanKind.INTERNAL, StatusCode.UNSET, 0, 0, raw)
    return Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", [record] * number)])])
