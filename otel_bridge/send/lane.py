"""A lane: one queue, one thread, one carrier. What is down at its end holds up no other lane."""

import os
import random
from collections.abc import Callable

from otel_bridge.send.clock import Clock
from otel_bridge.send.courier import Carrier, Courier
from otel_bridge.send.ledger import Ledger
from otel_bridge.send.notices import Notices
from otel_bridge.send.options import SendOptions
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.queue import BoundedQueue
from otel_bridge.send.worker import Worker
from otel_bridge.stats import Fate, Stats

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
