"""Ends threads of ours that are still at work when the interpreter ends.

Up to Python 3.13 an interpreter that ends stops every other thread at its next step. For one that
comes out of RE2, which is C++ and cannot be stopped there, that aborts the whole process.
"""

import ctypes
import threading
import time
from collections.abc import Iterable

PATIENCE_S = 0.25
"""One search of RE2 takes some 10 ms, even in a text of megabytes; its end is waited for."""


def end_strays(threads: Iterable[threading.Thread]) -> None:
    """Have threads raise ``SystemExit`` at their next step; wait ``PATIENCE_S`` at most."""
    strays = [thread for thread in threads if thread.is_alive() and thread.ident]
    for thread in strays:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit)
        )
    deadline = time.monotonic() + PATIENCE_S
    for thread in strays:
        thread.join(max(0.0, deadline - time.monotonic()))
