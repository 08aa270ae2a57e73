"""The ends of a process: at each of them what was captured is sent, within the time that is given.

| end | how it is seen |
|---|---|
| normal, uncaught exception, ``sys.exit`` | ``atexit`` |
| SIGTERM, where nobody else handles it | a handler that then ends the process as it would have |
| ``multiprocessing`` child, which skips ``atexit`` | a finalizer of ``multiprocessing.util`` |
| SIGTERM in a worker of uvicorn, which dies of it once it is done | the server's own last step |
| Celery prefork child, which ends by ``os._exit`` | Celery's signal ``worker_process_shutdown`` |
| SIGKILL, ``os._exit``, a crash | not at all: the spool has what was accepted |
"""

import _thread
import atexit
import inspect
import os
import signal
import sys
import threading
import weakref
from contextlib import suppress
from types import FrameType, ModuleType
from typing import Any, Protocol

_FINALIZER_PRIORITY = 10
"""Above 0, so that it runs at the child's end before queues of the application are joined."""
_SIGTERM_PATIENCE_S = 30.0
"""A bridge keeps its own limit; this is for one that cannot: the signal came in mid-lock."""


class Shutdown(Protocol):
    """What ends with the process."""

    def shutdown(self) -> object:
        """Send what is there and stop."""

    def let_go(self) -> None:
        """End what is still at work after a shutdown: the interpreter ends."""

    def before_fork(self) -> None:
        """Come to rest, for a moment."""

    def after_fork_in_parent(self) -> None:
        """Go on."""

    def after_fork_in_child(self) -> None:
        """Become the bridge of the new process."""

    @property
    def patience_s(self) -> float:
        """How long a shutdown may take."""

    @property
    def is_ending_here(self) -> bool:
        """Whether this thread is in the middle of a shutdown, and was interrupted."""


_watched: weakref.WeakSet[Shutdown] = weakref.WeakSet()
_hooked: set[str] = set()


def watch(bridge: Shutdown, *, sigterm: bool) -> None:
    """See to it that a bridge is shut down when its process ends, in forked children too.

    Args:
        bridge: Held weakly.
        sigterm: Whether to take part in the handling of SIGTERM. Only possible on the main thread.
    """
    _watched.add(bridge)
    if _is_first("process"):
        atexit.register(_end_with_interpreter)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=_before_fork, after_in_parent=_in_parent, after_in_child=_in_child
            )
    for util in _forkers():  # this may be such a child already
        util.Finalize(None, _end_all, exitpriority=_FINALIZER_PRIORITY)
    if sigterm and threading.current_thread() is threading.main_thread() and _is_first("sigterm"):
        _join_sigterm()


def _is_first(hook: str) -> bool:
    first = hook not in _hooked
    _hooked.add(hook)
    return first


def _end_all(**_: object) -> None:
    for bridge in list(_watched):
        bridge.shutdown()


def _end_with_interpreter() -> None:
    _end_all()
    for bridge in list(_watched):
        bridge.let_go()


def _before_fork() -> None:
    _tell_forkers()
    for bridge in list(_watched):
        bridge.before_fork()


def _in_parent() -> None:
    for bridge in list(_watched):
        bridge.after_fork_in_parent()


def _in_child() -> None:
    for bridge in list(_watched):
        bridge.after_fork_in_child()


def _tell_forkers() -> None:
    """Have the child of a fork that is about to happen shut the bridges down at its own end.

    Only what the application has imported is spoken to; the child starts with none of the parent's
    finalizers, so each makes its own once it runs.
    """
    for util in _forkers():
        if _is_first(util.__name__):
            util.register_after_fork(util, _finalize_in_child)
    signals: Any = sys.modules.get("celery.signals")
    if signals is not None and _is_first("celery"):
        signals.worker_process_shutdown.connect(_end_all, weak=False)


def _finalize_in_child(util: Any) -> None:  # noqa: ANN401  # a module
    util.Finalize(None, _end_all, exitpriority=_FINALIZER_PRIORITY)


def _forkers() -> list[ModuleType]:
    names = ("multiprocessing.util", "billiard.util")
    return [sys.modules[name] for name in names if name in sys.modules]


def _join_sigterm() -> None:
    previous = signal.getsignal(signal.SIGTERM)
    if previous is not signal.SIG_DFL:
        # Ignored, or somebody ends this process in an order of their own: requests in flight first
        # (gunicorn, uvicorn, an application's handler), then the exit that ``atexit`` sees.
        _join_uvicorn(getattr(previous, "__self__", None))
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        if any(bridge.is_ending_here for bridge in list(_watched)):
            # Waiting here would keep the shutdown that was interrupted from going on.
            with suppress(RuntimeError):  # the interpreter ends, and the process with it
                _thread.start_new_thread(_end_and_kill, (number,))
            return
        _end_elsewhere()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, handle)


def _end_and_kill(number: int) -> None:
    """Wait for the shutdown that is under way, then have the signal handled again."""
    _end_all()
    os.kill(os.getpid(), number)


def _join_uvicorn(server: Any) -> None:  # noqa: ANN401  # whoever handles the signal
    """End with a server of uvicorn that has begun to serve before the application was imported.

    That is so in its workers and with ``--reload``. When such a server is done it puts the default
    handler back and raises the signal again, which no ``atexit`` survives.
    """
    serves = getattr(server, "shutdown", None)
    if type(server).__module__ != "uvicorn.server" or not inspect.iscoroutinefunction(serves):
        return

    async def shutdown(*arguments: object, **named: object) -> None:
        try:
            await serves(*arguments, **named)
        finally:
            _end_all()

    server.shutdown = shutdown


def _end_elsewhere() -> None:
    """Shut down on another thread, and wait.

    The signal may have interrupted this thread while it held any lock, ours included: what needs
    that lock would wait for ever here, on another thread it waits no longer than we do.
    """
    ended = _thread.allocate_lock()
    ended.acquire()

    def end() -> None:
        try:
            _end_all()
        finally:
            ended.release()

    # Not ``threading.Thread``, whose start waits on an event of its own.
    _thread.start_new_thread(end, ())
    patience = max((bridge.patience_s for bridge in list(_watched)), default=0.0)
    ended.acquire(timeout=min(patience, _SIGTERM_PATIENCE_S) + 0.5)
