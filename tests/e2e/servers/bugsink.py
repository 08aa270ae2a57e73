"""Bugsink, a real error tracker that takes Sentry envelopes: installed, set up, run, read back.

Its virtual environment and a database with users and projects are made once and cached; a run
copies the database and starts in about a second. Licence PolyForm Shield: for tests only.
"""

import contextlib
import json
import shutil
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

import urllib3

from tests.e2e.servers.component import MissingComponentError, cached, fingerprint
from tests.e2e.servers.ports import free_port
from tests.e2e.servers.process import ServerProcess, clean_environ, wait_until

_FILES = Path(__file__).parent / "bugsink_files"
_REQUIREMENTS = _FILES / "requirements.txt"
_DATABASES = ("db.sqlite3", "snappea.sqlite3")

PROJECT_KEYS = ("0123456789abcdef0123456789abcdef", "1" * 32, "2" * 32)
"""The public DSN keys of projects 1, 2 and 3."""


class Bugsink(ServerProcess):
    """A running Bugsink with three empty projects and its own database.

    Eager: an event can be read back as soon as its POST was answered. `kill()` and `start()`
    again continue on the same data, port and DSNs.
    """

    def __init__(
        self, directory: Path, *, events_per_5_minutes: int = 100_000, validate: str = "warn"
    ) -> None:
        """Prepare the run.

        Args:
            events_per_5_minutes: quota of a project; beyond it the answer is a 429.
            validate: what a schema violation does: "none", "warn" (log) or "strict" (drop).
        """
        environment, template = prepare()
        self.port = free_port()
        directory.mkdir(parents=True, exist_ok=True)
        for name in _DATABASES:
            shutil.copy(template / name, directory / name)
        self._token = (template / "token").read_text()
        super().__init__(
            "bugsink",
            [
                environment / "bin" / "gunicorn",
                # Its control socket would lie in the home directory.
                "--no-control-socket",
                *("--bind", f"127.0.0.1:{self.port}"),
                *("--workers", "1", "--threads", "4", "--graceful-timeout", "3"),
                "bugsink.wsgi",
            ],
            directory,
            environ=_environ(directory)
            | {
                "BUGSINK_PORT": str(self.port),
                "BUGSINK_QUOTA": str(events_per_5_minutes),
                "BUGSINK_VALIDATE": validate,
            },
            ready_url=f"http://127.0.0.1:{self.port}/health/ready",
        )

    def dsn(self, project: int = 1) -> str:
        return f"http://{PROJECT_KEYS[project - 1]}@127.0.0.1:{self.port}/{project}"

    def issues(self, project: int = 1) -> list[dict]:
        """The issues of a project, oldest first, as the API lists them."""
        return self._pages(f"issues/?project={project}")

    def events(self, project: int = 1) -> list[dict]:
        """The events of a project as they were stored, oldest first within each issue."""
        rows = [
            row
            for issue in self.issues(project)
            for row in self._pages(f"events/?issue={issue['id']}&order=asc")
        ]
        return [self.detail(row["id"])["data"] for row in rows]

    def detail(self, event: str) -> dict:
        """An event by Bugsink's own id: `data` is what was sent, `stacktrace_md` its reading."""
        return self._get(f"events/{event}/")

    def wait_for_events(self, count: int, project: int = 1, timeout: float = 20.0) -> list[dict]:
        """The events of a project once there are at least `count`."""

        def enough() -> list[dict] | None:
            events = self.events(project)
            return events if len(events) >= count else None

        return wait_until(enough, f"{count} events in project {project}", timeout)

    def tags(self, event_id: str) -> dict[str, str]:
        """The tags of an event (32 hex digits): those sent and those Bugsink derives."""
        query = """
            SELECT tags_tagkey.key, tags_tagvalue.value FROM tags_eventtag
            JOIN tags_tagvalue ON tags_tagvalue.id = tags_eventtag.value_id
            JOIN tags_tagkey ON tags_tagkey.id = tags_tagvalue.key_id
            JOIN events_event ON events_event.id = tags_eventtag.event_id
            WHERE events_event.event_id = ?
        """
        with contextlib.closing(self._open(_DATABASES[0])) as database:
            return dict(database.execute(query, (event_id.replace("-", ""),)))

    def everything(self) -> bytes:
        """All it stored, raw envelopes included: a secret that is not in here did not arrive."""
        parts: list[bytes] = []
        for name in _DATABASES:
            with contextlib.closing(self._open(name)) as database:
                parts.extend(_cells(database))
        parts.extend(
            path.read_bytes() for path in self.directory.glob("ingestion/**/*") if path.is_file()
        )
        return b"\n".join(parts)

    def _open(self, name: str) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.directory / name}?mode=ro", uri=True)

    def _pages(self, path: str) -> list[dict]:
        rows: list[dict] = []
        page = self._get(path)
        rows.extend(page["results"])
        while page["next"]:
            page = self._get(page["next"].partition("/api/canonical/0/")[2])
            rows.extend(page["results"])
        return rows

    def _get(self, path: str) -> dict:
        answer = urllib3.request(
            "GET",
            f"http://127.0.0.1:{self.port}/api/canonical/0/{path}",
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=10.0,
            retries=False,
        )
        assert answer.status == 200, f"{path}: {answer.status} {answer.data[:300]!r}"
        return json.loads(answer.data)


