"""Beside other SDKs that own the tracer provider: sentry-sdk and Logfire."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.servers.component import MissingComponentError
from tests.e2e.servers.peers import python_of

ROOT = Path(__file__).parents[2]

WORK = """
import json, logging, sys
logging.basicConfig(format="%(message)s")
from opentelemetry import trace
folder = sys.argv[1]

def fail():
    try:
        with trace.get_tracer("shop").start_as_current_span(
            "checkout", attributes={"db.password": "correct-horse-battery"}
        ):
            raise LookupError("no such order")
    except LookupError:
        pass

def report(bridge, exporter=None):
    assert bridge.flush(10.0)
    spans = exporter.get_finished_spans() if exporter else ()
    print(json.dumps({
        "stats": bridge.stats(),
        "exported": [[s.name, (s.attributes or {}).get("db.password")] for s in spans],
        "events": [json.loads(line) for line in open(folder + "/events.jsonl")],
    }))
"""

LOGFIRE = """
import logfire
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
exporter = InMemorySpanExporter()
def configure(*more):
    logfire.configure(
        send_to_logfire=False, console=False, metrics=False, scrubbing=False,
        inspect_arguments=False,
        additional_span_processors=[SimpleSpanProcessor(exporter), *more],
    )
import otel_bridge
"""

SENTRY = """
import otel_bridge, sentry_sdk
from sentry_sdk.integrations.otlp import OTLPIntegration
sent = []
class Transport(sentry_sdk.transport.Transport):
    def capture_envelope(self, envelope):
        sent.append(envelope)
DSN = "http://" + "0" * 32 + "@127.0.0.1:9/1"
"""

SCRIPTS = {
    "logfire before": (
        "logfire",
        LOGFIRE + "configure()\nbridge = otel_bridge.init(local_dir=folder)\n"
        "fail()\nreport(bridge, exporter)",
    ),
    "logfire after": (
        "logfire",
        LOGFIRE
        + "bridge = otel_bridge.init(local_dir=folder)\nconfigure()\nfail()\nreport(bridge)",
    ),
    "logfire with our processor": (
        "logfire",
        LOGFIRE + "ours = otel_bridge.BridgeSpanProcessor(local_dir=folder)\n"
        "configure(ours)\nfail()\nreport(ours.bridge, exporter)",
    ),
    "sentry before": (
        "sentry",
        SENTRY + "sentry_sdk.init(DSN, transport=Transport, integrations=[OTLPIntegration()])\n"
        "bridge = otel_bridge.init(local_dir=folder)\nfail()\nreport(bridge)\n"
        "(exporter,) = [p.span_exporter for p in "
        "trace.get_tracer_provider()._active_span_processor._span_processors[1:]]\n"
        "assert type(exporter).__name__ == 'ScrubbedExporter', exporter\n"
        "trace.get_tracer_provider()._active_span_processor._span_processors = ()",
    ),
    "sentry span processor": (
        "sentry",
        SENTRY
        + """
from opentelemetry.sdk.trace import TracerProvider
from sentry_sdk.integrations.opentelemetry import SentrySpanProcessor
sentry_sdk.init(DSN, transport=Transport, traces_sample_rate=1.0, instrumenter="otel")
provider = TracerProvider()
provider.add_span_processor(SentrySpanProcessor())
trace.set_tracer_provider(provider)
bridge = otel_bridge.init(local_dir=folder)
fail()
sentry_sdk.flush()
assert sent, "sentry-sdk got no transaction"
assert "correct-horse" not in str([item.get_bytes() for e in sent for item in e.items])
report(bridge)
""",
    ),
}


@pytest.fixture
def run(tmp_path):
    def run(peer, script):
        try:
            python = python_of(peer)
        except MissingComponentError as reason:
            if os.environ.get("OTEL_BRIDGE_REQUIRE_COMPONENTS") == "1":
                pytest.fail(str(reason), pytrace=False)
            pytest.skip(str(reason))
        done = subprocess.run(
            [python, "-c", WORK + script, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]), done.stderr

    return run


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_error_is_an_event_and_what_the_other_exports_is_scrubbed(run, name):
    report, _ = run(*SCRIPTS[name])

    (event,) = report["events"]
    assert event["exception"]["values"][0]["value"] == "no such order"
    assert event["contexts"]["otel"]["attributes"]["db.password"] == "[Filtered:password]"
    assert report["stats"]["span"]["received"] == 1
    assert report["stats"]["faults"] == {}
    assert all(password == "[Filtered:password]" for _, password in report["exported"])
    if name in {"logfire before", "logfire with our processor"}:
        assert report["exported"]


def test_logfire_configured_after_init_is_told_that_it_comes_too_late(run):
    _, said = run(*SCRIPTS["logfire after"])

    # OpenTelemetry's own words: spans of the OpenTelemetry API stay ours.
    assert "Overriding of current TracerProvider is not allowed" in said


def test_a_second_sdk_that_sends_errors_is_told_of(run):
    _, said = run(*SCRIPTS["sentry before"])

    assert "sentry-sdk is active in this process and sends errors, too" in said


def test_the_page_of_migration_names_every_option_of_sentry_sdk(run):
    report, _ = run(
        "sentry",
        "import inspect, sentry_sdk.consts as consts\n"
        "print(json.dumps(list(inspect.signature(consts.ClientConstructor.__init__).parameters)))",
    )
    page = (ROOT / "docs" / "migrating-from-sentry-sdk.md").read_text()

    assert [name for name in report if name != "self" and f"`{name}`" not in page] == []


FLASK = """
import time, flask, otel_bridge
from flask import Flask
from opentelemetry.instrumentation.flask import FlaskInstrumentor

{set_up}
otel_bridge.init(local_dir=folder)
time.sleep({patience})
print("{{}}")
"""


@pytest.mark.parametrize(
    ("set_up", "patience", "said"),
    [
        ("app = Flask('x'); FlaskInstrumentor().instrument()", 0, "was made before Flask"),
        ("FlaskInstrumentor().instrument(); app = Flask('x')", 0, "was made before Flask"),
        ("FlaskInstrumentor().instrument(); app = flask.Flask('x')", 6, ""),
        ("app = Flask('x'); FlaskInstrumentor().instrument_app(app)", 6, ""),
        ("app = Flask('x')", 6, "__main__.app is a Flask application, and nothing"),
    ],
    ids=["app before", "class before", "in time", "by itself", "not at all"],
)
def test_an_application_that_makes_no_spans_is_told_of(set_up, patience, said, run):
    _, log = run("flask", FLASK.format(set_up=set_up, patience=patience))

    assert (said in log) if said else ("Flask" not in log)
