"""One segment file: open, locked by this process, appended to or emptied."""

import errno
import os
import stat
import sys
import threading
from contextlib import suppress
from pathlib import Path

from otel_bridge.send.spool.locks import try_lock
from otel_bridge.send.spool.records import DONE, SEGMENT_MARK, STATE_OFFSET, decode_body

_FLAGS = os.O_RDWR | sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_BINARY"))


class Segment:
    """A file of records that belongs to this process as long as it is open. Safe between threads.

    Args:
        path: Where it is.
        file: The open file, locked.
        end: Where the next record goes.
    """

    def __init__(self, path: Path, file: int, end: int) -> None:
        self.path = path
        self.end = end
        self._file = file
        self._lock = threading.Lock()
        self._waiting = 0
        self._is_sealed = False

    @classmethod
    def create(cls, path: Path) -> "Segment":
        """Make a new file that only this user can read.

        Raises:
            OSError: It cannot be made or locked.
        """
        file = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            # Between the two, a process that looks for what is left behind may have taken the file
            # for that, and removed it as empty.
            if not try_lock(file) or not os.fstat(file).st_nlink:
                raise BlockingIOError(errno.EAGAIN, "another process took the new file")
            os.write(file, SEGMENT_MARK)
        except OSError:
            os.close(file)
            raise
        return cls(path, file, len(SEGMENT_MARK))

    @classmethod
    def adopt(cls, path: Path) -> "Segment | None":
        """Open a file whose process is gone; None if it is not, or if the file is not ours.

        Raises:
            OSError: It cannot be opened.
        """
        file = os.open(path, _FLAGS)
        found = os.fstat(file)
        ours = stat.S_ISREG(found.st_mode) and found.st_uid == _user()
        # Between our listing and the lock another process may have emptied and removed it.
        if ours and try_lock(file) and os.fstat(file).st_nlink:
            segment = cls(path, file, found.st_size)
            segment.end = os.fstat(file).st_size
            segment._is_sealed = True
            return segment
        os.close(file)
        return None

    @property
    def is_open(self) -> bool:
        """Whether the file is still there and ours."""
        return self._file >= 0

    def read(self) -> bytes:
        """Return the whole content.

        Raises:
            OSError: It cannot be read.
        """
        with open(self._file, "rb", closefd=False) as content:
            content.seek(0)
            return content.read()

    def append(self, records: list[bytes]) -> list[int]:
        """Write records; return where each begins. All are written or none.

        Raises:
            OSError: They cannot be written.
        """
        with self._lock:
            data = memoryview(b"".join(records))
            at = self.end
            try:
                while data:
                    written = _write_at(self._file, data, at)
                    data, at = data[written:], at + written
            except OSError:
                # A torn record is recognized anyway; this gives a full disk its room back.
                _truncate(self._file, self.end)
                raise
            offsets = []
            for record in records:
                offsets.append(self.end)
                self.end += len(record)
            self._waiting += len(records)
            return offsets

    def expect(self, waiting: int) -> None:
        """Say how many records of an adopted file still wait."""
        with self._lock:
            self._waiting = waiting

    def load(self, offset: int, size: int) -> bytes | None:
        """Return the body of a record, or None if it cannot be read any more."""
        with self._lock:
            try:
                os.lseek(self._file, offset, os.SEEK_SET)
                record = os.read(self._file, size)
            except OSError:
                return None
        return decode_body(record)

    def forget(self, offset: int) -> None:
        """Mark a record as done; the file goes with its last one, or begins anew."""
        with self._lock:
            self._waiting -= 1
            if self._file < 0:
                return
            if (
                self._waiting <= 0
                and not self._is_sealed
                and _truncate(self._file, len(SEGMENT_MARK))
            ):
                self.end = len(SEGMENT_MARK)
                return
            # First the mark: should the rest fail, the next process still knows.
            _mark_done(self._file, offset)
            if self._waiting <= 0 and self._is_sealed:
                self._remove()

    def seal(self) -> None:
        """Take no more records; without any that waits, the file goes."""
        with self._lock:
            self._is_sealed = True
            if self._waiting <= 0:
                self._remove()

    def sync(self) -> None:
        """Have the system write everything to the device.

        Raises:
            OSError: The device failed.
        """
        file = self._file
        if file >= 0:
            os.fsync(file)

    def remove(self) -> None:
        """Delete the file with all that waits in it."""
        with self._lock:
            self._waiting = 0
            self._remove()

    def close(self) -> None:
        """Let go of the file; what waits in it is for the next process."""
        with self._lock:
            self._is_sealed = True
            if self._waiting <= 0:
                self._remove()
            self._close()

    def leave_to_parent(self) -> None:
        """Close a forked child's copy of the file, which would keep the lock alive."""
        self._close()
        self._lock = threading.Lock()

    def __del__(self) -> None:
        # In a forked child that dropped what its parent had, this ends its hold on the lock.
        self._close()

    def _remove(self) -> None:
        if self._file < 0:
            return
        if sys.platform == "win32":
            self._close()  # there an open file cannot be removed
        with suppress(OSError):  # the next process finds it without anything that waits
            self.path.unlink()
        self._close()

    def _close(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)


def _user() -> int:
    return os.geteuid() if sys.platform != "win32" else 0


def _write_at(file: int, data: memoryview, offset: int) -> int:
    if sys.platform == "win32":
        os.lseek(file, offset, os.SEEK_SET)
        return os.write(file, data)
    return os.pwrite(file, data, offset)


def _mark_done(file: int, offset: int) -> None:
    # Should this fail, the event is sent again, and the server knows it by its id.
    with suppress(OSError):
        _write_at(file, memoryview(bytes([DONE])), offset + STATE_OFFSET)


def _truncate(file: int, size: int) -> bool:
    try:
        os.truncate(file, size)
    except OSError:
        return False
    return True