def prepare() -> tuple[Path, Path]:
    """The virtual environment and the template directory, made on first use (about 45 s)."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    installed = fingerprint(_REQUIREMENTS.read_bytes(), python, sys.base_prefix)
    environment = cached(f"bugsink-venv-{installed}", _install)
    configured = fingerprint(
        installed, *(path.read_bytes() for path in sorted(_FILES.glob("*.py"))), *PROJECT_KEYS
    )
    template = cached(
        f"bugsink-template-{configured}", lambda directory: _set_up(environment, directory)
    )
    return environment, template


def _install(environment: Path) -> None:
    venv.create(environment, with_pip=True)
    _run(
        [
            *(environment / "bin" / "python", "-m", "pip", "install", "--quiet"),
            *("--disable-pip-version-check", "--requirement", _REQUIREMENTS),
        ],
        environment,
        "Bugsink could not be installed with pip; it needs a package index that has "
        "bugsink 2.6.1 (see docs/testing.md)",
    )


def _set_up(environment: Path, directory: Path) -> None:
    manage = environment / "bin" / "bugsink-manage"
    failure = "Bugsink was installed but its database could not be set up (see docs/testing.md)"
    _run([manage, "migrate"], directory, failure)
    _run([manage, "migrate", "snappea", "--database=snappea"], directory, failure)
    superuser = {"CREATE_SUPERUSER": "admin@example.org:admin"}
    _run([manage, "prestart"], directory, failure, environ=superuser)
    projects = (_FILES / "make_projects.py").read_text()
    keys = {"BUGSINK_KEYS": ",".join(PROJECT_KEYS)}
    _run([manage, "shell", "--command", projects], directory, failure, environ=keys)
    token = _run([manage, "create_auth_token"], directory, failure).split()[-1]
    (directory / "token").write_text(token)


def _run(
    argv: list, directory: Path, failure: str, *, environ: dict[str, str] | None = None
) -> str:
    done = subprocess.run(
        [str(part) for part in argv],
        cwd=directory,
        env=clean_environ() | _environ(directory) | (environ or {}),
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise MissingComponentError(f"{failure}: {last}")
    return done.stdout


def _environ(base: Path) -> dict[str, str]:
    return {
        "BUGSINK_BASE": str(base),
        "DJANGO_SETTINGS_MODULE": "bugsink_conf",
        "PYTHONPATH": str(_FILES),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _cells(database: sqlite3.Connection) -> Iterable[bytes]:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for row in database.execute(f'SELECT * FROM "{table}"'):
            for value in row:
                yield value if isinstance(value, bytes) else str(value).encode()
