"""Locks between processes that end with the process, however it ends."""

import sys

if sys.platform == "win32":
    import msvcrt
    import os

    _BEHIND_ANY_DATA = 2**40

    def try_lock(file: int) -> bool:
        """Take the lock of an open file; False if another has it."""
        os.lseek(file, _BEHIND_ANY_DATA, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(file: int) -> bool:
        """Take the lock of an open file; False if another has it.

        The lock belongs to the open file, so a forked child shares it until it closes its copy.
        """
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
