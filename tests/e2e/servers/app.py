"""A real application in its own process, reached over HTTP on a free port."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import urllib3

from tests.e2e.servers.ports import free_port
from tests.e2e.servers.process import ServerProcess

_ROOT = Path(__file__).parents[3]


class App(ServerProcess):
    """A Python program that serves HTTP; `{port}` in its arguments becomes its port.

    `log()` is all it wrote to stdout and stderr. It sees the environment of the test run without
    OTEL_*, SENTRY_* and BUGSINK_* variables, plus `environ`, plus PORT; `otel_bridge` is
    importable.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        directory: Path,
        *,
        environ: Mapping[str, str] | None = None,
        ready_path: str | None = "/",
        name: str = "app",
    ) -> None:
        """Prepare `python ARGUMENTS...`.

        Args:
            arguments: what follows the interpreter: a script, or `-m` and a module.
            ready_path: started means that this path answers below 500; None waits for nothing.
        """
        self.port = free_port()
        super().__init__(
            name,
            [sys.executable, *(str(each).replace("{port}", str(self.port)) for each in arguments)],
            directory,
            environ={
                "PYTHONPATH": str(_ROOT),
                "PYTHONUNBUFFERED": "1",
                "PORT": str(self.port),
                "XDG_STATE_HOME": str(directory / "state"),
            }
            | dict(environ or {}),
            ready_url=None if ready_path is None else self.url(ready_path),
        )

    @classmethod
    def uvicorn(cls, script: Path, directory: Path, **options) -> "App":
        """The ASGI application `app` in the file `script`, served by uvicorn."""
        where = ["--app-dir", script.parent, "--host", "127.0.0.1", "--port", "{port}"]
        return cls(["-m", "uvicorn", *where, f"{script.stem}:app"], directory, **options)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def request(
        self, method: str, path: str, *, body: bytes | None = None, headers: dict | None = None
    ) -> urllib3.BaseHTTPResponse:
        """One request on a connection of its own; no retries, no redirects."""
        return urllib3.request(
            method,
            self.url(path),
            body=body,
            headers={"Connection": "close"} | (headers or {}),
            timeout=30.0,
            retries=False,
        )

    def get(self, path: str, headers: dict | None = None) -> urllib3.BaseHTTPResponse:
        return self.request("GET", path, headers=headers)
