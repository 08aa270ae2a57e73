"""A parcel: bytes that travel as one piece, and what they count for."""

from dataclasses import dataclass

from otel_bridge.stats import Kind


@dataclass(slots=True, eq=False, kw_only=True)
class Parcel:
    """Something accepted for delivery. Exactly one fate is counted for each of its items."""

    kind: Kind
    items: int
    """How many events, spans or log records it holds."""
    body: bytes
    key: str = ""
    """The event id, for a server that drops duplicates; empty for OTLP."""
    accepted_at: float
    """Seconds since the epoch."""
    strikes: int = 0
    """How often a server stumbled over it while it took others."""
    tried_at: int = -1
    """How many deliveries its destination had made when it was last tried."""

    @property
    def cost(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.body) + 200
