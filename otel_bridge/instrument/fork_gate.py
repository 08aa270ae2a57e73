"""Lets a fork wait until no application thread is in the middle of scrubbing.

Those threads scrub for exporters that are not ours. They must not wait for each other, so it is no
lock: they come and go as they like, except for the moment of a fork.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 1.0
"""How long a fork waits for the others, and they for a fork; then either goes on."""
_LOOK_AGAIN_S = 0.001


class ForkGate:
    """Many may be inside at a time; none while a fork is being made."""

    def __init__(self) -> None:
        self.after_fork_in_child()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Be inside; a fork that is being made is waited for first."""
        token = object()
        # In before looking: who forks closes first and then looks who is in.
        self._inside.add(token)
        try:
            if not self._is_open.is_set():
                self._inside.discard(token)
                self._is_open.wait(PATIENCE_S)
                self._inside.add(token)
            yield
        finally:
            self._inside.discard(token)

    def close_for_fork(self) -> None:
        """Let nobody in, and wait until all are out, for ``PATIENCE_S`` seconds at most."""
        self._is_open.clear()
        deadline = time.monotonic() + PATIENCE_S
        while self._inside and time.monotonic() < deadline:
            time.sleep(_LOOK_AGAIN_S)

    def open_after_fork(self) -> None:
        """Let them in again."""
        self._is_open.set()

    def after_fork_in_child(self) -> None:
        """Forget who was inside: they are in the parent only."""
        self._inside: set[object] = set()
        self._is_open = threading.Event()
        self._is_open.set()
