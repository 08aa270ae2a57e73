"""The bridges that run in this process; the newest is the one that unbound calls mean."""

import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otel_bridge.instrument.bridge import Bridge

_running: "list[weakref.ref[Bridge]]" = []


def add(bridge: "Bridge") -> None:
    """Note a bridge that has been started."""
    _running[:] = [reference for reference in _running if _is_open(reference)]
    _running.append(weakref.ref(bridge))


def current_bridge() -> "Bridge | None":
    """Return the bridge that was started last and is not shut down; None if there is none."""
    for reference in reversed(_running):
        bridge = reference()
        if bridge is not None and not bridge.closed:
            return bridge
    return None


def _is_open(reference: "weakref.ref[Bridge]") -> bool:
    bridge = reference()
    return bridge is not None and not bridge.closed
