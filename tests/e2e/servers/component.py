"""What every component shares: where its cache lies, who may fill it, and how absence is said."""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path


class MissingComponentError(Exception):
    """One sentence that says which component is missing and what to install."""


def cache_root() -> Path:
    """The directory that outlives test runs and work trees."""
    if chosen := os.environ.get("OTEL_BRIDGE_TEST_CACHE"):
        return Path(chosen).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).absolute() / "otel_bridge"


def fingerprint(*parts: bytes | str) -> str:
    """A short name for exactly these inputs: other inputs, other cache entry."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()[:16]


def cached(name: str, fill: Callable[[Path], None]) -> Path:
    """The cache entry `name`, made by `fill(directory)` if it does not exist yet.

    Two test runs at once fill it once. An entry is complete or absent: `fill` marks nothing,
    the marker is written after it returned. `fill` sees the final path, because virtual
    environments cannot be moved.
    """
    entry = cache_root() / name
    complete = entry / ".complete"
    entry.parent.mkdir(parents=True, exist_ok=True)
    with _exclusive(entry.with_name(entry.name + ".lock")):
        if not complete.exists():
            shutil.rmtree(entry, ignore_errors=True)
            entry.mkdir()
            fill(entry)
            complete.touch()
    return entry


@contextlib.contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
