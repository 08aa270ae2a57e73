"""How many error events may leave: a budget for each kind of failure, and a rate over all.

Nothing here knows whether the trace of an error was sampled; errors do not depend on that.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from otel_bridge.sample.options import BudgetOptions
from otel_bridge.sample.probability import threshold_of

ErrorSampler = Callable[[Mapping[str, Any], Mapping[str, Any]], object]
"""Called with an event and a hint; returns a rate from 0 to 1, or a bool."""

FAULT_RAISED = "error_sampler_raised"
FAULT_RESULT = "error_sampler_result"

SUPPRESSED = "error_budget"
"""The reason of what is not admitted."""


class Admission(NamedTuple):
    """Whether an event may leave."""

    keep: bool
    suppressed: int = 0
    """On a kept event: how many like it were not kept since the last one that was."""
    reason: str = ""


class _Kind:
    """What is known of one kind of failure."""

    __slots__ = ("over", "suppressed", "tokens", "updated")

    def __init__(self, tokens: float, now: float) -> None:
        self.tokens = tokens
        self.updated = now
        self.over = 0
        """Events that found the bucket empty, since it was last full."""
        self.suppressed = 0


class ErrorBudget:
    """Let events through until there are too many of one kind, then ever fewer of them.

    Args:
        options: Bucket, thinning and bound.
    """

    def __init__(self, options: BudgetOptions) -> None:
        self._options = options
        self._kinds: OrderedDict[bytes, _Kind] = OrderedDict()
        self.untold = 0
        """Suppressed events of kinds that were forgotten before another event could tell."""

    def admit(self, fingerprint: str, now: float) -> Admission:
        """Take an event of a kind of failure into account.

        Args:
            fingerprint: What tells kinds of failures apart.
            now: Seconds on a clock that never goes back.
        """
        kind = self._kind(fingerprint, now)
        if not self._passes(kind, now):
            kind.suppressed += 1
            return Admission(keep=False, reason=SUPPRESSED)
        suppressed, kind.suppressed = kind.suppressed, 0
        return Admission(keep=True, suppressed=suppressed)

    def give_back(self, fingerprint: str, suppressed: int, now: float) -> None:
        """Return a count, because the event that was to tell it does not leave after all."""
        self._kind(fingerprint, now).suppressed += suppressed

    def _kind(self, fingerprint: str, now: float) -> _Kind:
        # A digest, so that long fingerprints take no more memory than short ones.
        key = blake2b(fingerprint.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        kind = self._kinds.get(key)
        if kind is not None:
            self._kinds.move_to_end(key)
            return kind
        kind = self._kinds[key] = _Kind(self._options.burst, now)
        if len(self._kinds) > self._options.max_fingerprints:
            _, forgotten = self._kinds.popitem(last=False)
            self.untold += forgotten.suppressed
        return kind

    def _passes(self, kind: _Kind, now: float) -> bool:
        options = self._options
        if now > kind.updated:  # time that was paid for once is not paid for again
            refill = (now - kind.updated) * options.per_minute / 60
            kind.tokens = min(options.burst, kind.tokens + refill)
            kind.updated = now
        if kind.tokens >= options.burst:
            kind.over = 0
        if kind.tokens >= 1:
            kind.tokens -= 1
            return True
        kind.over += 1
        # The first N pass, then 1 in 2 up to 2 N, 1 in 4 up to 4 N, 1 in 8 up to 8 N, …
        doublings = ((kind.over - 1) // options.first).bit_length()
        return kind.over % (1 << doublings) == 0


class ErrorRate:
    """Keep a share of all events; the same event is always judged the same.

    Args:
        rate: The share, 0 to 1.
        error_sampler: The user's own decision for each event; it goes before ``rate``.
        on_fault: Told when ``error_sampler`` raises or returns something else than a rate. The
            event is then kept: better one too many than one lost.
    """

    def __init__(
        self,
        rate: float = 1.0,
        error_sampler: ErrorSampler | None = None,
        on_fault: Callable[[str], None] = lambda _fault: None,
    ) -> None:
        self._rate = rate
        self._error_sampler = error_sampler
        self._on_fault = on_fault

    def keeps(self, event: Mapping[str, Any], hint: Mapping[str, Any]) -> bool:
        """Return whether an event is among those that are kept."""
        sampler = self._error_sampler
        rate = self._rate if sampler is None else self._ask(sampler, event, hint)
        if rate >= 1:
            return True
        event_id = str(event.get("event_id", ""))
        digest = blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=7).digest()
        return int.from_bytes(digest, "big") >= threshold_of(rate)

    def _ask(
        self, sampler: ErrorSampler, event: Mapping[str, Any], hint: Mapping[str, Any]
    ) -> float:
        try:
            answer = sampler(event, hint)
        except Exception:  # noqa: BLE001 - the user's code must not lose an error
            self._on_fault(FAULT_RAISED)
            return 1.0
        if isinstance(answer, bool | int | float) and 0 <= answer <= 1:
            return float(answer)
        self._on_fault(FAULT_RESULT)
        return 1.0
