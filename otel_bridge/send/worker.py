"""One daemon thread that does one kind of work; it can be woken, stopped and left behind."""

import threading
from collections.abc import Callable
from typing import Protocol

from otel_bridge.send.transport import not_instrumented

Step = Callable[[], float | None]
"""A piece of work. Returns the seconds until it wants to be called again, or None for news."""

OnFault = Callable[[Exception], None]
"""Told when a step raised."""

_REST_AFTER_FAULT_S = 1.0


class Runner(Protocol):
    """Calls a step again and again."""

    def start(self) -> bool:
        """Begin, unless it has; False if that is not possible now."""

    def wake(self) -> None:
        """Have the step called now, even if it waits for a time to come."""

    def wake_if_idle(self) -> None:
        """Have the step called now, unless it works or waits for a time to come."""

    def stop(self, timeout: float) -> bool:
        """End after the present step; False if that takes longer than the timeout in seconds."""

    def finish(self, timeout: float) -> bool:
        """Have the step called a last time, then end; False if that takes longer."""

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child, on the first need."""


MakeRunner = Callable[[str, Step, OnFault], Runner]
"""Makes a runner that has a name."""


class Worker:
    """Calls ``step`` until told to stop. Starts on the first need; a forked child starts its own.

    Args:
        name: Name of the thread.
        step: The work.
        on_fault: Called when a step raised; the thread goes on.
    """

    def __init__(self, name: str, step: Step, on_fault: OnFault) -> None:
        self._name = name
        self._step = step
        self._on_fault = on_fault
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._work = threading.Event()
        self._is_idle = False
        self._stopping = False
        self._is_last = False

    def start(self) -> bool:
        """Start the thread unless it runs; False if the interpreter allows no new thread."""
        return self._thread is not None or self._start()

    def wake(self) -> None:
        """Have the thread look for work now, even if it waits for a time to come."""
        self._work.set()

    def wake_if_idle(self) -> None:
        """Have the thread look for work, unless it works or waits for a time to come."""
        if self._is_idle:
            self._work.set()

    def stop(self, timeout: float) -> bool:
        """End the thread after its present step; False if that takes longer than the timeout."""
        self._stopping = True
        self._work.set()
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(max(0.0, timeout))
        return not thread.is_alive()

    def finish(self, timeout: float) -> bool:
        """Have the step called a last time, then end; False if that takes longer than the timeout.

        Without a thread, which an interpreter that ends may not allow, this one makes the step.
        """
        self._is_last = True
        thread = self._thread
        if thread is None:
            self._guarded_step()
            return True
        self._work.set()
        thread.join(max(0.0, timeout))
        return not thread.is_alive()

    def after_fork_in_child(self) -> None:
        """Forget the thread: it lives in the parent only."""
        self._thread = None
        self._starting = threading.Lock()
        self._work = threading.Event()
        self._is_idle = False

    def _start(self) -> bool:
        with self._starting:
            if self._thread is None and not self._stopping:
                thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                try:
                    thread.start()
                except RuntimeError:  # "can't start new thread", at exit or at the process limit
                    return False
                self._thread = thread
        return True

    def _run(self) -> None:
        with not_instrumented():
            while not self._stopping:
                is_last = self._is_last
                # Idle before looking: who offers after the look sees the flag and wakes us.
                self._is_idle = True
                wait = self._guarded_step()
                if is_last:
                    return
                self._is_idle = wait is None
                self._work.wait(wait)
                self._work.clear()

    def _guarded_step(self) -> float | None:
        try:
            return self._step()
        except Exception as error:  # noqa: BLE001  # the guard of this thread: it must outlive a bug
            self._on_fault(error)
            return _REST_AFTER_FAULT_S
