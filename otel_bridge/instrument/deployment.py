"""What an event can say of this process that no telemetry says: its release, runtime, system."""

import platform
from collections.abc import Mapping
from pathlib import Path

_RELEASE_VARIABLES = (
    "HEROKU_BUILD_COMMIT",
    "HEROKU_SLUG_COMMIT",
    "SOURCE_VERSION",
    "CODEBUILD_RESOLVED_SOURCE_VERSION",
    "CIRCLE_SHA1",
    "GAE_DEPLOYMENT_ID",
    "K_REVISION",
)
"""What platforms call the revision they run; the same that sentry-sdk asks, in its order."""
_MAX_FILE = 1_000_000
_DIGITS = frozenset("0123456789abcdef")


def found_release(environ: Mapping[str, str], folder: Path) -> str | None:
    """Return the revision of the code: what git says in the folder, else the platform."""
    return _git_revision(folder) or next(
        (environ[name] for name in _RELEASE_VARIABLES if environ.get(name)), None
    )


def found_contexts() -> dict[str, dict[str, str]]:
    """Return the contexts of this process."""
    contexts = {
        "runtime": {
            "name": platform.python_implementation(),
            "version": platform.python_version(),
        }
    }
    if system := platform.system():
        contexts["os"] = {"name": system, "version": platform.release()}
    return contexts


def _git_revision(folder: Path) -> str | None:
    """Read the revision that is checked out, without running git."""
    for place in (folder, *folder.parents):
        git = place / ".git"
        head = _line(git / "HEAD")
        if head is None:
            continue
        name = head.removeprefix("ref: ")
        if name == head:
            return _revision(head)
        return _revision(_line(git / name)) or _packed(git, name)
    return None


def _packed(git: Path, name: str) -> str | None:
    for line in (_text(git / "packed-refs") or "").splitlines():
        revision, _, ref = line.partition(" ")
        if ref == name:
            return _revision(revision)
    return None


def _revision(text: str | None) -> str | None:
    return text if text and len(text) >= 40 and _DIGITS.issuperset(text) else None  # noqa: PLR2004


def _line(file: Path) -> str | None:
    text = _text(file)
    return None if text is None else text.partition("\n")[0].strip()


def _text(file: Path) -> str | None:
    try:
        if not file.is_file() or file.stat().st_size > _MAX_FILE:
            return None
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
