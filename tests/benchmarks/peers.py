"""The environment in which all parties are measured, outside the working tree."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

PINS = Path(__file__).with_name("peers.txt")
ROOT = Path(__file__).resolve().parents[2]


def python_of_peers() -> Path:
    """Return the interpreter of the environment; make it if it is not there."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    pins = PINS.read_bytes() + sys.version.encode()
    folder = cache / "otel-bridge" / f"benchmarks-{hashlib.sha256(pins).hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        uv = Path(sys.executable).with_name("uv")
        print(f"making {folder} …", flush=True)
        for command in (
            ("venv", "--clear", "--python", sys.executable, folder),
            ("pip", "install", "--python", python, "--requirement", PINS),
        ):
            subprocess.run([uv, *command, "--quiet"], check=True)
        (folder / "ready").touch()
    return python


def environ_of_peers(state: Path) -> dict[str, str]:
    """Return the environment of a measured process: this working tree, not the user's settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "XDG_STATE_HOME": str(state),
        "XDG_DATA_HOME": str(state),
        "OTEL_SERVICE_NAME": "bench",
    }
