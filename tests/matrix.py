"""Run every test that needs no server on each CPython from 3.11 that is here.

Once more with the oldest dependencies.
Each combination has an environment of its own under ``.venvs/``. Ends with one line a combination.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
TEST_TOOLS = (
    "fastjsonschema",
    "hypothesis",
    "loguru",
    "pytest",
    "pytest-randomly",
    "pytest-timeout",
    "python-json-logger",
    "pyyaml",
    "sentry-relay",
    "structlog",
)


def main() -> int:
    results = [_run("3.11 (pinned)", Path(sys.executable))] if _is("3.11") else []
    for version in VERSIONS:
        if version == "3.11" and results:
            continue
        interpreter = _find(version)
        if interpreter is None:
            results.append((version, "not found on this machine, skipped", True))
            continue
        python = _environment(version, interpreter)
        _install(python, "--requirement", "requirements/dev.txt")
        results.append(_run(version, python))
    oldest = _environment("oldest", Path(sys.executable))
    _install(oldest, "--resolution", "lowest-direct")
    _install(oldest, *_pinned_tools(), editable=False)
    results.append(_run("oldest dependencies", oldest))
    print()
    for name, outcome, _ in results:
        print(f"  {name:<22} {outcome}")
    return 0 if all(passed for *_, passed in results) else 1


def _is(version: str) -> bool:
    return sys.version.startswith(version + ".")


def _find(version: str) -> Path | None:
    found = subprocess.run(
        [UV, "python", "find", "--no-python-downloads", "--no-project", "--system", version],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if found.returncode == 0:
        return Path(found.stdout.strip())
    # pyenv keeps versions that are installed but not selected out of the PATH.
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    return next(iter(sorted(root.glob(f"versions/{version}.*/bin/python"), reverse=True)), None)


def _environment(name: str, interpreter: Path) -> Path:
    folder = ROOT / ".venvs" / name
    python = folder / "bin" / "python"
    if not python.exists():
        _call("venv", "--python", interpreter, folder)
    return python


def _install(python: Path, *what: str, editable: bool = True) -> None:
    _call("pip", "install", "--python", python, *what, *(("--editable", ".") if editable else ()))


def _pinned_tools() -> list[str]:
    pins = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8").splitlines()
    return [pin for pin in pins if pin.partition("==")[0] in TEST_TOOLS]


def _call(*arguments: object) -> None:
    subprocess.run([UV, *map(str, arguments), "--quiet"], cwd=ROOT, check=True)


def _run(name: str, python: Path) -> tuple[str, str, bool]:
    print(f"tests on {name}", flush=True)
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-m", "not e2e", "tests"], cwd=ROOT, check=False
    )
    return name, "passed" if done.returncode == 0 else "FAILED", done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
