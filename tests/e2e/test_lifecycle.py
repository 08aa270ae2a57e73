"""No error is lost, and none comes twice, however the process ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from otel_bridge.testing import FakeServer
from tests.e2e.servers.app import App
from tests.e2e.servers.process import clean_environ, wait_until

APPS = Path(__file__).parent / "apps"
ROOT = Path(__file__).parents[2]
DEAD = "http://" + "0" * 32 + "@127.0.0.1:9/1"


def environ_for(dsn, folder, **more):
    return clean_environ() | {
        "SENTRY_DSN": dsn,
        "XDG_STATE_HOME": str(folder),
        "OTEL_BRIDGE_SHUTDOWN_TIMEOUT": "10",  # a busy machine; what is late waits in the spool
        "PYTHONPATH": str(ROOT),
        **more,
    }


def run(*command, environ, cwd, timeout=60):
    return subprocess.run(
        [sys.executable, *map(str, command)],
        env=environ,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def messages(server):
    return sorted(event["exception"]["values"][-1]["value"] for event in server.events())


@pytest.fixture(scope="module")
def tracker(bugsink):
    """The module's Bugsink, and what is new in it since the test began."""
    return bugsink


@pytest.fixture
def new_messages(tracker):
    before = messages(tracker)

    def new():
        now = messages(tracker)
        for message in before:
            now.remove(message)
        return now

    return new


TASKS = [f"task {number}" for number in range(10)]


