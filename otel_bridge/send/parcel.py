"""A parcel: bytes that travel as one piece, and what they count for."""

from dataclasses import dataclass
from typing import Protocol

from otel_bridge.stats import Kind

_OVERHEAD_BYTES = 200


class Slot(Protocol):
    """The place of a parcel on disk."""

    def load(self) -> bytes | None:
        """Return the body, or None if it cannot be read any more."""

    def forget(self) -> None:
        """Free the place: the parcel has its fate."""


@dataclass(slots=True, eq=False, kw_only=True)
class Parcel:
    """Something accepted for delivery. Exactly one fate is counted for each of its items."""

    kind: Kind
    items: int
    """How many events, spans or log records it holds."""
    body: bytes | None
    """None while it is only on disk."""
    key: str = ""
    """The event id, for a server that drops duplicates; empty for OTLP."""
    accepted_at: float
    """Seconds since the epoch."""
    strikes: int = 0
    """How often a server stumbled over it while it took others."""
    tried_at: int = -1
    """How many deliveries its destination had made when it was last tried."""

    slot: Slot | None = None

    def load(self) -> bytes | None:
        """Return the body from memory or disk, or None if the disk has lost it."""
        if self.body is None and self.slot is not None:
            return self.slot.load()
        return self.body

    @property
    def cost(self) -> int:
        """Bytes that it takes in memory."""
        return _OVERHEAD_BYTES + (len(self.body) if self.body is not None else 0)
