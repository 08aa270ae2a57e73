"""What became of every item: one fate each, counted by kind, fate and reason."""

import threading
from collections import Counter
from enum import StrEnum


class Kind(StrEnum):
    """What is counted."""

    SPAN = "span"
    LOG = "log"
    ERROR = "error"


class Fate(StrEnum):
    """How an item left the bridge. Every item that is received gets exactly one."""

    DELIVERED = "delivered"
    SAMPLED_OUT = "sampled_out"
    SCRUB_DROPPED = "scrub_dropped"
    DUPLICATE = "duplicate"
    RATE_LIMITED = "rate_limited"
    QUEUE_FULL = "queue_full"
    EXPIRED = "expired"
    REFUSED = "refused"
    SPOOLED = "spooled"
    FILTERED = "filtered"
    """Left out because the configuration says so: ``before_send``, no destination."""


class Stats:
    """Thread-safe counters. ``received`` equals the sum of all fates once nothing is in flight."""

    def __init__(self) -> None:
        # Re-entrant: a signal handler may count while the thread it interrupts is counting.
        self._lock = threading.RLock()
        self._received: Counter[Kind] = Counter()
        self._fates: Counter[tuple[Kind, Fate, str]] = Counter()
        self._rules: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()

    def received(self, kind: Kind, items: int = 1) -> None:
        """Count items that came in."""
        with self._lock:
            self._received[kind] += items

    def fate(self, kind: Kind, fate: Fate, items: int = 1, *, reason: str = "") -> None:
        """Count items that left, and why."""
        with self._lock:
            self._fates[kind, fate, reason] += items

    def absorb(self, other: "Stats") -> None:
        """Take over all counts of another book, which begins anew."""
        received, fates, rules, faults = other.emptied()
        with self._lock:
            self._received.update(received)
            self._fates.update(fates)
            self._rules.update(rules)
            self._faults.update(faults)

    def emptied(
        self,
    ) -> tuple[Counter[Kind], Counter[tuple[Kind, Fate, str]], Counter[str], Counter[str]]:
        """Return all counts, and begin anew."""
        with self._lock:
            counts = self._received, self._fates, self._rules, self._faults
            self._received, self._fates = Counter(), Counter()
            self._rules, self._faults = Counter(), Counter()
            return counts

    def open(self, kind: Kind) -> int:
        """Return how many items came in and have no fate yet."""
        with self._lock:
            fates = sum(count for (of, _, _), count in self._fates.items() if of is kind)
            return self._received[kind] - fates

    def fates_of(self, kind: Kind) -> dict[tuple[Fate, str], int]:
        """Return what became of the items of one kind, by fate and reason."""
        with self._lock:
            return {
                (fate, reason): count
                for (of, fate, reason), count in self._fates.items()
                if of is kind
            }

    def redacted(self, rules: Counter[str]) -> None:
        """Add to the number of redactions by scrub rule."""
        if rules:
            with self._lock:
                self._rules.update(rules)

    def fault(self, where: str) -> None:
        """Count an error of our own that was kept away from the host application."""
        with self._lock:
            self._faults[where] += 1

    def snapshot(self) -> dict[str, dict[str, object]]:
        """Return a plain copy: counts per kind and fate, redactions by rule, faults by place.

        A fate with a reason is keyed ``"fate:reason"``.
        """
        with self._lock:
            kinds: dict[str, dict[str, object]] = {}
            for kind in Kind:
                fates = {
                    f"{fate}:{reason}" if reason else str(fate): count
                    for (of, fate, reason), count in sorted(self._fates.items())
                    if of is kind
                }
                kinds[str(kind)] = {"received": self._received[kind], **fates}
            return {**kinds, "redactions": dict(self._rules), "faults": dict(self._faults)}
