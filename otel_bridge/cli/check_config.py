"""``otel-bridge check-config``: are the options usable, and what would go where."""

import argparse
import sys

import msgspec

from otel_bridge.config.delivery import local_path, otlp_endpoints, spool_path
from otel_bridge.config.env import environment
from otel_bridge.config.load import SECRET_OPTIONS, Loaded, load, without_userinfo
from otel_bridge.errors import ConfigError
from otel_bridge.send.dsn import Dsn


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "check-config",
        help="validate the options and say what would go where",
        description="Read the options as an application would (environment and configuration "
        "file) and print each with its origin, secrets masked.",
    )
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Print the configuration, or every problem with it on standard error."""
    del parsed
    environ = environment()
    try:
        loaded = load({}, environ)
    except ConfigError as error:
        for problem in error.problems:
            sys.stderr.write(f"otel-bridge: {problem}\n")
        return 2
    for field in msgspec.structs.fields(loaded.options):
        print(f"{field.name:<24} {_shown(loaded, field.name):<40} {_origin(loaded, field.name)}")
    print()
    options = loaded.options
    print(f"error events -> {_events_go(options.dsn, str(local_path(options, environ)))}")
    for route in options.routes:
        print(f"  some of them -> {route.dsn.envelope_url}")
    if options.dsn or options.routes:
        print(f"  until then  -> {spool_path(options, environ) or 'memory only'}")
    endpoints, notes = otlp_endpoints(options, environ)
    urls = [url for at in endpoints for url in (at.traces_url, at.logs_url) if url]
    places = ", ".join(str(without_userinfo(url)) for url in urls)
    print(f"telemetry    -> {places or 'nowhere: no otlp_endpoint is set'}")
    for note in notes:
        print(f"note: {note}")
    return 0


def _shown(loaded: Loaded, name: str) -> str:
    value = getattr(loaded.options, name)
    if name in SECRET_OPTIONS and value:
        return repr(Dsn.parse(value)) if name == "dsn" else "(set)"
    return repr(without_userinfo(value))


def _origin(loaded: Loaded, name: str) -> str:
    return loaded.origins.get(name, "default")


def _events_go(dsn: str | None, path: str) -> str:
    return Dsn.parse(dsn).envelope_url if dsn else f"{path} (no dsn is set; nothing is sent)"
