"""The bridge's own counts as OpenTelemetry metrics, by the names that the SDKs use."""

from collections.abc import Iterable, Mapping

from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation

from otel_bridge.stats import Fate, Kind, Stats
from otel_bridge.version import __version__

_NAMES = {
    # Semantic conventions, "Semantic conventions for OpenTelemetry SDK metrics"
    Kind.SPAN: ("otel.sdk.exporter.span.exported", "{span}"),
    Kind.LOG: ("otel.sdk.exporter.log.exported", "{log_record}"),
    # not OpenTelemetry's, so ours
    Kind.ERROR: ("otel_bridge.error.processed", "{error}"),
}


def observe(stats: Stats, provider: MeterProvider) -> None:
    """Have a meter provider read the fates of everything.

    A counter has no ``error.type`` for what was delivered, and the fate (with its reason behind a
    colon) for everything else.

    Args:
        stats: What is read.
        provider: Who reads, when its readers want to.
    """
    meter = provider.get_meter("otel_bridge", __version__)
    for kind, (name, unit) in _NAMES.items():
        meter.create_observable_counter(name, [_Reader(stats, kind)], unit)


class _Reader:
    def __init__(self, stats: Stats, kind: Kind) -> None:
        self._stats = stats
        self._kind = kind

    def __call__(self, options: CallbackOptions) -> Iterable[Observation]:  # noqa: ARG002  # the API's signature
        counts: Mapping[str, object] = self._stats.snapshot()[str(self._kind)]
        for fate, count in counts.items():
            if fate != "received" and isinstance(count, int):
                yield Observation(count, {} if fate == Fate.DELIVERED else {"error.type": fate})
