"""Whose code a Python frame is, of which module, under which name: as the native SDK says it."""

import sys

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.parsed import CodeRules, Placed, has_drive, slashed

_PACKAGES = ("/site-packages/", "/dist-packages/")
_LIBRARIES = ("/lib/python3", "/lib/pypy3", "/lib64/python3", "/lib64/pypy3", "/lib-python/3")


def split_type(qualified: str) -> tuple[str | None, str]:
    """Split ``package.module.Outer.Inner`` into module and class.

    Classes begin with a capital or stand after ``<locals>``; if neither, the last dot divides.
    """
    parts = qualified.split(".")
    at = len(parts) - 1
    for index, part in enumerate(parts):
        if part[:1].isupper() or parts[index + 1 : index + 2] == ["<locals>"]:
            at = index
            break
    return ".".join(parts[:at]) or None, ".".join(parts[at:])


def finish(frame: Frame, rules: CodeRules) -> None:
    """Fill module, file name and whose code it is."""
    path = frame.abs_path or ""
    if frame.module is None:
        frame.module = module_of(path, rules)
    frame.filename = filename_of(path, frame.module)
    listed = rules.listed(frame.module)
    frame.in_app = _is_in_app(path, rules.root) if listed is None else listed


def module_of(path: str, rules: CodeRules) -> str | None:
    """Guess the module of a file from its path: below site-packages, the library or the root."""
    if not path.endswith(".py"):
        return None
    path = slashed(path)
    for marker in _PACKAGES:
        if marker in path:
            return _dotted(path.rpartition(marker)[2])
    below = _below_library(path)
    if below is not None:
        return _dotted(below)
    roots = (*rules.source_roots, rules.root) if rules.root else rules.source_roots
    for root in sorted(map(slashed, roots), key=len, reverse=True):
        folder = root.rstrip("/") + "/"
        if path.startswith(folder):
            return _dotted(path[len(folder) :])
    return None


def filename_of(path: str, module: str | None) -> str:
    """Return a path relative to the top of its package, as the native SDK writes it."""
    if not module:
        return path
    wanted = module.split(".")
    parts = path.replace("\\", "/").split("/")
    if len(wanted) == 1:
        return parts[-1]
    if parts[-1] == "__init__.py":
        wanted.append("__init__")
    tail = parts[-len(wanted) :]
    same = [*tail[:-1], tail[-1].removesuffix(".py")] == wanted
    return "/".join(tail) if same else path


def _is_in_app(path: str, root: str | None) -> bool:
    path = slashed(path)
    if any(marker in path for marker in _PACKAGES) or path.startswith("<frozen "):
        return False
    # Code without a file was made by the code of this process: dataclasses, templates, exec.
    if root and path.startswith((slashed(root).rstrip("/") + "/", "<")):
        return True
    # A service is often started from elsewhere than its code's folder: what is neither a library's
    # nor the interpreter's own counts as the application's.
    return not path.startswith("<") and _below_library(path) is None


def _below_library(path: str) -> str | None:
    """Return a path relative to the standard library; None outside of it.

    CPython and PyPy name a folder after themselves on Linux and macOS. On Windows it is just
    ``Lib``, which an application may have, too: there the module has to be known.
    """
    for marker in _LIBRARIES:
        at = path.find(marker)
        if at >= 0:
            # After ``python3`` or ``pypy3`` stands the rest of the version.
            return path[at + len(marker) :].partition("/")[2]
    if has_drive(path):
        at = path.lower().find("/lib/")
        below = path[at + len("/lib/") :]
        module = below.partition("/")[0].removesuffix(".py")
        if at >= 0 and module in sys.stdlib_module_names:
            return below
    return None


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


_RECORDERS = (
    "/opentelemetry/trace/__init__.py",
    "/opentelemetry/sdk/trace/__init__.py",
    "/opentelemetry/util/_decorator.py",
)


def is_recorder(frame: Placed) -> bool:
    """Whether this is a frame of OpenTelemetry: its API, its SDK, an instrumentation."""
    if frame.module is not None:
        return frame.module.startswith("opentelemetry.") or frame.module == "opentelemetry"
    path = slashed(frame.abs_path or "")
    return path.endswith(_RECORDERS) or "-packages/opentelemetry/" in path
