"""One server process: started in its own process group, waited for, ended by its own pid."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import urllib3

from tests.e2e.servers import watchdog

_LEAKY_PREFIXES = ("OTEL_", "SENTRY_", "BUGSINK_")  # a developer's settings are not the test's
_TAIL_BYTES = 6_000

running: list["ServerProcess"] = []
"""Every server that was started and not closed; a failing test shows the ends of their logs."""


class ServerFailedError(AssertionError):
    """A server did not start, did not answer or did not stop; carries the end of its log."""


def wait_until(condition: Callable[[], object], what: str, timeout: float = 20.0) -> object:
    """Poll until `condition()` is true and return its value; AssertionError after `timeout` s."""
    deadline = time.monotonic() + timeout
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {timeout:g} s, last seen {value!r}")
        time.sleep(0.02)


class ServerProcess:
    """A process with its own directory; stdout and stderr go to `<directory>/<name>.log`.

    Life: `start` -> `stop` or `kill` -> `start` again on the same directory and ports.
    """

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        directory: Path,
        *,
        environ: Mapping[str, str] | None = None,
        ready_url: str | None = None,
    ) -> None:
        self.name = name
        self.argv = [str(part) for part in argv]
        self.directory = directory
        self.environ = dict(environ or {})
        self.ready_url = ready_url
        self.log_path = directory / f"{name}.log"
        self._process: subprocess.Popen | None = None
        directory.mkdir(parents=True, exist_ok=True)

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} is not started"
        return self._process.pid

    @property
    def started(self) -> bool:
        return self._process is not None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, timeout: float = 30.0) -> None:
        """Start, and return once it answers."""
        assert not self.alive, f"{self.name} runs already"
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self.argv,
                cwd=self.directory,
                env=clean_environ() | self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        watchdog.watch(self.pid)
        running.append(self)
        if self.ready_url is not None:
            self._wait_ready(timeout)

    def stop(self, timeout: float = 10.0) -> int:
        """Ask with SIGTERM, insist with SIGKILL after `timeout` seconds; returns the exit code.

        Negative means ended by that signal; uvicorn ends so even after a clean shutdown.
        """
        return self._end(signal.SIGTERM, timeout)

    def kill(self) -> int:
        """SIGKILL to the whole process group: no clean-up, as when a machine dies."""
        return self._end(signal.SIGKILL, 10.0)

    def wait(self, timeout: float = 10.0) -> int:
        """Wait for an end that comes by itself; returns the exit code."""
        assert self._process is not None, f"{self.name} is not started"
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise ServerFailedError(self._story(f"still runs after {timeout:g} s")) from None
        self._end(signal.SIGTERM, 0)
        return code

    def log(self) -> str:
        """All that the process wrote so far, stdout and stderr."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def wait_for_log(self, text: str, timeout: float = 20.0) -> None:
        wait_until(lambda: text in self.log(), f"{text!r} in {self.log_path}", timeout)

    def log_tail(self) -> str:
        text = self.log()
        return text if len(text) <= _TAIL_BYTES else "[...]" + text[-_TAIL_BYTES:]

    def _wait_ready(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if not self.alive:
                raise ServerFailedError(
                    self._story(f"ended at start with {self._process.returncode}")
                )
            with contextlib.suppress(urllib3.exceptions.HTTPError):
                answer = urllib3.request("GET", self.ready_url, timeout=2.0, retries=False)
                if answer.status < 500:
                    return
            time.sleep(0.03)
        self.kill()
        raise ServerFailedError(
            self._story(f"did not answer {self.ready_url} within {timeout:g} s")
        )

    def _end(self, how: signal.Signals, timeout: float) -> int:
        assert self._process is not None, f"{self.name} is not started"
        if self._process.poll() is None:  # not reaped: the pid and its group are surely ours
            if how is signal.SIGKILL:
                os.killpg(self.pid, how)
            else:
                self._process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout)
        if self._process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
        code = self._process.wait()
        watchdog.forget(self.pid)
        if self in running:
            running.remove(self)
        return code

    def _story(self, what: str) -> str:
        return f"{self.name} {what}\n--- {self.log_path}\n{self.log_tail()}"


def clean_environ() -> dict[str, str]:
    """This process's environment without what would configure telemetry in a child."""
    return {key: value for key, value in os.environ.items() if not key.startswith(_LEAKY_PREFIXES)}
