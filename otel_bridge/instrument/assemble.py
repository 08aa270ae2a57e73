"""Build the engine of a process from the options."""

import time
from collections.abc import Mapping

from otel_bridge.config.options import Options
from otel_bridge.config.stages import convert_options, scrub_options
from otel_bridge.convert.converter import Converter
from otel_bridge.instrument.destinations import batch_sink, event_sink, red_reporter
from otel_bridge.instrument.engine import Engine
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.narrator import Narrator, show_on_stderr
from otel_bridge.instrument.source import DiskSource
from otel_bridge.pipeline import Pipeline
from otel_bridge.sample.sampling import make_sampling
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Stats


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
    )
    pipeline = Pipeline(
        Scrubber(scrub_options(options)),
        Converter(convert_options(options), DiskSource()),
        stats,
        options.before_send,
        sampling,
        send_meta=options.send_meta,
    )
    engine = Engine(
        pipeline,
        event_sink(options, environ, stats),
        batch_sink(options, environ, stats),
        stats,
        guard,
        reporter=red_reporter(sampling.red, options, environ, guard),
    )
    if options.debug:
        show_on_stderr()
        engine.narrator = Narrator()
    return engine
