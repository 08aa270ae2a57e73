"""Any span exporter of the SDK as the way out, fed with scrubbed spans."""

from google.protobuf.message import DecodeError
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from otel_bridge.send.clock import Clock, SystemClock
from otel_bridge.send.destination import otlp_lane
from otel_bridge.send.lane import World
from otel_bridge.send.options import SendOptions
from otel_bridge.send.parcel import Parcel
from otel_bridge.send.readable import readable_spans
from otel_bridge.send.retry import Delivered, Refused, Verdict
from otel_bridge.send.transport import not_instrumented
from otel_bridge.send.worker import MakeRunner, Worker
from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.clean import CleanBatch

_SPANS_AT_A_TIME = 512
"""What the SDK's own batch processor gives an exporter at the most."""


class ExporterDestination:
    """Gives clean traces to a stock exporter, on a thread of its own; logs are dropped.

    The exporter does its own retries; what it fails at is lost and counted, as the SDK's
    specification wants it.

    Args:
        exporter: For example ``ConsoleSpanExporter()``.
        options: Limits.
        stats: Where each span's fate is counted.
        clock: The time.
        make_runner: Makes what calls the steps of a delivery; a thread by default.
    """

    def __init__(
        self,
        exporter: SpanExporter,
        options: SendOptions | None = None,
        stats: Stats | None = None,
        clock: Clock | None = None,
        *,
        make_runner: MakeRunner = Worker,
    ) -> None:
        self._options = options or SendOptions()
        self._stats = stats or Stats()
        self._clock = clock or SystemClock()
        self._exporter = exporter
        self._closed = False
        name = type(exporter).__name__
        world = World(stats=self._stats, clock=self._clock, make_runner=make_runner)
        self._lane = otlp_lane(name, name, _Carrier(exporter), self._options, world)

    def start(self) -> None:
        """Start the thread; offering a batch does it too."""
        self._lane.start()

    def offer(self, batch: CleanBatch) -> None:
        """Take a batch over. Never blocks; the fate of its spans is counted."""
        if self._lane.is_forked():
            self.after_fork_in_child()
        if batch.signal is not Signal.TRACES:
            self._stats.fate(Kind.LOG, Fate.FILTERED, len(batch), reason="no_endpoint")
            return
        limit = self._options.otlp_max_request_bytes
        for items, body in batch.requests(max_bytes=limit, max_items=_SPANS_AT_A_TIME):
            if items:
                self._lane.offer(
                    Parcel(kind=Kind.SPAN, items=items, body=body, accepted_at=self._clock.now())
                )

    def hurry(self) -> None:
        """Try everything now, without waiting for it."""
        self._lane.hurry()

    def flush(self, timeout: float) -> bool:
        """Export everything now; True if every span since the last flush was exported."""
        return self._lane.flush(timeout)

    def shutdown(self, timeout: float) -> bool:
        """Export everything and stop; True if every span since the last flush was exported."""
        done = self._lane.shutdown(timeout)
        if not self._closed:
            self._closed = True
            self._exporter.shutdown()
        return done

    def after_fork_in_child(self) -> None:
        """Begin anew in a forked child: what the parent holds, the parent delivers."""
        self._lane.after_fork_in_child()


class _Carrier:
    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def wait(self, parcel: Parcel) -> float:  # noqa: ARG002  # it has no limits
        return 0.0

    def idle(self) -> float | None:
        return None

    def deliver(self, parcel: Parcel, body: bytes) -> Verdict:  # noqa: ARG002  # all are spans
        try:
            spans = list(readable_spans(body))
        except DecodeError:
            return Refused("not_otlp")
        with not_instrumented():
            try:
                result = self._exporter.export(spans)
            except Exception:  # noqa: BLE001  # not our code; what it could not do, it cannot do
                return Refused("exporter_raised")
        return Delivered() if result is SpanExportResult.SUCCESS else Refused("exporter_failed")
