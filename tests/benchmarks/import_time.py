"""How long `import otel_bridge` takes beyond what the OpenTelemetry SDK takes by itself.

    python -m tests.benchmarks.import_time [RUNS]

Each run is a fresh interpreter; the best of all runs counts, since everything else that the
machine does only adds. Ends with status 1 above the limit.
"""

import subprocess
import sys

LIMIT_MS = 60.0

_PROGRAM = """
import time
started = time.perf_counter()
import opentelemetry.sdk.trace, opentelemetry.sdk.resources, opentelemetry.sdk._logs
sdk = time.perf_counter()
import otel_bridge
ours = time.perf_counter()
print((sdk - started) * 1e3, (ours - sdk) * 1e3)
"""


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    times = [_run() for _ in range(runs)]
    sdk, ours = (min(column) for column in zip(*times, strict=True))
    print(
        f"OpenTelemetry SDK {sdk:.1f} ms, otel_bridge {ours:.1f} ms more (limit {LIMIT_MS:g} ms)"
    )
    return 0 if ours <= LIMIT_MS else 1


def _run() -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    sdk, ours = map(float, done.stdout.split())
    return sdk, ours


if __name__ == "__main__":
    sys.exit(main())
