"""A thread for a job that may hang, also while the interpreter ends."""

import sys
import threading
from collections.abc import Callable

_NEEDS_A_THREAD_IN_STOCK = sys.version_info[:2] == (3, 12)
"""Python 3.12 starts no thread once the interpreter ends, others do up to the last ``atexit``."""


class Standby:
    """Has one job done on a thread of its own.

    Args:
        in_stock: Whether to keep a thread ready from ``start`` on.
    """

    def __init__(self, *, in_stock: bool = _NEEDS_A_THREAD_IN_STOCK) -> None:
        self._in_stock = in_stock
        self._called = threading.Event()
        self._job: Callable[[], None] | None = None
        self.thread: threading.Thread | None = None
        """Does the job or waits for it; None if there is none so far."""

    def start(self) -> None:
        """Get ready."""
        if self._in_stock:
            self._start()

    def do(self, job: Callable[[], None]) -> bool:
        """Have a job done, beside the thread that asks; False if that is not possible."""
        self._job = job
        self._called.set()
        return self.thread is not None or self._start()

    def dismiss(self) -> None:
        """End a thread that has nothing to do."""
        self._called.set()

    def _start(self) -> bool:
        thread = threading.Thread(target=self._run, name="otel-bridge-rescue", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the interpreter ends, or a limit of the system is reached
            return False
        self.thread = thread
        return True

    def _run(self) -> None:
        self._called.wait()
        if self._job is not None:
            self._job()
