"""One call that sets everything up, and the same without a call."""

import logging
import threading
from typing import TYPE_CHECKING, Unpack

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from otel_bridge.instrument.bridge import Bridge, current_bridge
from otel_bridge.instrument.registration import Registration
from otel_bridge.instrument.surroundings import say_what_is_odd

if TYPE_CHECKING:
    from otel_bridge.config.options import OptionArguments

logger = logging.getLogger("otel_bridge")

_lock = threading.Lock()
_registered: list[Registration] = []


def init(**options: "Unpack[OptionArguments]") -> Bridge:
    """Start a bridge and register it with the process's tracer provider.

    Uses the global ``TracerProvider`` if one is set, else sets one. Options not given are read
    from the environment and the configuration file. A second call returns the bridge of the first;
    after a start without code (``opentelemetry-instrument``) the options of this call count.

    Returns:
        The running bridge, for ``flush``, ``shutdown`` and ``stats``.

    Raises:
        ConfigError: Every problem with the options, at once.
    """
    with _lock:
        known = _registered[-1] if _registered and not _registered[-1].bridge.closed else None
        if known is None:
            return _start(Bridge.create(**options), by_code=True).bridge
        if known.by_code:
            logger.warning(
                "otel_bridge.init was called before; the options of this call are ignored"
            )
        elif options:
            known.hand_over_to(Bridge.create(**options))
            known.bridge.guide(getattr(trace.get_tracer_provider(), "sampler", None))
        known.by_code = True
        return known.bridge


def init_without_code(**options: "Unpack[OptionArguments]") -> Bridge:
    """Do what ``init`` does, on behalf of OpenTelemetry's automatic instrumentation.

    Raises:
        ConfigError: Every problem with the options, at once.
    """
    with _lock:
        if _registered and not _registered[-1].bridge.closed:
            return _registered[-1].bridge
        # An exporter that was named in the environment may have started one.
        bridge = None if options else current_bridge()
        return _start(bridge or Bridge.create(**options), by_code=False).bridge


def _start(bridge: Bridge, *, by_code: bool) -> Registration:
    registration = Registration(bridge, by_code=by_code)
    registration.register_with(_provider(bridge))
    _registered.append(registration)
    say_what_is_odd()
    return registration


def _provider(bridge: Bridge) -> TracerProvider:
    current = trace.get_tracer_provider()
    sampler = bridge.sampler()
    # Logfire's provider is none of the SDK's, and has the SDK's inside.
    if isinstance(current, TracerProvider) or hasattr(current, "add_span_processor"):
        own = getattr(current, "sampler", None)
        is_ours = bridge.guide(own) or isinstance(own, type(sampler))
        if sampler is not None and own is not None and not is_ours:
            logger.warning(
                "the global tracer provider has a sampler of its own (%s); traces_sampler and "
                "sampling.head need TracerProvider(sampler=otel_bridge.BridgeSampler(…))",
                own.get_description(),
            )
        return current  # type: ignore[return-value]  # or one that can do what is needed
    if not isinstance(current, trace.ProxyTracerProvider):
        logger.warning(
            "the global tracer provider is a %s, which takes no span processors; "
            "spans of its tracers will not be seen",
            type(current).__name__,
        )
    provider = TracerProvider(sampler=sampler)
    trace.set_tracer_provider(provider)
    return provider
