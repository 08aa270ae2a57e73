"""Registration by environment variables and by a declarative file, without any code."""

import secrets
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.installed import import_path
from tests.e2e.servers.app import App
from tests.e2e.servers.process import wait_until

PLAIN = Path(__file__).parent / "apps" / "plain.py"
INSTRUMENT = Path(sys.executable).parent / "opentelemetry-instrument"


class PatientApp(App):
    """Automatic instrumentation of several workers takes long to start on a busy machine."""

    def start(self, timeout=90.0):
        super().start(timeout)


@pytest.fixture
def start_plain(tmp_path, keep):
    """`start_plain({...})`: the app under `opentelemetry-instrument`, by uvicorn."""

    def start(environ, *arguments, name="plain"):
        where = ["--app-dir", PLAIN.parent, "--host", "127.0.0.1", "--port", "{port}"]
        return keep(
            PatientApp(
                [INSTRUMENT, "uvicorn", *where, *arguments, "plain:app"],
                tmp_path / name,
                name=name,
                environ={
                    "PYTHONPATH": import_path(tmp_path / name),
                    "PATH": f"{INSTRUMENT.parent}:/usr/bin:/bin",
                    "OTEL_SERVICE_NAME": "plain",
                    # What is installed beside FastAPI for other tests: it only costs time here.
                    "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "celery,django,wsgi",
                    "OTEL_METRICS_EXPORTER": "none",
                    "OTEL_LOGS_EXPORTER": "none",
                    "OTEL_BSP_SCHEDULE_DELAY": "200",
                    "OTEL_BRIDGE_SPOOL_DIR": str(tmp_path / "spool"),
                    "OTEL_BRIDGE_LOCAL_DIR": str(tmp_path / "state"),
                    "OTEL_SEMCONV_STABILITY_OPT_IN": "http",
                    **environ,
                },
            )
        )

    return start


def fail(app, order):
    """Make a request that fails; return the secret that was in it."""
    secret = "pw-" + secrets.token_hex(12)
    assert app.get(f"/orders/{order}?password={secret}").status == 500
    return secret


def event_of(bugsink, order):
    """The event of a failed request, by its order."""

    def found():
        return [
            event
            for event in bugsink.events()
            if f"no order {order};" in event["exception"]["values"][-1]["value"]
        ]

    events = wait_until(found, f"an event of order {order}")
    assert len(events) == 1
    return events[0]


def trace_of(event):
    return event["contexts"]["trace"]["trace_id"]


def server_spans(collector, trace_id):
    time.sleep(1.0)  # a second copy would need that long to arrive
    return [s for s in collector.spans() if s["traceId"] == trace_id and s["kind"] == 2]


@pytest.mark.parametrize(
    "exporters", ["none", "otlp", "otel_bridge", "otlp,otel_bridge"], ids=lambda each: each
)
@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"], ids=["http", "grpc"])
def test_environment_variables_alone(bugsink, collector, start_plain, exporters, protocol):
    order = secrets.randbelow(10**9)
    app = start_plain(
        {
            "SENTRY_DSN": bugsink.dsn(),
            "OTEL_EXPORTER_OTLP_ENDPOINT": (
                collector.grpc_url if protocol == "grpc" else collector.http_url
            ),
            "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
            "OTEL_TRACES_EXPORTER": exporters,
        }
    )
    secret = fail(app, order)

    event = event_of(bugsink, order)
    trace_id = trace_of(event)
    assert event["transaction"] == "/orders/{order_id}"
    collector.wait_for_spans(lambda span: span["traceId"] == trace_id and span["kind"] == 2)
    assert len(server_spans(collector, trace_id)) == 1
    assert secret.encode() not in bugsink.everything() + collector.everything()
    assert f"trace={trace_id} looking for order {order}" in app.log()
    assert not [log for log in collector.logs() if f"order {order}" in str(log)]


def test_what_the_stock_exporter_sends_elsewhere_is_scrubbed(
    bugsink, collector, start_collector, start_plain
):
    order = secrets.randbelow(10**9)
    other = start_collector(name="other")
    app = start_plain(
        {
            "SENTRY_DSN": bugsink.dsn(),
            "OTEL_BRIDGE_OTLP_ENDPOINT": collector.http_url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": other.http_url,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_TRACES_EXPORTER": "otlp",
        }
    )
    secret = fail(app, order)

    trace_id = trace_of(event_of(bugsink, order))
    for server in (collector, other):
        server.wait_for_spans(lambda span: span["traceId"] == trace_id and span["kind"] == 2)
        assert len(server_spans(server, trace_id)) == 1
        assert secret.encode() not in server.everything()


