"""Where error events go when there is no DSN: a file of JSON lines on this machine."""

import errno
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from otel_bridge.send.clock import SystemClock
from otel_bridge.send.envelope import to_json
from otel_bridge.send.notices import Notices
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.clean import CleanEvent


class LocalSink:
    """Appends events to a private file; a full one is kept once, as ``<name>.1``.

    Several processes may share the file.

    Args:
        path: The file; its folder is made if need be.
        max_bytes: Size at which a new file begins, so that both take at most twice that.
        on_event: Called with each event that was written.
        stats: Where each event's fate is counted.
    """

    def __init__(
        self,
        path: Path,
        max_bytes: int = 16 * 2**20,
        on_event: Callable[[CleanEvent], None] | None = None,
        *,
        stats: Stats | None = None,
    ) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._on_event = on_event
        self._stats = stats or Stats()
        self._notices = Notices(f"local file {path}", SystemClock())
        self._lock = threading.Lock()
        self._lost = False

    def start(self) -> None:
        """Do nothing: there is no thread."""

    def offer(self, event: CleanEvent) -> None:
        """Write an event down. Never raises; its fate is counted."""
        try:
            line = to_json(event) + b"\n"
            with self._lock:
                self._append(line)
        except (OSError, TypeError, ValueError, RecursionError) as error:
            self._lost = True
            self._stats.fate(Kind.ERROR, Fate.REFUSED, reason="local_file")
            self._notices.warn("write", f"event not written: {error}")
            return
        self._stats.fate(Kind.ERROR, Fate.DELIVERED)
        self._tell(event)

    def discarded(
        self, fate: Fate, reason: str, items: int = 1, event: Mapping[str, Any] | None = None
    ) -> None:
        """Do nothing: there is nobody to tell."""

    @property
    def keeps(self) -> bool:
        """Always: an event is in the file at once."""
        return True

    def hurry(self) -> None:
        """Do nothing: nothing ever waits."""

    def flush(self, timeout: float) -> bool:  # noqa: ARG002  # nothing ever waits
        """Return whether every event since the last flush was written."""
        lost, self._lost = self._lost, False
        return not lost

    def shutdown(self, timeout: float) -> bool:
        """Return whether every event since the last flush was written."""
        return self.flush(timeout)

    def after_fork_in_child(self) -> None:
        """Replace the locks, which another thread of the parent may have held."""
        self._lock = threading.Lock()
        self._notices.after_fork_in_child()

    def _tell(self, event: CleanEvent) -> None:
        if self._on_event is not None:
            try:
                self._on_event(event)
            except Exception:  # noqa: BLE001  # not our code, and the event is written already
                self._stats.fault("on_event")

    def _put_aside(self, file: int) -> None:
        # Another process may have done it since we looked; its new file must stay.
        if self.path.stat().st_ino == os.fstat(file).st_ino:
            self.path.replace(self.path.with_name(self.path.name + ".1"))

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        # Opened anew for each event: another process may have put the file aside. Errors are rare.
        file = os.open(self.path, flags, 0o600)
        try:
            size = os.fstat(file).st_size
            if size and size + len(line) > self._max_bytes:
                self._put_aside(file)
                os.close(file)
                file = os.open(self.path, flags, 0o600)
            written = os.write(file, line)
            if written < len(line):
                # Half a line would spoil the file for its readers.
                os.ftruncate(file, os.fstat(file).st_size - written)
                raise OSError(errno.ENOSPC, "the disk took only a part of the line")
        finally:
            os.close(file)
