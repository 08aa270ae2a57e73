"""Whose code a Python frame is, of which module, under which name: as the native SDK says it."""

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.parsed import CodeRules, Placed


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
    for marker in ("/site-packages/", "/dist-packages/"):
        if marker in path:
            return _dotted(path.rpartition(marker)[2])
    at = path.find("/lib/python3.")
    if at >= 0:
        return _dotted(path[at + 1 :].split("/", 2)[-1])
    roots = (*rules.source_roots, rules.root) if rules.root else rules.source_roots
    for root in sorted(roots, key=len, reverse=True):
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
    if "/site-packages/" in path or "/dist-packages/" in path or path.startswith("<frozen "):
        return False
    # Code without a file was made by the code of this process: dataclasses, templates, exec.
    if root and path.startswith((root.rstrip("/") + "/", "<")):
        return True
    # A service is often started from elsewhere than its code's folder: what is neither a library's
    # nor the interpreter's own counts as the application's.
    return not path.startswith("<") and "/lib/python3" not in path


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
    path = frame.abs_path or ""
    return path.endswith(_RECORDERS) or "-packages/opentelemetry/" in path
