"""What a frame is: whose code, of which module, and which frames an event keeps."""

from collections.abc import Sequence

from otel_bridge.convert.event import Frame

MAX_FRAMES = 100
_FIRST = 20
"""Of a longer stack the outermost 20 and the innermost 80 frames stay."""

_OTEL_FILES = (
    "/opentelemetry/trace/__init__.py",
    "/opentelemetry/sdk/trace/__init__.py",
    "/opentelemetry/util/_decorator.py",
)


def cap(frames: list[Frame]) -> list[Frame]:
    """Return at most 100 frames: the way in and the place of the failure."""
    if len(frames) <= MAX_FRAMES:
        return frames
    return frames[:_FIRST] + frames[_FIRST - MAX_FRAMES :]


def without_recorder(frames: list[Frame]) -> list[Frame]:
    """Leave out the frames of OpenTelemetry at the head, which only recorded the exception."""
    start = 0
    for at, frame in enumerate(frames):
        path = frame.abs_path or ""
        if path.endswith(_OTEL_FILES):
            start = at + 1
        elif not path.endswith("/contextlib.py"):
            break
    return frames[start:]


def python_module(path: str, project_root: str | None) -> str | None:
    """Guess the module of a Python file from its path: below site-packages or the project."""
    if not path.endswith(".py"):
        return None
    for marker in ("/site-packages/", "/dist-packages/"):
        if marker in path:
            return _dotted(path.rpartition(marker)[2])
    at = path.find("/lib/python3.")
    if at >= 0:
        return _dotted(path[at + 1 :].split("/", 2)[-1])
    if project_root and path.startswith(project_root.rstrip("/") + "/"):
        return _dotted(path[len(project_root.rstrip("/")) + 1 :])
    return None


def python_filename(path: str, module: str | None) -> str:
    """Return a path relative to the top of its package, as the trackers' own SDKs write it."""
    if not module:
        return path
    wanted = module.split(".")
    parts = path.split("/")
    if len(wanted) == 1:
        return parts[-1]
    if parts[-1] == "__init__.py":
        wanted = [*wanted, "__init__"]
    tail = parts[-len(wanted) :]
    same = [*tail[:-1], tail[-1].removesuffix(".py")] == wanted
    return "/".join(tail) if same else path


def python_in_app(
    frame: Frame, include: Sequence[str], exclude: Sequence[str], project_root: str | None
) -> bool:
    """Whether a Python frame is the application's own code."""
    module, path = frame.module or "", frame.abs_path or ""
    if _is_listed(module, include):
        return True
    if _is_listed(module, exclude):
        return False
    if path.startswith("<") or "/site-packages/" in path or "/dist-packages/" in path:
        return False
    if project_root and path.startswith(project_root.rstrip("/") + "/"):
        return True
    # A service is often started from elsewhere than its code's folder: what is not a library's or
    # the interpreter's own counts as the application's.
    return "/lib/python3" not in path


def _is_listed(module: str, names: Sequence[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
