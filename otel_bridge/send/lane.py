"""A lane: one queue, its threads, one carrier. What is down at its end holds up no other lane."""

import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otel_bridge.send.clock import Clock
from otel_bridge.send.courier import Carrier, Courier
from otel_bridge.send.ledger import Ledger, OnLoss
from otel_bridge.send.notices import Notices
from otel_bridge.send.options import SendOptions
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.queue import BoundedQueue
from otel_bridge.send.spool.keeper import Keeper
from otel_bridge.send.spool.queue import SpooledQueue
from otel_bridge.send.spool.store import Spool
from otel_bridge.send.worker import MakeRunner, Worker
from otel_bridge.stats import Stats

SAVE_S = 0.5
"""So long a shutdown may go beyond its time for what is not on disk yet; mostly it is some ms."""
_LAST_STEP_S = 0.05
"""What of a shutdown's time is kept for ending the threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLimits:
    """How much may wait, how long, and where."""

    max_items: int
    max_bytes: int
    max_age_s: float
    spool_folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is outside: the time, the threads, the book of fates."""

    stats: Stats
    clock: Clock
    make_runner: MakeRunner = Worker
    on_loss: OnLoss | None = None


class Lane:
    """One queue with its threads. Parcels are offered by any thread and delivered by its own.

    Args:
        name: For the threads and for warnings; no secrets.
        carrier: Brings parcels to the server.
        limits: How much may wait.
        options: Retries and spool.
        world: What is outside.
    """

    def __init__(
        self,
        name: str,
        carrier: Carrier,
        limits: LaneLimits,
        options: SendOptions,
        world: World,
    ) -> None:
        self._limits = limits
        self._options = options
        self._stats = stats = world.stats
        self._clock = clock = world.clock
        self._pid = os.getpid()
        self.notices = Notices(name, clock)
        self.ledger: Ledger[Any] = Ledger(self._make_queue(), stats, clock, world.on_loss)
        self.courier = Courier(
            carrier,
            self.ledger,
            options.retry,
            limits.max_age_s,
            clock,
            random.random,
            self.notices,
        )
        self._sender = world.make_runner(f"otel_bridge {name}", self.courier.step, self._on_fault)
        self.keeper = self._make_keeper(limits.spool_folder)
        self._closing = False
        self._saver = world.make_runner(f"otel_bridge spool {name}", self._save, self._on_fault)

    def start(self) -> None:
        """Start the threads, unless they run."""
        self._sender.start()
        if self.keeper is not None:
            self._saver.start()

    def offer(self, parcel: Parcel) -> bool:
        """Take a parcel in; False if there is no room."""
        taken = self.ledger.accept(parcel)
        if not taken:
            why = "shut down" if self.ledger.is_closed else "queue is full"
            self.notices.warn("full", f"{why}, {parcel.items} items dropped")
            return False
        self.start()
        if self.keeper is not None:
            self._saver.wake()
        else:
            self._sender.wake_if_idle()
        return True

    def look_again(self) -> None:
        """Have an idle carrier see what else there is to do than parcels."""
        self.start()
        self._sender.wake_if_idle()

    def is_forked(self) -> bool:
        """Whether this process is a child that no hook has told about its birth."""
        return os.getpid() != self._pid

    def hurry(self) -> None:
        """Try everything now, unless the server has asked to wait."""
        if self.ledger.pending:
            self.courier.circuit.nudge()
            self.start()
            self._sender.wake()

    def flush(self, timeout: float) -> bool:
        """Try everything now; True if all of it was delivered within the time limit."""
        self.hurry()
        return self.ledger.wait_until_empty(timeout)

    def shutdown(self, timeout: float) -> bool:
        """Take nothing more in, deliver what can be, and give the rest its fate.

        Args:
            timeout: Seconds to spend at the most, but for ``SAVE_S`` more where something is not
                on disk yet. Below zero the time was over so long ago: lanes share ``SAVE_S``.
        """
        deadline = self._clock.monotonic() + timeout
        self.ledger.close()
        complete = self.flush(max(0.0, timeout - _LAST_STEP_S))
        # What the sender has in hand cannot be saved before it puts it back.
        self._sender.stop(max(_LAST_STEP_S, deadline - self._clock.monotonic()))
        # By its own thread: a disk that hangs must not hold up the host.
        self._closing = True
        left = deadline + SAVE_S - self._clock.monotonic()
        is_saved = self._saver.finish(max(_LAST_STEP_S, left))
        kept, lost = self.ledger.write_off("shutdown")
        if self.keeper is not None and is_saved:
            self.keeper.close()
        if lost:
            self.notices.warn("shutdown", f"{lost} parcels not delivered at shutdown")
        return complete and not kept and not lost

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child: what the parent holds, the parent delivers."""
        self._pid = os.getpid()
        self.notices.after_fork_in_child()
        self.ledger.after_fork_in_child(self._make_queue())
        self._sender.after_fork_in_child()
        self._saver.after_fork_in_child()
        if self.keeper is not None:
            self.keeper.after_fork_in_child()

    def _make_queue(self) -> BoundedQueue | SpooledQueue:
        limits = self._limits
        if limits.spool_folder is None:
            return BoundedQueue(limits.max_items, limits.max_bytes)
        return SpooledQueue(limits.max_items, limits.max_bytes, self._clock)

    def _make_keeper(self, folder: Path | None) -> Keeper | None:
        if folder is None:
            return None
        options = self._options
        spool = Spool(folder, options.spool_max_bytes, options.spool_segment_bytes, self._clock)
        return Keeper(spool, self.ledger, options, self._stats, self._clock, self.notices)

    def _save(self) -> float | None:
        if self.keeper is None:
            return None
        if self._closing:
            self.keeper.save_all()
            return None
        wait = self.keeper.step()
        if self.keeper.has_more:
            self._sender.wake_if_idle()
        return wait

    def _on_fault(self, error: Exception) -> None:
        self._stats.fault("send")
        self.notices.warn("fault", f"internal error {type(error).__name__}, going on")