def test_log_records_of_the_stock_exporter_are_scrubbed_and_come_once(
    bugsink, collector, start_plain
):
    order = secrets.randbelow(10**9)
    app = start_plain(
        {
            "SENTRY_DSN": bugsink.dsn(),
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.http_url,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_LOGS_EXPORTER": "otlp",
            "OTEL_BLRP_SCHEDULE_DELAY": "200",
        }
    )
    secret = fail(app, order)

    event = event_of(bugsink, order)
    said = f"looking for order {order}"
    collector.wait_for_logs(lambda log: said in str(log))
    time.sleep(1.0)
    assert len([log for log in collector.logs() if said in str(log)]) == 1
    assert secret.encode() not in collector.everything()
    assert said in [crumb["message"] for crumb in event["breadcrumbs"]["values"]]


def test_it_can_be_switched_off_like_every_instrumentation(collector, start_plain, tmp_path):
    order = secrets.randbelow(10**9)
    app = start_plain(
        {
            "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "celery,django,wsgi,otel_bridge",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.http_url,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_TRACES_EXPORTER": "otlp",
        }
    )
    fail(app, order)
    collector.wait_for_spans(lambda span: f"/orders/{order}" in str(span))

    assert not (tmp_path / "state").exists()


def test_wrong_options_are_told_and_nothing_leaves_unscrubbed(collector, start_plain):
    order = secrets.randbelow(10**9)
    app = start_plain(
        {
            "SENTRY_DSN": "http://nokey.example.com",
            "OTEL_BRIDGE_RELAESE": "x",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.http_url,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_TRACES_EXPORTER": "otlp",
        }
    )
    fail(app, order)
    time.sleep(1.5)

    assert "otel_bridge: dsn (from SENTRY_DSN): public key" in app.log()
    assert "otel_bridge: OTEL_BRIDGE_RELAESE: no such option" in app.log()
    assert str(order) not in str(collector.spans())


DECLARATIVE = """
file_format: "1.0"
resource:
  attributes:
    - {name: service.name, value: plain}
propagator:
  composite_list: tracecontext,baggage
tracer_provider:
  processors:
    - batch:
        schedule_delay: 200
        exporter:
          otlp_http: {endpoint: "${STOCK}/v1/traces"}
instrumentation/development:
  python:
    fastapi: {}
    otel_bridge:
      dsn: ${SENTRY_DSN}
      otlp_endpoint: ${BRIDGED}
      release: plain@1.0
      max_breadcrumbs: 5
      OPTION: true
"""


@pytest.mark.parametrize("stock_goes", ["to the same place", "elsewhere"])
def test_a_declarative_file(
    bugsink, collector, start_collector, start_plain, tmp_path, stock_goes
):
    order = secrets.randbelow(10**9)
    stock = collector if stock_goes == "to the same place" else start_collector(name="other")
    file = tmp_path / "otel.yaml"
    file.write_text(DECLARATIVE.replace("OPTION", "send_default_pii"))
    app = start_plain(
        {
            "OTEL_CONFIG_FILE": str(file),
            "SENTRY_DSN": bugsink.dsn(),
            "STOCK": stock.http_url,
            "BRIDGED": collector.http_url,
        }
    )
    secret = fail(app, order)

    event = event_of(bugsink, order)
    trace_id = trace_of(event)
    assert event["release"] == "plain@1.0"
    for server in {collector, stock}:
        server.wait_for_spans(lambda span: span["traceId"] == trace_id and span["kind"] == 2)
        assert len(server_spans(server, trace_id)) == 1
        assert secret.encode() not in server.everything()


def test_a_declarative_file_with_a_wrong_option(collector, start_plain, tmp_path):
    order = secrets.randbelow(10**9)
    file = tmp_path / "otel.yaml"
    file.write_text(DECLARATIVE.replace("OPTION", "send_default_pi"))
    app = start_plain(
        {
            "OTEL_CONFIG_FILE": str(file),
            "SENTRY_DSN": "",
            "STOCK": collector.http_url,
            "BRIDGED": collector.http_url,
        }
    )
    fail(app, order)
    time.sleep(1.5)

    assert (
        "otel_bridge: send_default_pi: unknown option; did you mean send_default_pii?" in app.log()
    )
    assert str(order) not in str(collector.spans())


def test_several_uvicorn_workers(bugsink, collector, start_plain):
    app = start_plain(
        {
            "SENTRY_DSN": bugsink.dsn(),
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.http_url,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_TRACES_EXPORTER": "none",
        },
        *("--workers", "2", "--timeout-worker-healthcheck", "60"),
    )
    pids = wait_until(
        lambda: len(found := {app.get("/").json()["pid"] for _ in range(20)}) == 2 and found,
        "answers of two workers",
    )
    orders = [secrets.randbelow(10**9) for _ in range(10)]
    for order in orders:
        fail(app, order)

    assert len(pids) == 2
    for order in orders:
        event_of(bugsink, order)
