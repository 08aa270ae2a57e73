"""One call that sets everything up."""

import logging
import threading
from typing import Unpack

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from otel_bridge.config.options import OptionArguments
from otel_bridge.instrument.bridge import Bridge
from otel_bridge.instrument.processor import BridgeSpanProcessor

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
        _provider().add_span_processor(BridgeSpanProcessor(bridge))
        _bridges.append(bridge)
        return bridge


def _provider() -> TracerProvider:
    current = trace.get_tracer_provider()
    if isinstance(current, TracerProvider):
        return current
    if not isinstance(current, trace.ProxyTracerProvider):
        logger.warning(
            "the global tracer provider is a %s, which takes no span processors; "
            "spans of its tracers will not be seen",
            type(current).__name__,
        )
    provider = TracerProvider()
    trace.set_tracer_provider(provider)
    return provider
