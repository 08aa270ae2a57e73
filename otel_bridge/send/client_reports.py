"""Sentry client reports: what was not sent, and why, in the words that servers allow. Pure."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal

import msgspec

from otel_bridge.stats import Fate

Reason = Literal[
    "queue_overflow", "cache_overflow", "buffer_overflow", "ratelimit_backoff", "network_error",
    "send_error", "sample_rate", "before_send", "event_processor", "internal_sdk_error",
    "insufficient_data", "backpressure", "ignored", "invalid",
]  # fmt: skip
"""The allow-list of the protocol; servers throw away others."""

MERGE_EVERY_S = 30.0
"""At most this often a report rides along with an event."""
ALONE_AFTER_S = 60.0
"""After so many seconds without an event a report travels alone."""

_REASONS: Mapping[Fate, Reason] = {
    Fate.SAMPLED_OUT: "sample_rate",
    Fate.SCRUB_DROPPED: "internal_sdk_error",
    Fate.FILTERED: "event_processor",
    Fate.RATE_LIMITED: "ratelimit_backoff",
    Fate.QUEUE_FULL: "queue_overflow",
    Fate.EXPIRED: "network_error",
    Fate.REFUSED: "send_error",
}
_EXCEPTIONS: Mapping[tuple[Fate, str], Reason | None] = {
    # The server counted what it answered with a 429 itself.
    (Fate.RATE_LIMITED, "http_429"): None,
    # No errors but the ordinary course of things; sentry-sdk does not capture them either.
    (Fate.FILTERED, "cancelled"): None,
    (Fate.FILTERED, "client_disconnect"): None,
    (Fate.FILTERED, "client_error"): None,
    (Fate.FILTERED, "before_send"): "before_send",
    (Fate.FILTERED, "before_send_failed"): "before_send",
    (Fate.EXPIRED, "spool_size"): "cache_overflow",
    (Fate.EXPIRED, "spool_lost"): "internal_sdk_error",
    (Fate.REFUSED, "internal_error"): "internal_sdk_error",
    (Fate.REFUSED, "not_convertible"): "internal_sdk_error",
    (Fate.REFUSED, "not_json"): "invalid",
}


def reason_for(fate: Fate, reason: str) -> Reason | None:
    """Return the protocol's word for a fate; None for what a server is not told.

    That is what it has, will get from the spool, has counted itself, or got in another shape.
    """
    if (fate, reason) in _EXCEPTIONS:
        return _EXCEPTIONS[fate, reason]
    return _REASONS.get(fate)


class ClientReports:
    """Collects what was discarded until it can be told. Its owner locks it."""

    def __init__(self, monotonic: float) -> None:
        self._discarded: Counter[tuple[str, str]] = Counter()
        self._told_at = monotonic

    def discard(self, reason: Reason, category: str = "error", quantity: int = 1) -> None:
        """Note something that will not be sent."""
        if quantity > 0:
            self._discarded[reason, category] += quantity

    def wait(self, monotonic: float) -> float | None:
        """Return the seconds until a report should travel alone; None for nothing to tell."""
        if not self._discarded:
            return None
        return max(0.0, self._told_at + ALONE_AFTER_S - monotonic)

    def take(self, monotonic: float, now: float, *, force: bool = False) -> bytes:
        """Take out the report to send along, as JSON; empty if there is none or it is too early.

        Args:
            monotonic: Seconds on a clock that never goes back.
            now: Seconds since the epoch.
            force: Whether to tell now.
        """
        early = monotonic < self._told_at + MERGE_EVERY_S
        if not self._discarded or (early and not force):
            return b""
        entries = [
            {"reason": reason, "category": category, "quantity": quantity}
            for (reason, category), quantity in sorted(self._discarded.items())
        ]
        self._discarded.clear()
        self._told_at = monotonic
        return msgspec.json.encode({"timestamp": now, "discarded_events": entries})

    def restore(self, report: bytes) -> None:
        """Put back a report that did not get through."""
        if report:
            for entry in msgspec.json.decode(report)["discarded_events"]:
                self._discarded[entry["reason"], entry["category"]] += entry["quantity"]

    def __len__(self) -> int:
        """Return the number of different things to tell."""
        return len(self._discarded)
