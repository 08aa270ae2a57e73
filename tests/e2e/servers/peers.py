"""Other SDKs, each in a virtual environment of its own: what they pin must not move ours."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.e2e.servers.component import MissingComponentError, cached, fingerprint

_ROOT = Path(__file__).parents[3]

PEERS = {
    "sentry": ("sentry-sdk==2.75.0", "opentelemetry-distro>=0.60b0"),
    "logfire": ("logfire==5.2.0",),
    "flask": ("flask==3.1.3", "opentelemetry-instrumentation-flask==0.66b1"),
}
"""What is installed beside the dependencies of this package."""


def python_of(peer: str) -> Path:
    """The interpreter of a peer's environment, made on first use (about 15 s)."""
    own = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    wanted = [*PEERS[peer], *own]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = f"peer-{peer}-{fingerprint(*wanted, version, sys.base_prefix)}"
    return cached(name, lambda folder: _install(folder, wanted)) / "bin" / "python"


def _install(folder: Path, wanted: list[str]) -> None:
    uv = Path(sys.executable).parent / "uv"
    for command in (
        ["venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)],
        ["pip", "install", "--quiet", "--python", str(folder / "bin" / "python"), *wanted],
    ):
        done = subprocess.run([uv, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip() or "no output").splitlines()[-1]
            raise MissingComponentError(f"{wanted[0]} could not be installed: {reason}")
