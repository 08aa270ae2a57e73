"""How long `import otel_bridge` and the first start take, beyond what the OpenTelemetry SDK takes.

    python -m tests.benchmarks.import_time [RUNS]

Each run is a fresh interpreter, turn by turn; CPU time, and the best of all runs counts, since
everything else that the machine does only adds. Ends with status 1 above the limit.
"""

import subprocess
import sys

LIMIT_MS = 60.0

_SDK = """
import time
started = time.process_time()
import opentelemetry.sdk.trace, opentelemetry.sdk.resources, opentelemetry.sdk._logs
sdk = time.process_time()
"""
_BRIDGE = """
import otel_bridge
imported = time.process_time()
otel_bridge.init(
    dsn="http://a@127.0.0.1:9/1", otlp_endpoint="http://127.0.0.1:9", spool_dir="none",
    shutdown_timeout=0.1,
)
"""
_STOCK = """
imported = sdk
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
trace.set_tracer_provider(TracerProvider())
trace.get_tracer_provider().add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
"""
_REPORT = """
up = time.process_time()
print((sdk - started) * 1e3, (imported - sdk) * 1e3, (up - imported) * 1e3)
"""


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    pairs = [(_run(_BRIDGE), _run(_STOCK)) for _ in range(runs)]
    sdk, imported, up = (min(column) for column in zip(*(ours for ours, _ in pairs), strict=True))
    stock = min(up for _, (_, _, up) in pairs)
    print(
        f"OpenTelemetry SDK {sdk:.1f} ms, otel_bridge {imported:.1f} ms more "
        f"(limit {LIMIT_MS:g} ms)\n"
        f"first start: otel_bridge {up:.0f} ms, stock batch processor and OTLP exporter "
        f"{stock:.0f} ms"
    )
    return 0 if imported <= LIMIT_MS else 1


def _run(what: str) -> tuple[float, ...]:
    done = subprocess.run(
        [sys.executable, "-c", _SDK + what + _REPORT],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return tuple(map(float, done.stdout.split()))


if __name__ == "__main__":
    sys.exit(main())
