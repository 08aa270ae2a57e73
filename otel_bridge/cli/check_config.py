"""``otel-bridge check-config``: are the options usable, and what would go where."""

import argparse
import sys
from collections.abc import Mapping

import msgspec

from otel_bridge.config.delivery import local_path, otlp_endpoints, spool_path
from otel_bridge.config.env import environment
from otel_bridge.config.load import SECRET_OPTIONS, Loaded, load, without_userinfo
from otel_bridge.config.options import Options
from otel_bridge.errors import ConfigError
from otel_bridge.instrument.surroundings import installed_without_spans
from otel_bridge.send.dsn import Dsn

_OTLP_PREFIX = "OTEL_EXPORTER_OTLP_"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "check-config",
        help="validate the options and say what would go where",
        description="Read the options as an application would (environment and configuration "
        "file) and print each with its origin, secrets masked.",
    )
    parser.add_argument(
        "--test",
        action="store_true",
        help="also send a test event to each tracker and an empty request to each OTLP receiver",
    )
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Print the configuration, or every problem with it on standard error."""
    environ = environment()
    try:
        loaded = load({}, environ)
    except ConfigError as error:
        for problem in error.problems:
            sys.stderr.write(f"otel-bridge: {problem}\n")
        return 2
    _print_options(loaded, environ)
    print()
    _print_places(loaded.options, environ)
    return _test(loaded.options, environ) if parsed.test else 0


def _test(options: Options, environ: Mapping[str, str]) -> int:
    # Imported here: it brings the whole of delivery with it.
    from otel_bridge.cli.trial import try_destinations  # noqa: PLC0415

    print()
    trials = list(try_destinations(options, environ))
    for trial in trials:
        state = "ok" if trial.succeeded else "FAILED"
        print(f"{state:<7}{without_userinfo(trial.place)} {trial.outcome}")
    if not trials:
        print("nothing to test: everything stays on this machine")
    return 0 if all(trial.succeeded for trial in trials) else 1


def _print_options(loaded: Loaded, environ: Mapping[str, str]) -> None:
    for field in msgspec.structs.fields(loaded.options):
        name = field.name
        origin = loaded.origins.get(name) or _standard_origin(name, environ) or "default"
        print(f"{name:<24} {_shown(loaded, name, origin):<40} {origin}")


def _print_places(options: Options, environ: Mapping[str, str]) -> None:
    print(f"error events -> {_events_go(options.dsn, str(local_path(options, environ)))}")
    for route in options.routes:
        print(f"  some of them -> {route.dsn.envelope_url}")
    if options.dsn or options.routes:
        print(f"  until then  -> {spool_path(options, environ) or 'memory only'}")
    endpoints, notes = otlp_endpoints(options, environ)
    urls = [url for at in endpoints for url in (at.traces_url, at.logs_url) if url]
    places = ", ".join(str(without_userinfo(url)) for url in urls)
    print(f"telemetry    -> {places or 'nowhere: no otlp_endpoint is set'}")
    idle = _idle_sampling(options) if not any(at.traces_url for at in endpoints) else ()
    for note in (*notes, *idle, *installed_without_spans()):
        print(f"note: {note}")


def _idle_sampling(options: Options) -> list[str]:
    """Return a sentence for each part of sampling that needs spans to be forwarded."""
    sampling = options.sampling
    if sampling is None:
        return []
    does_nothing = {
        "tail": sampling.tail is not None and not sampling.tail.shadow,
        "red": sampling.red is not None,
    }
    return [
        f"sampling.{part} does nothing while no otlp_endpoint takes spans"
        for part, is_idle in does_nothing.items()
        if is_idle
    ]


def _shown(loaded: Loaded, name: str, origin: str) -> str:
    value = getattr(loaded.options, name)
    if origin.startswith(_OTLP_PREFIX) and name not in loaded.origins:
        return "(set)" if name in SECRET_OPTIONS else "(see below)"
    if name in SECRET_OPTIONS and value:
        return repr(Dsn.parse(value)) if name == "dsn" else "(set)"
    return repr(without_userinfo(value))


def _standard_origin(name: str, environ: Mapping[str, str]) -> str | None:
    """Return OpenTelemetry's own variables for an option of OTLP, where they are what counts."""
    kind = name.removeprefix("otlp_").upper()
    if name == kind.lower():
        return None
    found = [
        variable
        for signal in ("TRACES_", "LOGS_", "")
        if environ.get(variable := f"{_OTLP_PREFIX}{signal}{kind}", "").strip()
    ]
    return ", ".join(found) or None


def _events_go(dsn: str | None, path: str) -> str:
    return Dsn.parse(dsn).envelope_url if dsn else f"{path} (no dsn is set; nothing is sent)"
