"""A line on the terminal that says how far a long run is; nothing where nobody looks."""

import os
import stat
from typing import BinaryIO, Self, TextIO

STEP_BYTES = 8 * 1024 * 1024
"""How much is read between two updates: a second or so, and nothing at all for small inputs."""
_MB = 1_000_000
_TO_LINE_START, _ERASE = "\r", "\x1b[K"


class Progress:
    """Counts what was read, and rewrites one line of a terminal. To be closed by ``with``.

    Args:
        stream: Where the line goes, if that is a terminal.
        total: Bytes to come, 0 where that is unknown.
    """

    def __init__(self, stream: TextIO | None, total: int) -> None:
        self._stream = stream if stream is not None and stream.isatty() else None
        self._total = total
        self._bytes = self._lines = self._findings = self._shown = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not None and self._shown:
            self._stream.write(_TO_LINE_START + _ERASE)
            self._stream.flush()

    def add(self, size: int, findings: int) -> None:
        """Count a line of so many bytes with so many redactions."""
        self._bytes += size
        self._lines += 1
        self._findings += findings
        if self._stream is not None and self._bytes - self._shown >= STEP_BYTES:
            self._shown = self._bytes
            self._stream.write(f"{_TO_LINE_START}{self._line()}{_ERASE}")
            self._stream.flush()

    def _line(self) -> str:
        share = f" ({self._bytes / self._total:.0%})" if self._total else ""
        return (
            f"{self._bytes / _MB:,.0f} MB{share}, {self._lines:,} lines, "
            f"{self._findings:,} redactions"
        )


def size_of(stream: BinaryIO) -> int:
    """Return the size of the file behind a stream, 0 where there is none, as for a pipe."""
    try:
        state = os.fstat(stream.fileno())
    except OSError:
        return 0
    return state.st_size if stat.S_ISREG(state.st_mode) else 0
