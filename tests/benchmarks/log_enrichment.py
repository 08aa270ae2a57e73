"""What log correlation and the taking of records add to one line of stdlib logging.

    python -m tests.benchmarks.log_enrichment

The best of many short rounds counts, since everything else that the machine does only adds. Ends
with status 1 above the limit.
"""

import logging
import sys
import time
import timeit

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind

from otel_bridge.logs.hook import LogHook
from otel_bridge.logs.intake import Intake
from otel_bridge.logs.options import LogOptions
from otel_bridge.logs.request_id import HEADERS, note_server_span

LIMIT_US = 5.0
ROUNDS, CALLS = 400, 200


class Nowhere:
    """A stream that takes no time, and a sink that takes none either."""

    def write(self, text):
        pass

    def flush(self):
        pass

    def put_log(self, log, exc):
        pass


def main() -> int:
    log = logger()
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("benchmark")
    plain = microseconds(log)
    rows = []
    for name, options in (
        ("fields", LogOptions(level=None)),
        ("fields, empty ones too", LogOptions(level=None, absent="empty")),
        ("fields, both names", LogOptions(level=None, names="otel_python")),
        ("record taken as telemetry, no fields", LogOptions(correlate=False)),
    ):
        hook = LogHook(options, intake=Intake(Nowhere()))
        hook.install()
        outside = microseconds(log)
        with tracer.start_as_current_span("GET /", kind=SpanKind.SERVER) as request:
            note_server_span(request)
            request.set_attribute(HEADERS[0], ["req-7"])
            inside = microseconds(log)
        hook.uninstall()
        rows.append((name, outside - plain, inside - plain))
    off = microseconds(log) - plain
    print(f"logger.info with one argument and one handler: {plain:.1f} us\n")
    for name, outside, inside in (*rows, ("switched off again", off, off)):
        print(f"{name:<38}{outside:+6.2f} us without a span {inside:+6.2f} us in a request")
    worst = max(max(outside, inside) for name, outside, inside in rows[:1])
    print(f"\nfields add {worst:.2f} us at the most (limit {LIMIT_US:g} us)")
    return 0 if worst <= LIMIT_US else 1


def logger() -> logging.Logger:
    log = logging.getLogger("benchmark")
    handler = logging.StreamHandler(Nowhere())
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False
    log.setLevel(logging.INFO)
    return log


def microseconds(log: logging.Logger) -> float:
    # CPU time: what the machine does besides takes none of ours.
    best = min(
        timeit.repeat(
            lambda: log.info("order %s", 7),
            timer=time.process_time,
            number=CALLS,
            repeat=ROUNDS,
        )
    )
    return best / CALLS * 1e6


if __name__ == "__main__":
    sys.exit(main())
