"""The places where things go, built from the options."""

import sys
from collections.abc import Mapping

from otel_bridge.config.delivery import local_path, otlp_endpoints, send_options
from otel_bridge.config.options import Options
from otel_bridge.instrument.engine import Reporter, Sink
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.terminal import render_event
from otel_bridge.sample.red import RedMetrics
from otel_bridge.send.destination import OtlpDestination, SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.group import BySignal, EventDestination, RoutedDestination, Tee
from otel_bridge.send.local import LocalSink
from otel_bridge.send.options import SendOptions
from otel_bridge.send.spotlight import SpotlightDestination, spotlight_url
from otel_bridge.stats import Stats
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.clean import CleanBatch, CleanEvent

LOCAL_MAX_BYTES = 16 * 1024 * 1024
"""Size of the local event file; one older file of the same size is kept beside it."""


def event_sink(options: Options, environ: Mapping[str, str], stats: Stats) -> EventDestination:
    """Return the destination of error events, not started."""
    send = send_options(options, environ)
    main = _main_sink(options, environ, send, stats)
    routes = [(route, SentryDestination(route.dsn, None, send, stats)) for route in options.routes]
    sink: EventDestination = RoutedDestination(routes, main, stats) if routes else main
    viewer = spotlight_url(options.spotlight or environ.get("SENTRY_SPOTLIGHT", ""))
    return Tee(sink, [SpotlightDestination(viewer)]) if viewer else sink


def batch_sink(
    options: Options, environ: Mapping[str, str], stats: Stats
) -> Sink[CleanBatch] | None:
    """Return the destination of telemetry, not started; None where nothing is forwarded."""
    endpoints = otlp_endpoints(options, environ).endpoints
    send = send_options(options, environ)
    sinks = [OtlpDestination(at, None, at.applied_to(send), stats) for at in endpoints]
    if len(sinks) < 2:  # noqa: PLR2004  # none, or one for all signals that are sent
        return sinks[0] if sinks else None
    return BySignal(dict(zip((Signal.TRACES, Signal.LOGS), sinks, strict=True)), stats)


def red_reporter(
    red: RedMetrics | None, options: Options, environ: Mapping[str, str], guard: Guard
) -> Reporter | None:
    """Return what exports the sums of requests; None without sums, or a receiver of spans."""
    endpoints = [at for at in otlp_endpoints(options, environ).endpoints if at.traces_url]
    if red is None or not endpoints:
        return None
    # Imported here: the SDK's metrics are no small thing, and few processes sum up.
    from otel_bridge.instrument.red_export import RedReporter, metric_exporter  # noqa: PLC0415

    return RedReporter(red, metric_exporter(endpoints[0]), red.interval_s, guard)


def _main_sink(
    options: Options, environ: Mapping[str, str], send: SendOptions, stats: Stats
) -> SentryDestination | LocalSink:
    if options.dsn:
        return SentryDestination(Dsn.parse(options.dsn), None, send, stats)
    return LocalSink(local_path(options, environ), LOCAL_MAX_BYTES, _show_on_terminal, stats=stats)


def _show_on_terminal(event: CleanEvent) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(render_event(event, colour=True))
