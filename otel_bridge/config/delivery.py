"""From the one configuration to the options of delivery, and to the places things go."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from otel_bridge.config.env import state_dir
from otel_bridge.config.options import Options
from otel_bridge.config.tables import tables_from
from otel_bridge.errors import ConfigError
from otel_bridge.send.headers import header_problems, parse_headers
from otel_bridge.send.options import SendOptions
from otel_bridge.send.otlp_endpoint import OtlpEndpoint, OtlpEnvironment, otlp_from_environment
from otel_bridge.send.proxies import Proxies
from otel_bridge.send.routing import Route, parse_routes

NO_SPOOL = "none"


def routes_from(value: object) -> tuple[Route, ...]:
    """Return the rules of ``routes`` for tables, for their JSON text, or for rules.

    Raises:
        ConfigError: Every problem, each with its place.
    """
    tables = tables_from("routes", value)
    if tables and all(isinstance(route, Route) for route in tables):
        return tuple(tables)
    odd = [n for n, table in enumerate(tables) if not isinstance(table, Mapping)]
    if odd:
        raise ConfigError([f"routes[{number}]: wanted a table" for number in odd])
    return parse_routes(tables)


def headers_from(value: object) -> dict[str, str]:
    """Return the headers of ``otlp_headers`` for a table, or for the text of the environment.

    Raises:
        ConfigError: Every problem, each with its place; never a value.
    """
    try:
        pairs = parse_headers(value) if isinstance(value, str) else _pairs(value)
    except ValueError as error:
        raise ConfigError([f"otlp_headers: {error}"]) from None
    if problems := header_problems(pairs, "otlp_headers"):
        raise ConfigError(problems)
    return dict(pairs)


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, Mapping):
        raise ValueError("wanted a table of names and texts")  # noqa: TRY004  # told as a problem
    if not all(isinstance(each, str) for pair in value.items() for each in pair):
        raise ValueError("wanted texts as names and values")
    return tuple(value.items())


READERS: Mapping[str, Callable[[object], object]] = {
    "routes": routes_from,
    "otlp_headers": headers_from,
}
"""Options that know themselves how they are read."""


def send_options(options: Options, environ: Mapping[str, str]) -> SendOptions:
    """Return what the send stage is told.

    Raises:
        ConfigError: Values that do not go together.
    """
    proxies = Proxies.from_environment(environ)
    return SendOptions(
        otlp_protocol=options.otlp_protocol,
        otlp_headers=tuple(options.otlp_headers.items()),
        ca_file=Path(options.ca_certs) if options.ca_certs else None,
        proxies=replace(
            proxies,
            http=options.http_proxy or proxies.http,
            https=options.https_proxy or proxies.https,
        ),
        spool_dir=spool_path(options, environ),
    )


def otlp_endpoints(options: Options, environ: Mapping[str, str]) -> OtlpEnvironment:
    """Return where clean telemetry goes: our own option, else the standard variables.

    Raises:
        ConfigError: All that is wrong, at once.
    """
    if options.otlp_endpoint:
        send = send_options(options, environ)
        return OtlpEnvironment((OtlpEndpoint.from_base(options.otlp_endpoint, send),), ())
    return otlp_from_environment(environ)


def local_path(options: Options, environ: Mapping[str, str]) -> Path:
    """Return the file that takes error events when there is no DSN."""
    folder = _path(options.local_dir) if options.local_dir else state_dir(environ)
    return folder / "events.jsonl"


def spool_path(options: Options, environ: Mapping[str, str]) -> Path | None:
    """Return the folder in which error events wait on disk; None for memory only."""
    if options.spool_dir == NO_SPOOL:
        return None
    return _path(options.spool_dir) if options.spool_dir else state_dir(environ) / "spool"


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody's home
        return Path(text)
