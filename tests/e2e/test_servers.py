"""The servers the end-to-end tests stand on: they start, can be read back, survive and end."""

import gzip
import json
import os
import signal
import subprocess
import sys
import textwrap
import uuid
from pathlib import Path

import pytest
import urllib3
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import (
    OTLPSpanExporter as GrpcSpanExporter,
)
from opentelemetry.exporter.otlp.proto.http.trace_exporter import (
    OTLPSpanExporter as HttpSpanExporter,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter

from tests.e2e.servers.app import App
from tests.e2e.servers.bugsink import PROJECT_KEYS, Bugsink
from tests.e2e.servers.process import ServerFailedError, ServerProcess, wait_until


def send_event(server: Bugsink, error: str, *, project: int = 1) -> urllib3.BaseHTTPResponse:
    event_id = uuid.uuid4().hex
    event = {
        "event_id": event_id,
        "platform": "python",
        "timestamp": "2026-01-02T03:04:05Z",
        "exception": {"values": [{"type": error, "value": "out of stock"}]},
        "tags": {"shop": "north"},
        "contexts": {"trace": {"trace_id": "ab" * 16, "span_id": "cd" * 8}},
    }
    parts = ({"event_id": event_id}, {"type": "event"}, event)
    body = b"".join(json.dumps(part).encode() + b"\n" for part in parts)
    return urllib3.request(
        "POST",
        f"http://127.0.0.1:{server.port}/api/{project}/envelope/",
        body=gzip.compress(body),
        headers={
            "Content-Encoding": "gzip",
            "X-Sentry-Auth": f"Sentry sentry_version=7, sentry_key={PROJECT_KEYS[project - 1]}",
        },
        retries=False,
    )


def send_span(exporter: SpanExporter, name: str) -> str:
    provider = TracerProvider(resource=Resource({"service.name": "shop"}))
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("tests").start_as_current_span(name) as span:
        span.set_attributes({"count": 3, "names": ["a", "b"]})
        span.add_event("noticed", {"why": "here"})
    provider.shutdown()
    return format(span.get_span_context().trace_id, "032x")


def test_an_event_sent_to_bugsink_is_read_back_with_its_tags(bugsink: Bugsink):
    answer = send_event(bugsink, "ReadBackError")

    event_id = answer.json()["id"]
    (event,) = [e for e in bugsink.events() if e["event_id"] == event_id]
    assert event["exception"]["values"][0]["value"] == "out of stock"
    assert bugsink.tags(event_id).items() >= {"shop": "north", "trace": "ab" * 16}.items()
    assert "ReadBackError" in {issue["calculated_type"] for issue in bugsink.issues()}


def test_all_that_bugsink_stored_can_be_searched_even_what_arrived_compressed(bugsink: Bugsink):
    send_event(bugsink, "Findable")

    assert b"Findable" in bugsink.everything()
    assert b"never sent" not in bugsink.everything()


def test_bugsink_has_projects_that_do_not_see_each_other(bugsink: Bugsink):
    send_event(bugsink, "OnlyInTwo", project=2)

    assert [issue["calculated_type"] for issue in bugsink.issues(2)] == ["OnlyInTwo"]
    assert "OnlyInTwo" not in {issue["calculated_type"] for issue in bugsink.issues(1)}


def test_bugsink_killed_and_started_again_has_its_events_on_the_same_dsn(start_bugsink):
    server = start_bugsink()
    dsn = server.dsn()
    send_event(server, "Before")

    assert server.kill() == -signal.SIGKILL
    with pytest.raises(urllib3.exceptions.HTTPError):
        send_event(server, "Meanwhile")
    server.start()
    send_event(server, "After")

    kinds = [event["exception"]["values"][0]["type"] for event in server.wait_for_events(2)]
    assert kinds == ["Before", "After"]
    assert server.dsn() == dsn


def test_bugsink_with_a_small_quota_answers_429_with_rate_limits(start_bugsink):
    server = start_bugsink(events_per_5_minutes=2)

    answers = [send_event(server, "Often") for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["X-Sentry-Rate-Limits"].startswith("60::key")


@pytest.mark.parametrize("protocol", ["grpc", "http"])
def test_a_span_sent_to_the_collector_is_read_back_as_plain_dictionaries(collector, protocol):
    if protocol == "grpc":
        exporter = GrpcSpanExporter(endpoint=collector.grpc_url, insecure=True)
    else:
        exporter = HttpSpanExporter(endpoint=f"{collector.http_url}/v1/traces")

    trace_id = send_span(exporter, f"over {protocol}")

    (span,) = collector.wait_for_spans(lambda each: each["traceId"] == trace_id)
    assert span["name"] == f"over {protocol}"
    assert span["attributes"] == {"count": 3, "names": ["a", "b"]}
    assert span["events"][0]["attributes"] == {"why": "here"}
    assert span["resource"] == {"service.name": "shop"}
    assert trace_id.encode() in collector.everything()


def test_a_collector_stops_when_asked(start_collector):
    server = start_collector()

    assert server.stop() == 0
    assert not server.alive


def test_an_app_runs_in_its_own_process_and_its_output_is_kept(start_app, tmp_path: Path):
    script = tmp_path / "hello.py"
    script.write_text(
        textwrap.dedent("""
        import os
        from fastapi import FastAPI
        app = FastAPI()

        @app.get("/")
        def hello() -> dict:
            print("greeted")
            return {"dsn": os.environ.get("SENTRY_DSN"), "name": os.environ["NAME"]}
        """)
    )

    app: App = start_app(script, environ={"NAME": "Ada"})

    assert app.get("/").json() == {"dsn": None, "name": "Ada"}
    app.stop()
    assert "greeted" in app.log()
    assert "Application shutdown complete" in app.log()


def test_a_program_that_dies_at_start_is_reported_with_its_output(tmp_path: Path):
    program = ServerProcess(
        "broken",
        [sys.executable, "-c", "raise SystemExit('no such table')"],
        tmp_path,
        ready_url="http://127.0.0.1:9/",
    )

    with pytest.raises(
        ServerFailedError, match=r"broken ended at start with 1(.|\n)*no such table"
    ):
        program.start()


def test_servers_end_with_the_test_run_even_if_that_is_killed(tmp_path: Path):
    run = f"""
        import signal, sys
        from pathlib import Path
        from tests.e2e.servers.process import ServerProcess
        sleeper = ServerProcess("sleeper", ["sleep", "300"], Path({str(tmp_path)!r}))
        sleeper.start()
        print(sleeper.pid, flush=True)
        signal.pause()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(run)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as testrun:
        assert testrun.stdout is not None
        sleeper = int(testrun.stdout.readline())
        assert _exists(sleeper)

        testrun.kill()

        wait_until(lambda: not _exists(sleeper), "the end of the orphaned server")


@pytest.mark.parametrize(
    ("required", "outcome", "exit_code"), [("0", "SKIPPED", 0), ("1", "ERROR", 1)]
)
def test_a_missing_component_is_skipped_or_where_required_fails_with_what_to_install(
    tmp_path: Path, required: str, outcome: str, exit_code: int
):
    root = Path(__file__).parents[2]
    selected = "tests/e2e/test_servers.py::test_a_collector_stops_when_asked"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rsfE", "-p", "no:cacheprovider", selected],
        cwd=root,
        env={
            "PATH": str(tmp_path),  # neither go nor otelcol-contrib
            "OTEL_BRIDGE_TEST_CACHE": str(tmp_path),
            "OTEL_BRIDGE_REQUIRE_COMPONENTS": required,
            "PYTHONPATH": str(root),
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == exit_code, done.stdout
    assert outcome in done.stdout
    assert "put otelcol-contrib on PATH" in done.stdout


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
