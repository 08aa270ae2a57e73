"""The ends of a process: at each of them what was captured is sent, within the time that is given.

| end | how it is seen |
|---|---|
| normal, uncaught exception, ``sys.exit`` | ``atexit`` |
| SIGTERM | a handler that then does what would have been done without us |
| ``multiprocessing`` child, which skips ``atexit`` | a finalizer of ``multiprocessing.util`` |
| Celery prefork child, which ends by ``os._exit`` | Celery's signal ``worker_process_shutdown`` |
| SIGKILL, ``os._exit``, a crash | not at all: the spool has what was accepted |
"""

import atexit
import os
import signal
import sys
import threading
import weakref
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any, Protocol

_FINALIZER_PRIORITY = 10
"""Above 0, so that it runs at the child's end before queues of the application are joined."""


class Shutdown(Protocol):
    """What ends with the process."""

    def shutdown(self) -> object:
        """Send what is there and stop."""

    def after_fork_in_child(self) -> None:
        """Become the bridge of the new process."""


def watch(bridge: Shutdown, *, sigterm: bool) -> None:
    """See to it that a bridge is shut down when its process ends, in forked children too.

    Args:
        bridge: Held weakly.
        sigterm: Whether to take part in the handling of SIGTERM. Only possible on the main thread.
    """
    reference = weakref.ref(bridge)
    atexit.register(_end, reference)
    for util in _forkers():  # this may be such a child already
        _Finalizer(util, reference)(bridge)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=lambda: _tell_forkers(reference), after_in_child=lambda: _in_child(reference)
        )
    if sigterm and threading.current_thread() is threading.main_thread():
        _join_sigterm(reference)


def _end(reference: weakref.ref[Shutdown]) -> None:
    bridge = reference()
    if bridge is not None:
        bridge.shutdown()


def _in_child(reference: weakref.ref[Shutdown]) -> None:
    bridge = reference()
    if bridge is not None:
        bridge.after_fork_in_child()


def _tell_forkers(reference: weakref.ref[Shutdown]) -> None:
    """Have the child of a fork that is about to happen shut the bridge down at its own end.

    Only what the application has imported is spoken to; the child starts with none of the parent's
    finalizers, so each makes its own once it runs.
    """
    bridge = reference()
    if bridge is None:
        return
    for util in _forkers():
        util.register_after_fork(bridge, _Finalizer(util, reference))
    signals: Any = sys.modules.get("celery.signals")
    if signals is not None:
        signals.worker_process_shutdown.connect(
            _celery_ends(reference), weak=False, dispatch_uid=f"otel_bridge-{id(bridge)}"
        )


def _forkers() -> list[ModuleType]:
    names = ("multiprocessing.util", "billiard.util")
    return [sys.modules[name] for name in names if name in sys.modules]


class _Finalizer:
    """Registers, in a new child, the finalizer that shuts the bridge down."""

    def __init__(self, util: ModuleType, reference: weakref.ref[Shutdown]) -> None:
        self._util = util
        self._reference = reference

    def __call__(self, _bridge: Shutdown) -> None:
        self._util.Finalize(None, _end, args=(self._reference,), exitpriority=_FINALIZER_PRIORITY)


def _celery_ends(reference: weakref.ref[Shutdown]) -> Callable[..., None]:
    def shutdown(**_: object) -> None:
        _end(reference)

    return shutdown


def _join_sigterm(reference: weakref.ref[Shutdown]) -> None:
    previous = signal.getsignal(signal.SIGTERM)
    if previous is None or previous is signal.SIG_IGN:
        return  # set by C code, or the process does not want to end by this signal

    def handle(number: int, frame: FrameType | None) -> None:
        _end(reference)
        if callable(previous):
            previous(number, frame)
            return
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, handle)
