"""Source lines and module names of this process, for the frames of its error events."""

import linecache
import stat
import sys
import tokenize
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from importlib.metadata import distributions
from itertools import islice
from pathlib import Path
from threading import Lock

_MAX_FILE_BYTES = 2 * 1024 * 1024
_MAX_FILES = 128
_MAX_PACKAGES = 300
_MAX_CACHED_BYTES = 16 * 1024 * 1024


class DiskSource:
    """Read Python source from disk through a bounded cache. Thread-safe, never raises.

    Only regular ``.py`` files are opened: a path in foreign text must not make us wait on a pipe
    or show something that is no code. Generated code is shown where it was registered with
    ``linecache``.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._files: OrderedDict[str, tuple[Sequence[str] | None, int]] = OrderedDict()
        self._bytes = 0
        self._modules: dict[str, str] = {}
        self._modules_seen = -1
        self._installed: dict[str, str] | None = None

    def lines(self, abs_path: str) -> Sequence[str] | None:
        """Return the lines of a file; None when it cannot be read or is too large."""
        if abs_path.startswith("<"):
            return _registered(abs_path)
        with self._lock:
            cached = self._files.get(abs_path)
            if cached is not None:
                self._files.move_to_end(abs_path)
                return cached[0]
        lines, size = _read(abs_path)
        with self._lock:
            if abs_path not in self._files:
                self._files[abs_path] = (lines, size)
                self._bytes += size
            while len(self._files) > _MAX_FILES or self._bytes > _MAX_CACHED_BYTES:
                self._bytes -= self._files.popitem(last=False)[1][1]
        return lines

    def module_name(self, abs_path: str) -> str | None:
        """Return the name under which this process imported a file; None when it did not."""
        with self._lock:
            if len(sys.modules) != self._modules_seen:
                self._modules_seen = len(sys.modules)
                self._modules = _module_names()
            return self._modules.get(abs_path)

    def installed(self) -> Mapping[str, str]:
        """Return the packages of this process and their versions, found when first asked for."""
        with self._lock:
            if self._installed is None:
                self._installed = _installed()
            return self._installed

    def has_module(self, name: str) -> bool:
        """Whether this process imported a module of this name."""
        return name in sys.modules


def _installed() -> dict[str, str]:
    found: dict[str, str] = {}
    for distribution in islice(distributions(), _MAX_PACKAGES):
        try:
            name, version = distribution.metadata["Name"], distribution.version
            found.setdefault(name.lower(), str(version))
        except Exception:  # noqa: BLE001, S112  # a broken package must not cost an event
            continue
    return found


def _registered(name: str) -> Sequence[str] | None:
    entry = linecache.cache.get(name)
    return entry[2] if entry is not None and len(entry) > 1 else None


def _read(path: str) -> tuple[Sequence[str] | None, int]:
    if not path.endswith((".py", ".pyw")):
        return None, 0
    try:
        facts = Path(path).stat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > _MAX_FILE_BYTES:
            return None, 0
        with tokenize.open(path) as file:
            return file.read(_MAX_FILE_BYTES).split("\n"), facts.st_size
    except (OSError, SyntaxError, ValueError):
        return None, 0


def _module_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for name, module in list(sys.modules.items()):
        try:
            # Not getattr: a module may compute its attributes, which runs the host's code.
            path = object.__getattribute__(module, "__dict__").get("__file__")
        except AttributeError:
            continue
        if isinstance(path, str):
            names.setdefault(path, name)
    return names
