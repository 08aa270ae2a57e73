"""Build the engine of a process from the options."""

import sys
import time
from collections.abc import Mapping

from otel_bridge.config.options import Options
from otel_bridge.config.stages import convert_options, local_path, scrub_options
from otel_bridge.convert.converter import Converter
from otel_bridge.instrument.engine import Engine, EventSink
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.source import DiskSource
from otel_bridge.instrument.terminal import render_event
from otel_bridge.pipeline import Pipeline
from otel_bridge.sample.sampling import make_sampling
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.send.destination import OtlpDestination, SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.local import LocalSink
from otel_bridge.send.options import SendOptions
from otel_bridge.send.transport import HttpTransport
from otel_bridge.stats import Stats
from otel_bridge.wire.clean import CleanEvent

LOCAL_MAX_BYTES = 16 * 1024 * 1024
"""Size of the local event file; one older file of the same size is kept beside it."""


def build_engine(options: Options, environ: Mapping[str, str]) -> Engine:
    """Return an engine that has not been started."""
    stats = Stats()
    guard = Guard(stats, time.monotonic)
    send = SendOptions(otlp_headers=tuple(options.otlp_headers.items()))
    transport = HttpTransport(send)
    pipeline = Pipeline(
        Scrubber(scrub_options(options)),
        Converter(convert_options(options), DiskSource()),
        stats,
        options.before_send,
        make_sampling(
            options.sampling,
            options.error_budget,
            sample_rate=options.sample_rate,
            error_sampler=options.error_sampler,
            on_fault=guard.tell,
        ),
    )
    batches = (
        OtlpDestination(options.otlp_endpoint, transport, send, stats)
        if options.otlp_endpoint
        else None
    )
    return Engine(
        pipeline,
        _event_sink(options, environ, transport, send, stats),
        batches,
        stats,
        guard,
    )


def _event_sink(
    options: Options,
    environ: Mapping[str, str],
    transport: HttpTransport,
    send: SendOptions,
    stats: Stats,
) -> EventSink:
    if options.dsn:
        return SentryDestination(Dsn.parse(options.dsn), transport, send, stats)
    return LocalSink(local_path(options, environ), LOCAL_MAX_BYTES, _show_on_terminal, stats=stats)


def _show_on_terminal(event: CleanEvent) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(render_event(event, colour=True))
