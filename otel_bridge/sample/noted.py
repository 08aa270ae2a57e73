"""What a bridge notes on the spans it keeps, and how the next one reads it.

The tracestate says the same to everybody, but only if the probability of the head is known.
"""

from collections.abc import Iterable
from typing import Any

from otel_bridge.sample.probability import exact_threshold_of
from otel_bridge.wire.messages import Span

REASON = "sampling.reason"
RATE = "sampling.rate"
PARTIAL = "sampling.partial"
"""True on a late span that was kept although the rest of its trace was not."""
KEYS = frozenset((REASON, RATE, PARTIAL))

_MARK = b"sampling.r"
"""What the keys begin with of which a noted span has at least one."""


def is_noted(raw: bytes) -> bool:
    """Return whether a serialized span may carry notes; False is certain."""
    return _MARK in raw


def noted_threshold(raw: bytes) -> int:
    """Return the threshold that the notes on a serialized span stand for, 0 without any."""
    return threshold_in(Span.FromString(raw).attributes) if is_noted(raw) else 0


def threshold_in(attributes: Iterable[Any]) -> int:
    """Return the threshold that the notes among ``KeyValue`` messages stand for, 0 without any."""
    for pair in attributes:
        if pair.key == RATE and 0 < pair.value.double_value <= 1:
            return exact_threshold_of(pair.value.double_value)
    return 0
