"""Ends the servers of a test run that was itself ended without a chance to clean up.

A child process reads the process groups to watch from a pipe. When the pipe closes, because the
test run is gone for whatever reason, it kills the groups that are still listed, and no others.
"""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
from typing import BinaryIO

_child: subprocess.Popen | None = None


def watch(group: int) -> None:
    """Have the process group killed if this process dies first."""
    _tell(b"+%d\n" % group)


def forget(group: int) -> None:
    """The group ended; its number may soon be somebody else's."""
    _tell(b"-%d\n" % group)


def _tell(line: bytes) -> None:
    global _child  # noqa: PLW0603 - one watchdog for the whole test run
    if _child is None:
        _child = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__], stdin=subprocess.PIPE, start_new_session=True
        )
        atexit.register(_close, _child)
    assert _child.stdin is not None
    _child.stdin.write(line)
    _child.stdin.flush()


def _close(child: subprocess.Popen) -> None:
    assert child.stdin is not None
    child.stdin.close()
    child.wait(5)


def main(lines: BinaryIO) -> None:
    groups: set[int] = set()
    for line in lines:
        change = groups.add if line.startswith(b"+") else groups.discard
        change(int(line[1:]))
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.stdin.buffer)
