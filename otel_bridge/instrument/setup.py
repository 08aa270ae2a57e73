"""One call that sets everything up."""

import logging
import threading
from typing import Unpack

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from otel_bridge.config.options import OptionArguments
from otel_bridge.instrument.bridge import Bridge
from otel_bridge.instrument.processor import BridgeSpanProcessor
from otel_bridge.instrument.sampler import BridgeSampler

logger = logging.getLogger("otel_bridge")

_lock = threading.Lock()
_bridges: list[Bridge] = []


def init(**options: Unpack[OptionArguments]) -> Bridge:
    """Start a bridge and register it with the process's tracer provider.

    Uses the global ``TracerProvider`` if one is set, else sets one. Options not given are read
    from the environment and the configuration file. A second call returns the bridge of the first.

    Returns:
        The running bridge, for ``flush``, ``shutdown`` and ``stats``.

    Raises:
        ConfigError: Every problem with the options, at once.
    """
    with _lock:
        if _bridges and not _bridges[-1].closed:
            logger.warning(
                "otel_bridge.init was called before; the options of this call are ignored"
            )
            return _bridges[-1]
        bridge = Bridge.create(**options)
        _provider(bridge).add_span_processor(BridgeSpanProcessor(bridge))
        _bridges.append(bridge)
        return bridge


def _provider(bridge: Bridge) -> TracerProvider:
    current = trace.get_tracer_provider()
    sampler = bridge.sampler()
    if isinstance(current, TracerProvider):
        if sampler is not None and not isinstance(current.sampler, BridgeSampler):
            logger.warning(
                "the global tracer provider has a sampler of its own (%s); traces_sampler and "
                "sampling.head need TracerProvider(sampler=otel_bridge.BridgeSampler(…))",
                current.sampler.get_description(),
            )
        return current
    if not isinstance(current, trace.ProxyTracerProvider):
        logger.warning(
            "the global tracer provider is a %s, which takes no span processors; "
            "spans of its tracers will not be seen",
            type(current).__name__,
        )
    provider = TracerProvider(sampler=sampler)
    trace.set_tracer_provider(provider)
    return provider
