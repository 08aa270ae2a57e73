"""The way of a parcel: taken from the backlog, carried, and given its fate.

One step does at most one delivery; who calls the steps, and when, is not decided here.
"""

from collections.abc import Callable
from typing import Any, Protocol

from otel_bridge.send.clock import Clock
from otel_bridge.send.ledger import Ledger
from otel_bridge.send.notices import Notices
from otel_bridge.send.options import RetryOptions
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.retry import Circuit, Delivered, RateLimited, Refused, TryLater, Verdict
from otel_bridge.stats import Fate

_WORTH_A_WARNING = 3
"""So many failures in a row are more than a hiccup of the network."""


class Carrier(Protocol):
    """Knows one protocol and one address."""

    def wait(self, parcel: Parcel) -> float:
        """Return the seconds for which the server does not want such a parcel; 0 if it does."""

    def deliver(self, parcel: Parcel, body: bytes) -> Verdict:
        """Bring a parcel's body to the server; whatever happens is in the verdict."""

    def idle(self) -> float | None:
        """Do what can be done while nothing waits; return the seconds until there may be more."""


class Courier:
    """Delivers one destination's parcels, one after the other.

    Args:
        carrier: Brings them there.
        ledger: Who holds what.
        retry: Waits and limits.
        max_age_s: Parcels older than this are given up.
        clock: The time.
        random: Returns a number of [0, 1).
        notices: Where the people who run the host are told.
    """

    def __init__(
        self,
        carrier: Carrier,
        ledger: Ledger[Any],
        retry: RetryOptions,
        max_age_s: float,
        clock: Clock,
        random: Callable[[], float],
        notices: Notices,
    ) -> None:
        self._carrier = carrier
        self._ledger = ledger
        self._retry = retry
        self._max_age_s = max_age_s
        self._clock = clock
        self._notices = notices
        self._deliveries = 0
        self.circuit = Circuit(retry, random)

    def step(self) -> float | None:
        """Deliver one parcel if it is time to.

        Returns:
            Seconds until the next step is worth it; None if only an offer changes that.
        """
        wait = self.circuit.wait(self._clock.monotonic())
        if wait > 0:
            return wait
        parcel = self._ledger.take()
        if parcel is None:
            return self._carrier.idle()
        if self._is_too_old(parcel):
            return 0.0
        limited_for = self._carrier.wait(parcel)
        if limited_for > 0:
            return self._hold_or_drop(parcel, limited_for, "backoff")
        body = parcel.load()
        if body is None:
            self._ledger.settle(parcel, Fate.EXPIRED, "spool_lost")
            self._notices.warn("damage", "the spool has lost a parcel")
            return 0.0
        try:
            verdict = self._carrier.deliver(parcel, body)
        except Exception:
            self._survive(parcel)
            raise
        return self._conclude(parcel, verdict)

    def _survive(self, parcel: Parcel) -> None:
        """Keep custody of a parcel over which we stumbled ourselves, but not for ever."""
        parcel.strikes += 1
        if parcel.strikes < self._retry.max_strikes:
            self._ledger.put_back([parcel], last=True)
        else:
            self._ledger.settle(parcel, Fate.REFUSED, "internal_error")

    def _is_too_old(self, parcel: Parcel) -> bool:
        # A clock that was set back makes an age negative, which is young.
        is_old = self._clock.now() - parcel.accepted_at > self._max_age_s
        if is_old:
            self._ledger.settle(parcel, Fate.EXPIRED, "age")
        return is_old

    def _hold_or_drop(self, parcel: Parcel, limited_for: float, reason: str) -> float:
        if self._retry.rate_limited == "hold":
            self._ledger.put_back([parcel])
            self._notices.warn("limited", "over its quota, errors wait until that ends")
            return limited_for
        self._ledger.settle(parcel, Fate.RATE_LIMITED, reason)
        self._notices.warn("limited", "over its quota, errors are dropped until that ends")
        return 0.0

    def _conclude(self, parcel: Parcel, verdict: Verdict) -> float:
        match verdict:
            case Delivered(rejected, message):
                self._succeed()
                self._ledger.settle(parcel, Fate.REFUSED, "partial_success", items=rejected)
                if rejected or message:
                    self._notices.warn("partial", f"receiver rejected {rejected} items: {message}")
            case Refused(reason):
                self.circuit.succeeded()
                self._ledger.settle(parcel, Fate.REFUSED, reason)
                self._notices.warn(
                    "refused", f"refused with {reason}, {parcel.items} items dropped"
                )
            case RateLimited():
                self.circuit.succeeded()
                return self._hold_or_drop(parcel, self._carrier.wait(parcel), "http_429")
            case TryLater():
                return self._postpone(parcel, verdict)
        return 0.0

    def _succeed(self) -> None:
        self._deliveries += 1
        if not self.circuit.is_closed:
            self._notices.debug("reachable again")
        self.circuit.succeeded()

    def _postpone(self, parcel: Parcel, verdict: TryLater) -> float:
        now = self._clock.monotonic()
        self.circuit.failed(now, verdict.wait_s)
        if verdict.blames_item and self._strikes_out(parcel):
            self._ledger.settle(parcel, Fate.REFUSED, verdict.reason)
            self._notices.warn("refused", f"refused with {verdict.reason} again and again")
        else:
            # To the end of the line, so that one parcel cannot hold up the others.
            self._ledger.put_back([parcel], last=verdict.blames_item)
            self._tell_of_failure(verdict.reason)
        return self.circuit.wait(now)

    def _tell_of_failure(self, reason: str) -> None:
        message = f"not delivered ({reason}), will be tried again"
        if self.circuit.failures < _WORTH_A_WARNING:
            self._notices.debug(message)
        else:
            self._notices.warn("later", message)

    def _strikes_out(self, parcel: Parcel) -> bool:
        """Count failures of a parcel only while others get through: an outage is not its fault."""
        if parcel.tried_at not in (-1, self._deliveries):
            parcel.strikes += 1
        parcel.tried_at = self._deliveries
        return parcel.strikes >= self._retry.max_strikes
