"""Ends threads of ours that are still at work when the interpreter ends.

Up to Python 3.13 an interpreter that ends stops every other thread at its next step. For one that
comes out of RE2, which is C++ and cannot be stopped there, that aborts the whole process.
"""

import threading
import time
from collections.abc import Iterable

PATIENCE_S = 0.25
"""One search of RE2 takes some 10 ms, even in a text of megabytes; its end is waited for."""


def end_strays(threads: Iterable[threading.Thread]) -> None:
    """Have threads raise ``SystemExit`` at their next step; wait ``PATIENCE_S`` at most."""
    strays = [thread for thread in threads if thread.is_alive() and thread.ident]
    if strays:
        _stop(thread.ident or 0 for thread in strays)
    deadline = time.monotonic() + PATIENCE_S
    for thread in strays:
        thread.join(max(0.0, deadline - time.monotonic()))


def _stop(idents: Iterable[int]) -> None:
    try:
        import ctypes  # noqa: PLC0415  # some builds of Python have none, and only here it is needed

        raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    except (ImportError, AttributeError):
        return  # they are waited for, and no more can be done
    for ident in idents:
        raise_in(ctypes.c_ulong(ident), ctypes.py_object(SystemExit))
