"""The examples of the documentation, run as the reader would run them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.installed import ROOT, import_path
from tests.e2e.servers.app import App
from tests.e2e.servers.component import MissingComponentError
from tests.e2e.servers.peers import python_of
from tests.e2e.servers.process import wait_until

EXAMPLES = ROOT / "docs" / "examples"
BIN = Path(sys.executable).parent


class Patient(App):
    """A machine that is busy takes its time."""

    def start(self, timeout=90.0):
        super().start(timeout)


class ByPeer(Patient):
    """The same with the interpreter of a peer's environment."""

    def __init__(self, python, *arguments, **options):
        super().__init__(*arguments, **options)
        self.argv[0] = str(python)


@pytest.fixture
def environ(tmp_path):
    return {
        "PYTHONPATH": f"{import_path(tmp_path)}:{EXAMPLES}",
        "PATH": f"{BIN}:/usr/bin:/bin",
        "OTEL_BRIDGE_LOCAL_DIR": str(tmp_path / "state"),
        "OTEL_BRIDGE_SPOOL_DIR": "none",
        "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "celery,django,wsgi",
    }


@pytest.fixture
def events(tmp_path):
    """`events()`: what the local file holds, once there is something in it."""
    file = tmp_path / "state" / "events.jsonl"

    def read():
        wait_until(lambda: file.exists() and file.read_text(), f"an event in {file}", 60.0)
        return [json.loads(line) for line in file.read_text().splitlines()]

    return read


SERVED = {
    "fastapi": ["-m", "uvicorn", "--port", "{port}", "fastapi_app:app"],
    "django": [
        "-m",
        "gunicorn",
        "--bind",
        "127.0.0.1:{port}",
        "--no-control-socket",
        "django_app",
    ],
    "flask": ["-m", "flask", "--app", "flask_app", "run", "--port", "{port}"],
}
ROUTES = {
    "fastapi": "/orders/{order_id}",
    "django": "orders/<int:order_id>",
    "flask": "/orders/<int:order_id>",
}


@pytest.mark.parametrize("name", SERVED)
def test_a_web_app(name, environ, events, keep, tmp_path):
    environ["DJANGO_SETTINGS_MODULE"] = "django_app" if name == "django" else ""
    arguments = SERVED[name], tmp_path / name
    options = {"environ": environ, "name": name, "ready_path": "/nothing/here"}
    if name == "flask":
        app = keep(ByPeer(peer(name), *arguments, **options))
    else:
        app = keep(Patient(*arguments, **options))

    assert app.get("/orders/7").json() == {"in stock": 3}
    assert app.get("/orders/8").status == 500
    (event,) = events()
    assert event["exception"]["values"][-1]["type"] == "KeyError"
    assert event["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "order"
    assert event["transaction"] == ROUTES[name]
    assert (event["release"], event["environment"]) == ("shop@1.4.2", "dev")


def test_celery(environ, events, keep, tmp_path):
    queue = {name: str(tmp_path / name) for name in ("queue", "control")}
    for folder in queue.values():
        Path(folder).mkdir()
    broker = {
        "data_folder_in": queue["queue"],
        "data_folder_out": queue["queue"],
        "control_folder": queue["control"],
    }
    # A broker that needs no server, set from outside as an operator would.
    (tmp_path / "with_folders.py").write_text(
        "import celery_app\n"
        f"celery_app.app.conf.broker_transport_options = {broker!r}\n"
        "app = celery_app.app\n"
    )
    environ |= {"BROKER_URL": "filesystem://", "PYTHONPATH": f"{environ['PYTHONPATH']}:{tmp_path}"}
    subprocess.run(
        [sys.executable, "-c", "import with_folders; with_folders.celery_app.order.delay(8)"],
        env={**os.environ, **environ},
        cwd=tmp_path,
        check=True,
        timeout=60,
    )
    worker = ["-m", "celery", "--app", "with_folders", "worker", "--concurrency", "1"]
    keep(
        Patient(
            [*worker, "--without-gossip", "--without-mingle"],
            tmp_path / "worker",
            environ=environ,
            ready_path=None,
        )
    )

    (event,) = events()
    assert event["exception"]["values"][-1]["type"] == "KeyError"
    assert event["tags"]["span.kind"] == "consumer"


def test_a_script(environ, events, tmp_path):
    done = subprocess.run(
        [sys.executable, EXAMPLES / "script.py"],
        env={**environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    (event,) = events()
    assert (done.returncode, done.stdout) == (0, f"went wrong, see event {event['event_id']}\n")
    assert event["tags"]["report"] == "revenue"


@pytest.mark.parametrize("way", ["variables", "file"])
def test_without_code(way, environ, bugsink, collector, keep, tmp_path):
    environ |= {"SENTRY_DSN": bugsink.dsn(), "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}
    if way == "file":
        instrument = [BIN / "opentelemetry-instrument", "uvicorn", "--port", "{port}"]
        arguments = [*instrument, "--app-dir", EXAMPLES / "zero_code", "app:app"]
        environ["OTEL_CONFIG_FILE"] = str(EXAMPLES / "zero_code" / "otel.yaml")
        environ["OTLP_ENDPOINT"] = collector.http_url
        app = Patient(arguments, tmp_path / way, environ=environ, ready_path="/nothing/here")
    else:
        environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.http_url
        app = ByPeer(
            "/bin/sh",
            [EXAMPLES / "zero_code" / "run.sh"],
            tmp_path / way,
            environ=environ,
            ready_path="/nothing/here",
        )
    keep(app)
    before = len(bugsink.events())
    assert app.get("/orders/8").status == 500

    event = bugsink.wait_for_events(before + 1, timeout=60.0)[-1]
    assert event["exception"]["values"][-1]["type"] == "KeyError"
    trace_id = event["contexts"]["trace"]["trace_id"]
    collector.wait_for_spans(lambda span: span["traceId"] == trace_id and span["kind"] == 2)


def test_the_readme_keeps_its_promise_of_three_lines():
    for name in ("fastapi_app", "flask_app", "django_app", "celery_app"):
        code = (EXAMPLES / f"{name}.py").read_text()
        ours = [line for line in code.splitlines() if "otel_bridge" in line.partition("  # <-")[0]]
        marked = [line for line in code.splitlines() if "# <-" in line]
        assert len(marked) <= 3
        assert [line for line in ours if line.startswith(("import", "otel_bridge."))] == marked


def peer(name):
    try:
        return python_of(name)
    except MissingComponentError as reason:
        if os.environ.get("OTEL_BRIDGE_REQUIRE_COMPONENTS") == "1":
            pytest.fail(str(reason), pytrace=False)
        pytest.skip(str(reason))
