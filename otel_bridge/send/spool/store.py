"""The folder of one destination's segments, which several processes may share."""

import errno
import hashlib
import os
import secrets
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from otel_bridge.send.clock import Clock
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.spool.records import HEADER_BYTES, Damage, encode_record, read_segment
from otel_bridge.send.spool.segment import Segment

_SUFFIX = ".seg"
_ATTEMPTS = 5
_ROOMY_BYTES = 2**18
"""Below this nothing is compressed: most events are sent, and their room free, a moment later."""
_SHORT_BYTES = 2**16
"""Longer bodies are compressed in any case."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which segment a parcel is."""

    segment: Segment
    offset: int
    size: int

    def load(self) -> bytes | None:
        """Return the body, or None if it cannot be read any more."""
        return self.segment.load(self.offset, self.size)

    def forget(self) -> None:
        """Free the place: the parcel has its fate."""
        self.segment.forget(self.offset)


class Recovered(NamedTuple):
    """What a process that is gone has left behind."""

    parcels: list[Parcel]
    damaged: int
    """Parts of its file that hold no whole record."""


class Spool:
    """Appends parcels, and finds those that other processes left. One thread calls it.

    Args:
        folder: The folder of this destination.
        max_bytes: Size of all segments in it.
        segment_bytes: Size at which a new segment begins.
        clock: The time.
    """

    def __init__(self, folder: Path, max_bytes: int, segment_bytes: int, clock: Clock) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._segment_bytes = min(segment_bytes, max(1, max_bytes // 8))
        self._clock = clock
        self._active: Segment | None = None
        self._sealed: list[Segment] = []
        """Ours, without the active one, the oldest first."""
        self._others_bytes = 0
        self._is_dirty = False
        _leave_files_to_parent(self)

    def append(self, parcels: Iterable[Parcel]) -> None:
        """Write parcels down and give each its place.

        Raises:
            OSError: They cannot be written.
        """
        parcels = list(parcels)
        held = sum(segment.end for segment in self._segments())
        has_room = held < min(_ROOMY_BYTES, self._max_bytes // 8)
        records = [
            encode_record(
                each.kind,
                each.items,
                each.accepted_at,
                each.key,
                each.body or b"",
                compress=not has_room or each.cost > _SHORT_BYTES,
            )
            for each in parcels
        ]
        segment = self._writable()
        offsets = segment.append(records)
        self._is_dirty = True
        for parcel, offset, record in zip(parcels, offsets, records, strict=True):
            parcel.slot = Place(segment, offset, len(record))

    def exceeds(self, parcels: Iterable[Parcel]) -> bool:
        """Return whether something of ours has to go before these parcels are appended.

        Raises:
            OSError: That would not help: other processes have the room.
        """
        more = sum(HEADER_BYTES + len(each.body or b"") for each in parcels)
        if self._others_bytes + more > self._max_bytes:
            raise OSError(errno.EDQUOT, "the size limit is reached by other processes")
        own = sum(segment.end for segment in self._segments())
        return self._others_bytes + own + more > self._max_bytes and own > 0

    def oldest(self) -> Segment:
        """Take the oldest segment of ours out of the spool, for its removal."""
        if self._sealed:
            return self._sealed.pop(0)
        active, self._active = self._active, None
        if active is None:
            raise LookupError("there is no segment")
        return active

    def sync(self) -> None:
        """Have what was appended written to the device.

        Raises:
            OSError: The device failed.
        """
        if self._is_dirty and self._active is not None:
            self._active.sync()
        self._is_dirty = False

    @property
    def is_dirty(self) -> bool:
        """Whether something was appended since the last sync."""
        return self._is_dirty

    def recover(self) -> Recovered:
        """Adopt the oldest segment whose process is gone; nothing if there is none.

        Raises:
            OSError: The folder cannot be read.
        """
        own = {segment.path for segment in self._segments()}
        self._others_bytes = 0
        found = Recovered([], 0)
        for path in self._listed():
            if path in own:
                continue
            segment = None if found.parcels or found.damaged else _adopted(path)
            if segment is None:
                self._others_bytes += _size_of(path)
                continue
            found = _read(segment)
            if found.parcels:
                self._sealed.insert(0, segment)
            else:
                segment.remove()
        return found

    def close(self) -> None:
        """Let go of the files; what waits in them is for the next process."""
        for segment in self._segments():
            segment.close()
        self._active, self._sealed = None, []

    def after_fork_in_child(self) -> None:
        """Begin anew: what the parent wrote, the parent delivers. May be called twice."""
        for segment in self._segments():
            segment.leave_to_parent()
        self._active, self._sealed = None, []
        self._is_dirty = False

    def _writable(self) -> Segment:
        active = self._active
        if active is not None and active.end < self._segment_bytes:
            return active
        if active is not None:
            self.sync()
            active.seal()
            self._sealed.append(active)
            self._active = None
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._active = self._created()
        return self._active

    def _created(self) -> Segment:
        for _ in range(_ATTEMPTS):
            # Names sort by age; the random part tells the forks of one process apart.
            name = f"{int(self._clock.now() * 1000):013d}-{os.getpid()}-{secrets.token_hex(4)}"
            with suppress(BlockingIOError):
                return Segment.create(self._folder / f"{name}{_SUFFIX}")
        raise OSError(errno.EAGAIN, "other processes take every new file")

    def _segments(self) -> list[Segment]:
        self._forget_empty()
        return [*self._sealed, *([self._active] if self._active else [])]

    def _forget_empty(self) -> None:
        self._sealed = [segment for segment in self._sealed if segment.is_open]

    def _listed(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if path.suffix == _SUFFIX)
        except FileNotFoundError:
            return []


def folder_for(spool_dir: Path, address: str) -> Path:
    """Return the folder of one destination: the same for the same address, and telling nothing."""
    return spool_dir / hashlib.sha256(address.encode()).hexdigest()[:16]


def _read(segment: Segment) -> Recovered:
    parcels, damaged = [], 0
    for each in read_segment(segment.read()):
        if isinstance(each, Damage):
            damaged += 1
        elif each.is_waiting:
            parcels.append(
                Parcel(
                    kind=each.kind,
                    items=each.items,
                    body=None,
                    key=each.key,
                    accepted_at=each.accepted_at,
                    slot=Place(segment, each.offset, each.size),
                )
            )
    segment.expect(len(parcels))
    return Recovered(parcels, damaged)


def _adopted(path: Path) -> Segment | None:
    try:
        return Segment.adopt(path)
    except OSError:
        return None  # gone meanwhile, or not readable for us: not ours


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _leave_files_to_parent(spool: Spool) -> None:
    """Make sure that a forked child keeps no lock of its parent alive, whoever forks."""
    reference = weakref.ref(spool)

    def leave() -> None:
        alive = reference()
        if alive is not None:
            alive.after_fork_in_child()

    register: Callable[..., None] | None = getattr(os, "register_at_fork", None)
    if register is not None:
        register(after_in_child=leave)
