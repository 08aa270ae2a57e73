"""The two destinations, each with its own queue, thread and carrier.

One that is down does not hold up the other.
"""

import os
import random
from collections.abc import Callable, Mapping

from otel_bridge.send.client_reports import Reason
from otel_bridge.send.clock import Clock, SystemClock
from otel_bridge.send.courier import Carrier, Courier
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.envelope import pack
from otel_bridge.send.ledger import Ledger
from otel_bridge.send.notices import Notices
from otel_bridge.send.options import SendOptions
from otel_bridge.send.otlp import KIND, OtlpEndpoint, OtlpHttpCarrier
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.queue import BoundedQueue
from otel_bridge.send.sentry import SentryCarrier
from otel_bridge.send.transport import HttpTransport, Transport
from otel_bridge.send.worker import Worker
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.clean import CleanBatch, CleanEvent

_LAST_STEP_S = 0.05
"""What of a shutdown's time is kept for ending the thread."""


class Lane:
    """One queue with its thread. Parcels are offered by any thread and delivered by its own.

    Args:
        name: For the thread and for warnings; no secrets.
        carrier: Brings parcels to the server.
        queue: Makes an empty queue.
        max_age_s: Parcels older than this are given up.
        options: Retries.
        stats: Where each item's fate is counted.
        clock: The time.
    """

    def __init__(
        self,
        name: str,
        carrier: Carrier,
        queue: Callable[[], BoundedQueue],
        max_age_s: float,
        options: SendOptions,
        stats: Stats,
        clock: Clock,
    ) -> None:
        self._queue = queue
        self._stats = stats
        self.notices = Notices(name, clock)
        self.ledger = Ledger(queue(), stats, clock)
        self.courier = Courier(
            carrier, self.ledger, options.retry, max_age_s, clock, random.random, self.notices
        )
        self._clock = clock
        self._worker = Worker(f"otel_bridge {name}", self.courier.step, self._on_fault)
        self._pid = os.getpid()

    def start(self) -> None:
        """Start the thread, unless it runs."""
        self._worker.start()

    def offer(self, parcel: Parcel) -> bool:
        """Take a parcel in; False if there is no room."""
        taken = self.ledger.accept(parcel)
        if taken:
            self._worker.start()
            self._worker.wake_if_idle()
        else:
            self.notices.warn("full", f"queue is full, {parcel.items} items dropped")
        return taken

    def is_forked(self) -> bool:
        """Whether this process is a child that no hook has told about its birth."""
        return os.getpid() != self._pid

    def flush(self, timeout: float) -> bool:
        """Try everything now; True if all of it was delivered within the time limit."""
        if self.ledger.pending:
            self.courier.circuit.nudge()
            self._worker.start()
            self._worker.wake()
        return self.ledger.wait_until_empty(timeout)

    def shutdown(self, timeout: float) -> bool:
        """Take nothing more in, deliver what can be, and give the rest its fate."""
        deadline = self._clock.monotonic() + timeout
        self.ledger.close()
        complete = self.flush(max(0.0, timeout - _LAST_STEP_S))
        self._worker.stop(max(0.0, deadline - self._clock.monotonic()))
        left = self.ledger.write_off(Fate.EXPIRED, "shutdown")
        if left:
            self.notices.warn("shutdown", f"{left} parcels not delivered at shutdown")
        return complete and not left

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child: what the parent holds, the parent delivers."""
        self._pid = os.getpid()
        self.notices.after_fork_in_child()
        self.ledger.after_fork_in_child(self._queue())
        self._worker.after_fork_in_child()

    def _on_fault(self, error: Exception) -> None:
        self._stats.fault("send")
        self.notices.warn("fault", f"internal error {type(error).__name__}, going on")


class SentryDestination:
    """Takes error events to one Sentry project.

    Args:
        dsn: The project.
        transport: The way out; one over HTTP if None.
        options: Limits.
        stats: Where each event's fate is counted.
        clock: The time.
    """

    def __init__(
        self,
        dsn: Dsn,
        transport: Transport | None = None,
        options: SendOptions | None = None,
        stats: Stats | None = None,
        clock: Clock | None = None,
    ) -> None:
        options = options or SendOptions()
        self._clock = clock or SystemClock()
        self._stats = stats or Stats()
        self._carrier = SentryCarrier(
            dsn, transport or HttpTransport(options), options, self._clock
        )
        self._lane = Lane(
            f"Sentry {dsn.host} project {dsn.project_id}",
            self._carrier,
            lambda: BoundedQueue(options.max_queue_items, options.max_queue_bytes),
            options.event_max_age_s,
            options,
            self._stats,
            self._clock,
        )

    def start(self) -> None:
        """Start the thread; offering an event does it too."""
        self._lane.start()

    def offer(self, event: CleanEvent) -> None:
        """Take an event over. Never blocks and never raises; its fate is counted."""
        if self._lane.is_forked():
            self.after_fork_in_child()
        try:
            body = pack(event)
        except (TypeError, ValueError, KeyError, RecursionError) as error:
            self._stats.fate(Kind.ERROR, Fate.REFUSED, reason="not_json")
            self._lane.notices.warn("json", f"event is not JSON: {type(error).__name__}")
            self._carrier.discard("invalid")
            return
        parcel = Parcel(
            kind=Kind.ERROR,
            items=1,
            body=body,
            key=event["event_id"],
            accepted_at=self._clock.now(),
        )
        if self._carrier.limited_for() > 0:
            self._lane.ledger.turn_away(parcel, Fate.RATE_LIMITED, "backoff")
            self._carrier.discard("ratelimit_backoff")
        elif not self._lane.offer(parcel):
            self._carrier.discard("queue_overflow")

    def discarded(self, reason: Reason, category: str = "error", quantity: int = 1) -> None:
        """Tell the server, with the next client report, of something that others threw away."""
        self._carrier.discard(reason, category, quantity)

    def flush(self, timeout: float) -> bool:
        """Send everything now.

        Args:
            timeout: The most seconds this may take.

        Returns:
            True if every event since the last flush was delivered.
        """
        return self._lane.flush(timeout)

    def shutdown(self, timeout: float) -> bool:
        """Send everything and stop; a second call does nothing more.

        Args:
            timeout: The most seconds this may take.

        Returns:
            True if every event since the last flush was delivered.
        """
        return self._lane.shutdown(timeout)

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child: what the parent holds, the parent delivers."""
        self._carrier.after_fork_in_child()
        self._lane.after_fork_in_child()


