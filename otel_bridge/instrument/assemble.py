"""Build the engine of a process from the options."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from otel_bridge.config.delivery import otlp_endpoints
from otel_bridge.config.options import Options
from otel_bridge.config.stages import convert_options, scrub_options
from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.instrument.deployment import found_contexts, found_release
from otel_bridge.instrument.destinations import batch_sink, event_sink, red_reporter
from otel_bridge.instrument.engine import Engine
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.narrator import Narrator, show_on_stderr
from otel_bridge.instrument.source import DiskSource
from otel_bridge.pipeline import Pipeline
from otel_bridge.sample.sampling import make_sampling
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Stats


def _convert_options(options: Options, environ: Mapping[str, str]) -> ConvertOptions:
    """Add what is known of this process."""
    told = convert_options(options)
    folder = Path(told.project_root) if told.project_root else None
    release = None if folder is None else found_release(environ, folder)
    return replace(told, found_release=release, found_contexts=found_contexts())


def build_engine(options: Options, environ: Mapping[str, str]) -> Engine:
    """Return an engine that has not been started."""
    stats = Stats()
    guard = Guard(stats, time.monotonic)
    sampling = make_sampling(
        options.sampling,
        options.error_budget,
        sample_rate=options.sample_rate,
        error_sampler=options.error_sampler,
        on_fault=guard.tell,
        forwards=any(at.traces_url for at in otlp_endpoints(options, environ).endpoints),
    )
    events = event_sink(options, environ, stats)
    pipeline = Pipeline(
        Scrubber(scrub_options(options)),
        Converter(_convert_options(options, environ), DiskSource()),
        stats,
        options.before_send,
        sampling,
        on_loss=events.discarded,
        send_meta=options.send_meta,
    )
    engine = Engine(
        pipeline,
        events,
        batch_sink(options, environ, stats),
        stats,
        guard,
        reporter=red_reporter(sampling.red, options, environ, guard),
    )
    if options.debug:
        show_on_stderr()
        engine.narrator = Narrator()
    return engine
