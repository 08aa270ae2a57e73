"""The environment: the only module that reads it, and what each variable sets."""

import os
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

STANDARD_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "dsn": ("SENTRY_DSN",),
    "release": ("SENTRY_RELEASE",),
    "environment": ("SENTRY_ENVIRONMENT",),
    "log_correlation": ("OTEL_PYTHON_LOG_CORRELATION",),
}
"""Variables of other projects that mean the same thing; our own name wins over them."""

KEYWORD_ONLY = frozenset({"before_send", "error_sampler", "traces_sampler"})
"""Options whose value is code, which no text can carry."""

CONFIG_FILE_VARIABLE = "OTEL_BRIDGE_CONFIG"


def environment() -> dict[str, str]:
    """Return a copy of the process environment."""
    return dict(os.environ)


def variables_of(option: str) -> tuple[str, ...]:
    """Return the variables that set an option, the strongest first; none for keyword-only ones."""
    if option in KEYWORD_ONLY:
        return ()
    return (f"OTEL_BRIDGE_{option.upper()}", *STANDARD_VARIABLES.get(option, ()))


def host_name() -> str:
    """Return the name of this machine."""
    return socket.gethostname()


def state_dir(environ: Mapping[str, str]) -> Path:
    """Return the user's state folder for this package (XDG base directory specification)."""
    base = Path(environ.get("XDG_STATE_HOME", ""))
    # "All paths set in these environment variables must be absolute. If an implementation
    # encounters a relative path […] it should consider the path invalid and ignore it."
    if base.is_absolute():
        return base / "otel_bridge"
    try:
        home = Path.home()
    except RuntimeError:  # a container that runs under a user id that has no entry
        home = Path()
    if home.is_absolute():
        return home / ".local" / "state" / "otel_bridge"
    return Path(tempfile.gettempdir()) / f"otel_bridge-{os.getuid() if _HAS_UID else 'state'}"


_HAS_UID = hasattr(os, "getuid")


def project_root() -> str | None:
    """Return the folder that the process was started in; None if it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return None
