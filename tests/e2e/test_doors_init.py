"""Registration in a fresh process: whoever was there before, whoever comes after."""

import subprocess
import sys

import pytest

from tests.processes.scripts import run_script

SCRIPTS = {
    "covers processors that were there before and come after": """
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
provider = TracerProvider()
trace.set_tracer_provider(provider)
before, after = InMemorySpanExporter(), InMemorySpanExporter()
provider.add_span_processor(SimpleSpanProcessor(before))
otel_bridge.init(local_dir=folder)
provider.add_span_processor(SimpleSpanProcessor(after))
with trace.get_tracer("t").start_as_current_span("work", attributes={"db.password": "hunter2"}):
    pass
for exporter in before, after:
    (span,) = exporter.get_finished_spans()
    assert span.attributes["db.password"] == "[Filtered:password]"
""",
    "leaves other exporters alone by option": """
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
provider = TracerProvider()
trace.set_tracer_provider(provider)
exporter = InMemorySpanExporter()
provider.add_span_processor(SimpleSpanProcessor(exporter))
otel_bridge.init(local_dir=folder, scrub_other_exporters=False)
with trace.get_tracer("t").start_as_current_span("work", attributes={"db.password": "hunter2"}):
    pass
assert exporter.get_finished_spans()[0].attributes["db.password"] == "hunter2"
""",
    "takes part in a logger provider and scrubs what it exports": """
from opentelemetry import _logs
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
provider = LoggerProvider()
_logs.set_logger_provider(provider)
exporter = InMemoryLogRecordExporter()
provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
bridge = otel_bridge.init(local_dir=folder)
provider.get_logger("t").emit(_logs.LogRecord(body="password=correct-horse-battery"))
assert exporter.get_finished_logs()[0].log_record.body == "password=[Filtered:password]"
assert bridge.flush() and bridge.stats()["log"]["received"] == 1
""",
    "after a start without code its options count": """
from otel_bridge.instrument.instrumentor import OtelBridgeInstrumentor
OtelBridgeInstrumentor().instrument(local_dir=folder, skip_dep_check=True)
OtelBridgeInstrumentor().instrument(skip_dep_check=True)
from otel_bridge.instrument.bridge import current_bridge
first = current_bridge()
assert otel_bridge.init() is first
OtelBridgeInstrumentor().uninstrument()
assert first.closed and not OtelBridgeInstrumentor().is_instrumented_by_opentelemetry

OtelBridgeInstrumentor().instrument(local_dir=folder)
second = current_bridge()
third = otel_bridge.init(local_dir=folder, release="shop@2")
assert second.closed and third is current_bridge() and third.options.release == "shop@2"
work()
assert third.flush() and third.stats()["span"]["received"] == 1
assert second.stats()["span"]["received"] == 0
""",
    "does nothing without code where the SDK is disabled": """
import os
os.environ["OTEL_SDK_DISABLED"] = "true"
from otel_bridge.instrument.bridge import current_bridge
from otel_bridge.instrument.instrumentor import OtelBridgeInstrumentor
OtelBridgeInstrumentor().instrument()
assert current_bridge() is None
""",
    "answers with trace ids by option": """
from opentelemetry.instrumentation import propagators
otel_bridge.init(local_dir=folder, trace_response_header=True)
with trace.get_tracer("t").start_as_current_span("work") as span:
    headers = {}
    propagators.get_global_response_propagator().inject(headers)
assert f"{span.get_span_context().trace_id:032x}" in headers["traceresponse"]
""",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_init(name, tmp_path):
    assert run_script(SCRIPTS[name], tmp_path) == (0, "")


WITHOUT_CODE = """
import logging, sys
logging.basicConfig(format="%(message)s")
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
provider = TracerProvider()
trace.set_tracer_provider(provider)
exporter = InMemorySpanExporter()
provider.add_span_processor(SimpleSpanProcessor(exporter))
from otel_bridge.instrument.bridge import current_bridge
from otel_bridge.instrument.instrumentor import OtelBridgeInstrumentor
OtelBridgeInstrumentor().instrument(dsn="nonsense", relase="x")
OtelBridgeInstrumentor().instrument()
with trace.get_tracer("t").start_as_current_span("work"):
    pass
assert current_bridge() is None
assert exporter.get_finished_spans() == ()
"""


def test_with_unusable_options_a_start_without_code_tells_them_all_and_lets_nothing_out():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_CODE],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()
    assert [line.partition(":")[2].split()[0].rstrip(":") for line in said[:2]] == [
        "dsn",
        "relase",
    ]
    assert said[1].endswith("did you mean release?")
    assert "not exported" in said[2]