@pytest.mark.parametrize(
    ("way", "status", "expected"),
    [
        (["normally"], 0, ["normally"]),
        (["by_exception"], 1, ["by exception"]),
        (["by_sigterm"], -signal.SIGTERM, ["by sigterm"]),
        (["by_sigterm_with_a_handler"], 7, ["by sigterm with a handler"]),
        (["by_os_exit"], 0, ["by os._exit"]),
        (["as_a_forked_child"], 0, ["child", "parent"]),
        (["in_a_pool", "fork"], 0, ["parent", *TASKS]),
        (["in_a_pool", "forkserver"], 0, ["parent", *TASKS]),
        (["in_a_pool", "spawn"], 0, ["parent", *TASKS]),
        (["as_a_process", "fork"], 0, ["child"]),
        (["as_a_process", "spawn"], 0, ["child"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_errors_arrive_once_when_a_process_ends(
    way, status, expected, tracker, new_messages, tmp_path
):
    started = time.monotonic()
    done = run(APPS / "ends.py", *way, environ=environ_for(tracker.dsn(), tmp_path), cwd=tmp_path)

    assert done.returncode == status, done.stderr
    assert new_messages() == sorted(expected)
    assert time.monotonic() - started < 40.0


@pytest.mark.parametrize("way", [["normally"], ["by_sigterm"], ["in_a_pool", "fork"]])
def test_a_dead_tracker_does_not_hold_up_the_end_of_a_process(way, tmp_path):
    started = time.monotonic()
    run(
        APPS / "ends.py",
        *way,
        environ=environ_for(DEAD, tmp_path, OTEL_BRIDGE_SHUTDOWN_TIMEOUT="2"),
        cwd=tmp_path,
    )

    assert time.monotonic() - started < 20.0


@pytest.mark.parametrize("preload", [False, True], ids=["no preload", "preload"])
def test_gunicorn_workers_send_what_they_have_when_they_end(
    preload, tracker, new_messages, tmp_path
):
    pytest.importorskip("gunicorn")
    server = App(
        [
            *("-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--workers", "2", "--threads", "2"),
            *("--no-control-socket", "--chdir", APPS, *(["--preload"] if preload else [])),
            "wsgi:app",
        ],
        tmp_path / "app",
        environ={"SENTRY_DSN": tracker.dsn(), "OTEL_BRIDGE_SHUTDOWN_TIMEOUT": "4"},
    )
    server.start()
    # Until both have answered: one that is told to end while it begins does not hear it.
    workers = set()
    wait_until(lambda: workers.add(server.get("/").data) or len(workers) == 2, "both workers", 20)
    paths = [f"/{number}" for number in range(8)]
    for path in paths:
        server.get(path)
    before = time.monotonic()
    server.stop()

    assert time.monotonic() - before < 5.0
    assert new_messages() == sorted(f"{path} in some worker" for path in paths)


def test_a_request_that_fails_after_sigterm_is_not_lost(tracker, new_messages, tmp_path):
    server = App(
        [
            *("-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--workers", "1", "--threads", "2"),
            *("--no-control-socket", "--chdir", APPS, "wsgi:app"),
        ],
        tmp_path / "app",
        environ={"SENTRY_DSN": tracker.dsn(), "OTEL_BRIDGE_SHUTDOWN_TIMEOUT": "4"},
    )
    server.start()
    request = threading.Thread(target=server.get, args=("/slow",))
    request.start()
    wait_until(lambda: "slow begins" in server.log(), "the slow request", 10.0)
    server.stop()
    request.join()

    assert new_messages() == ["/slow in some worker"]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_fails_when_uvicorn_ends_is_sent(workers, tracker, new_messages, tmp_path):
    server = App(
        [
            *("-m", "uvicorn", "--port", "{port}", "--workers", str(workers)),
            *("--app-dir", APPS, "goodbye:app"),
        ],
        tmp_path / "app",
        environ={
            "SENTRY_DSN": tracker.dsn(),
            "OTEL_BRIDGE_SPOOL_DIR": "none",  # nothing but a shutdown can save it
            "OTEL_BRIDGE_SHUTDOWN_TIMEOUT": "4",
        },
    )
    server.start()
    time.sleep(1.0)  # both workers, of which one has answered
    server.stop()

    assert new_messages() == ["could not say goodbye"] * workers


def test_celery_workers_send_what_they_have_when_they_end(tracker, new_messages, tmp_path):
    pytest.importorskip("celery")
    environ = environ_for(tracker.dsn(), tmp_path, JOBS_FOLDER=str(tmp_path / "jobs"))
    environ["PYTHONPATH"] += os.pathsep + str(APPS)
    order = "import jobs; [jobs.fail.delay(n) for n in range(12)]"
    assert run("-c", order, environ=environ, cwd=tmp_path).returncode == 0
    worker = App(
        [
            *(
                "-m",
                "celery",
                "--app",
                "jobs",
                "worker",
                "--pool",
                "prefork",
                "--concurrency",
                "2",
            ),
            *("--max-tasks-per-child", "3", "--without-gossip", "--without-mingle"),
        ],
        tmp_path / "worker",
        environ=environ,
        ready_path=None,
    )
    worker.start()
    try:
        done = [tmp_path / "jobs" / f"done-{number}" for number in range(12)]
        wait_until(lambda: all(file.exists() for file in done), "12 finished jobs", 60.0)
    finally:
        before = time.monotonic()
        worker.stop(timeout=20.0)
    assert time.monotonic() - before < 10.0

    assert new_messages() == sorted(f"job {number}" for number in range(12))


def test_a_process_patched_by_gevent_loses_nothing(tracker, new_messages, tmp_path):
    pytest.importorskip("gevent")
    done = run(APPS / "green.py", environ=environ_for(tracker.dsn(), tmp_path), cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert new_messages() == [f"greenlet {number}" for number in range(10)]


def test_a_function_that_is_frozen_after_each_call_has_sent_what_it_had(tmp_path):
    with FakeServer() as server:
        environ = environ_for(server.dsn, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=server.url)
        with subprocess.Popen(
            [sys.executable, APPS / "frozen.py"],
            env=environ,
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as function:
            for number in range(5):
                function.stdin.write(f"call {number}\n")
                function.stdin.flush()
                assert function.stdout.readline() == "True\n"
                function.send_signal(signal.SIGSTOP)
                assert len(server.events) == len(server.spans) == number + 1
                # What was connected is not when the function thaws.
                server.stop()
                server.start()
                function.send_signal(signal.SIGCONT)
            function.kill()

    assert len(server.event_ids) == 5
