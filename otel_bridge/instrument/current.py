"""The bridges that run in this process; the newest is the one that unbound calls mean."""

import weakref
from typing import Protocol

from otel_bridge.instrument.log_sink import BridgeLogs


class Running(Protocol):
    """What unbound calls need of a bridge."""

    logs: BridgeLogs

    @property
    def closed(self) -> bool:
        """Whether it has been shut down."""


_running: "list[weakref.ref[Running]]" = []


def add(bridge: Running) -> None:
    """Note a bridge that has been started."""
    _running[:] = [reference for reference in _running if _is_open(reference)]
    _running.append(weakref.ref(bridge))


def current_bridge() -> Running | None:
    """Return the bridge that was started last and is not shut down; None if there is none."""
    for reference in reversed(_running):
        bridge = reference()
        if bridge is not None and not bridge.closed:
            return bridge
    return None


def _is_open(reference: "weakref.ref[Running]") -> bool:
    bridge = reference()
    return bridge is not None and not bridge.closed
