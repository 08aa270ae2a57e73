"""Measures (d), what waiting spans take: ``python -m tests.benchmarks.measure_memory HOW``.

``HOW`` is ``objects``, as the stock processor keeps them, or ``bytes``, as the bridge does. Prints
the peak above the memory that the process had before, in MiB.
"""

import resource
import sys

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider

from otel_bridge.wire.batch import Batch
from otel_bridge.wire.encode import SpanEncoder
from tests.benchmarks.load import Load

SPANS = 100_000
CHUNK = 512


class _Waiting(SpanProcessor):
    """Keeps every span, encoded in chunks or as it is."""

    def __init__(self, *, encodes: bool) -> None:
        self._encoder = SpanEncoder() if encodes else None
        self._fresh: list[ReadableSpan] = []
        self._batches: list[Batch] = []

    def on_end(self, span: ReadableSpan) -> None:
        self._fresh.append(span)
        if self._encoder is not None and len(self._fresh) == CHUNK:
            self._batches.append(self._encoder.batch(self._fresh))
            self._fresh.clear()


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    waiting = _Waiting(encodes=sys.argv[1] == "bytes")
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(waiting)
    tracer = provider.get_tracer("bench", "1.0")
    load = Load(15)
    load.run(tracer, 1000)
    before = peak_mib()
    load.run(tracer, SPANS)
    print(peak_mib() - before)


if __name__ == "__main__":
    main()
