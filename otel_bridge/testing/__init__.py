"""Doubles for tests, ours and yours: a clock, a transport, a server that misbehaves, a proxy."""

from otel_bridge.testing.answers import Answer
from otel_bridge.testing.clock import FakeClock
from otel_bridge.testing.proxy import FakeProxy
from otel_bridge.testing.runner import HandRunners
from otel_bridge.testing.server import FakeServer
from otel_bridge.testing.transport import Posted, ScriptedTransport

__all__ = [
    "Answer",
    "FakeClock",
    "FakeProxy",
    "FakeServer",
    "HandRunners",
    "Posted",
    "ScriptedTransport",
]
