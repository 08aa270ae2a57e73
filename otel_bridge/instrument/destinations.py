"""The places where things go, built from the options."""

import sys
from collections.abc import Mapping

from otel_bridge.config.delivery import local_path, otlp_endpoints, send_options
from otel_bridge.config.options import Options
from otel_bridge.instrument.engine import Sink
from otel_bridge.instrument.terminal import render_event
from otel_bridge.send.destination import OtlpDestination, SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.group import BySignal, RoutedDestination, Tee
from otel_bridge.send.local import LocalSink
from otel_bridge.send.options import SendOptions
from otel_bridge.send.spotlight import SpotlightDestination, spotlight_url
from otel_bridge.stats import Stats
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.clean import CleanBatch, CleanEvent

LOCAL_MAX_BYTES = 16 * 1024 * 1024
"""Size of the local event file; one older file of the same size is kept beside it."""


def event_sink(options: Options, environ: Mapping[str, str], stats: Stats) -> Sink[CleanEvent]:
    """Return the destination of error events, not started."""
    send = send_options(options, environ)
    main = _main_sink(options, environ, send, stats)
    routes = [(route, SentryDestination(route.dsn, None, send, stats)) for route in options.routes]
    sink = RoutedDestination(routes, main, stats) if routes else main
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


def _main_sink(
    options: Options, environ: Mapping[str, str], send: SendOptions, stats: Stats
) -> SentryDestination | LocalSink:
    if options.dsn:
        return SentryDestination(Dsn.parse(options.dsn), None, send, stats)
    return LocalSink(local_path(options, environ), LOCAL_MAX_BYTES, _show_on_terminal, stats=stats)


def _show_on_terminal(event: CleanEvent) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(render_event(event, colour=True))