class OtlpDestination:
    """Takes clean batches to one OTLP receiver.

    Args:
        endpoint: The receiver, or its base URL.
        headers: Sent with each request to a base URL.
        transport: The way out; one over HTTP if None.
        options: Limits.
        stats: Where each item's fate is counted.
        clock: The time.
    """

    def __init__(
        self,
        endpoint: OtlpEndpoint | str,
        transport: Transport | None = None,
        options: SendOptions | None = None,
        stats: Stats | None = None,
        clock: Clock | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._options = options = options or SendOptions()
        self._clock = clock or SystemClock()
        where = (
            OtlpEndpoint(endpoint, tuple((headers or {}).items()))
            if isinstance(endpoint, str)
            else endpoint
        )
        self._carrier = OtlpHttpCarrier(
            where, transport or HttpTransport(options), options, self._clock
        )
        self._lane = Lane(
            f"OTLP {where.base_url}",
            self._carrier,
            lambda: BoundedQueue(options.otlp_max_queue_items, options.otlp_max_queue_bytes),
            options.otlp_max_age_s,
            options,
            stats or Stats(),
            self._clock,
        )

    def start(self) -> None:
        """Start the thread; offering a batch does it too."""
        self._lane.start()

    def offer(self, batch: CleanBatch) -> None:
        """Take a batch over. Never blocks and never raises; the fate of its items is counted."""
        if self._lane.is_forked():
            self.after_fork_in_child()
        kind = KIND[batch.signal]
        for part in batch.split(
            max_bytes=self._options.otlp_max_request_bytes,
            max_items=self._options.otlp_max_queue_items,
        ):
            if len(part):
                self._lane.offer(
                    Parcel(
                        kind=kind,
                        items=len(part),
                        body=part.to_request(),
                        accepted_at=self._clock.now(),
                    )
                )

    def flush(self, timeout: float) -> bool:
        """Send everything now; True if every item since the last flush was delivered."""
        return self._lane.flush(timeout)

    def shutdown(self, timeout: float) -> bool:
        """Send everything and stop; True if every item since the last flush was delivered."""
        return self._lane.shutdown(timeout)

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child: what the parent holds, the parent delivers."""
        self._carrier.after_fork_in_child()
        self._lane.after_fork_in_child()
