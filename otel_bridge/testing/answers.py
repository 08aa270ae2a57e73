"""What a server is asked, and how it is to treat it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How the server treats one request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """None is what the protocol asks for."""
    delay_s: float = 0.0
    """Seconds before the first byte of the answer."""
    drip_s: float = 0.0
    """Seconds between the bytes of the answer."""
    cut: Literal["no", "before", "after", "middle", "reset"] = "no"
    """When to break the connection: before the request is taken, after it, in mid-answer.

    ``reset`` is ``before`` with a TCP reset."""
    rejected: int = 0
    """Items of an OTLP request that are reported as thrown away."""
    message: str = ""
    """What an OTLP answer says about that."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    """With lower-case names."""
    content: bytes
    """The body without its compression."""
