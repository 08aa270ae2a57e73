"""Where OTLP goes and how: from one base URL, or from the standard environment variables. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from otel_bridge.errors import ConfigError
from otel_bridge.send.headers import header_problems, parse_headers
from otel_bridge.send.options import Compression, Protocol, SendOptions
from otel_bridge.stats import Kind

_PATHS = {Kind.SPAN: "v1/traces", Kind.LOG: "v1/logs"}
_NAMES = {Kind.SPAN: "TRACES", Kind.LOG: "LOGS"}
_PREFIX = "OTEL_EXPORTER_OTLP_"
_GRPC_PORT, _HTTP_PORT = 4317, 4318
_SUSPICIOUS_MS = 1_000
"""A time-out below this was probably meant in seconds, as the stock Python exporter reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtlpEndpoint:
    """One receiver. A signal without a URL is not sent to it."""

    traces_url: str = ""
    logs_url: str = ""
    protocol: Protocol = "http/protobuf"
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    compression: Compression = "auto"
    timeout_s: float = 10.0
    ca_file: Path | None = None
    client_cert_file: Path | None = None
    client_key_file: Path | None = None

    @classmethod
    def from_base(cls, base_url: str, options: SendOptions) -> "OtlpEndpoint":
        """Return the endpoint for all signals below one URL.

        Args:
            base_url: ``http://host:4318`` for HTTP; ``http://host:4317``, ``host:4317`` for gRPC.
            options: Everything else.

        Raises:
            ConfigError: The URL is none.
        """
        _check_url(base_url, "otlp_endpoint", options.otlp_protocol)
        return cls(
            traces_url=_signal_url(base_url, Kind.SPAN, options.otlp_protocol),
            logs_url=_signal_url(base_url, Kind.LOG, options.otlp_protocol),
            protocol=options.otlp_protocol,
            headers=options.otlp_headers,
            compression=options.otlp_compression,
            timeout_s=options.timeout_s,
            ca_file=options.ca_file,
            client_cert_file=options.client_cert_file,
            client_key_file=options.client_key_file,
        )

    def url(self, kind: Kind) -> str:
        """Return the address for one kind of telemetry; empty if it is not sent."""
        return self.logs_url if kind is Kind.LOG else self.traces_url

    @property
    def name(self) -> str:
        """Host and port, for people and for file names; no secrets."""
        return urlsplit(self.traces_url or self.logs_url).netloc.rpartition("@")[2]

    @property
    def is_local(self) -> bool:
        """Whether the receiver is on this machine, of traces and of logs."""
        return all(_is_local(url) for url in (self.traces_url, self.logs_url) if url)

    def applied_to(self, options: SendOptions) -> SendOptions:
        """Return options in which what this endpoint says about requests holds."""
        compression = self.compression
        if compression == "auto":
            compression = "none" if self.is_local else "gzip"
        return replace(
            options,
            timeout_s=self.timeout_s,
            otlp_compression=compression,
            ca_file=self.ca_file,
            client_cert_file=self.client_cert_file,
            client_key_file=self.client_key_file,
        )


def _is_local(url: str) -> bool:
    host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # another name
        return False


class OtlpEnvironment(NamedTuple):
    """What the standard variables say."""

    endpoints: tuple[OtlpEndpoint, ...]
    """None, one for all signals, or one for each where they differ."""
    notes: tuple[str, ...]
    """What may not mean what it seems to."""


def otlp_from_environment(environ: Mapping[str, str]) -> OtlpEnvironment:
    """Read ``OTEL_EXPORTER_OTLP_*``; a signal's own variable wins over the one for all signals.

    Raises:
        ConfigError: All that is wrong, at once.
    """
    problems: list[str] = []
    notes: list[str] = []
    found = []
    for kind in _PATHS:
        variables = _Variables(environ, kind)
        endpoint = _endpoint(variables, kind, problems, notes)
        if endpoint is not None:
            found.append(endpoint)
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))
    unique_notes = tuple(dict.fromkeys(notes))
    if len(found) == len(_PATHS):
        both = replace(found[0], logs_url=found[1].logs_url)
        if both == replace(found[1], traces_url=found[0].traces_url):
            return OtlpEnvironment((both,), unique_notes)
    return OtlpEnvironment(tuple(found), unique_notes)


class _Variables:
    """The variables of one signal."""

    def __init__(self, environ: Mapping[str, str], kind: Kind) -> None:
        self._environ = environ
        self._kind = kind

    def read(self, name: str) -> tuple[str, str]:
        """Return the value and the name of the variable that counts."""
        for variable in (f"{_PREFIX}{_NAMES[self._kind]}_{name}", f"{_PREFIX}{name}"):
            # "The SDK MUST interpret an empty value of an environment variable the same way as
            # when the variable is unset."
            if value := self._environ.get(variable, "").strip():
                return value, variable
        return "", f"{_PREFIX}{name}"

    def path(self, name: str) -> Path | None:
        value, _ = self.read(name)
        return Path(value) if value else None


def _endpoint(
    variables: _Variables, kind: Kind, problems: list[str], notes: list[str]
) -> OtlpEndpoint | None:
    base, variable = variables.read("ENDPOINT")
    if not base:
        return None
    protocol = _choice(variables, "PROTOCOL", ("http/protobuf", "grpc"), problems)
    compression = "auto"
    if variables.read("COMPRESSION")[0]:
        compression = _choice(variables, "COMPRESSION", ("gzip", "none"), problems)
    if protocol == "grpc" and "://" not in base:
        base = f"http{'' if variables.read('INSECURE')[0].lower() == 'true' else 's'}://{base}"
    try:
        _check_url(base, variable, protocol)
    except ConfigError as error:
        problems.extend(error.problems)
        return None
    if protocol != "grpc" and urlsplit(base).port == _GRPC_PORT:
        notes.append(f"{variable}: port 4317 is usually gRPC, and the protocol is {protocol}")
    if protocol == "grpc" and _speaks_http(base):
        # opentelemetry-distro sets the variable to grpc where nobody has set it, and then nothing
        # would ever arrive. No note: most who get here have written no such thing.
        protocol = "http/protobuf"
    is_own = _NAMES[kind] in variable
    url = base if is_own else _signal_url(base, kind, cast("Protocol", protocol))
    return OtlpEndpoint(
        traces_url=url if kind is Kind.SPAN else "",
        logs_url=url if kind is Kind.LOG else "",
        protocol=cast("Protocol", protocol),
        headers=_headers(variables, problems),
        compression=cast("Compression", compression),
        timeout_s=_timeout(variables, problems, notes),
        ca_file=variables.path("CERTIFICATE"),
        client_cert_file=variables.path("CLIENT_CERTIFICATE"),
        client_key_file=variables.path("CLIENT_KEY"),
    )


def _speaks_http(url: str) -> bool:
    """Whether an address can only be one of OTLP/HTTP: gRPC has its own port and no paths."""
    parts = urlsplit(url)
    return parts.port == _HTTP_PORT or parts.path not in {"", "/"}


def _choice(
    variables: _Variables, name: str, allowed: tuple[str, ...], problems: list[str]
) -> str:
    value, variable = variables.read(name)
    if value and value.lower() not in allowed:
        problems.append(f"{variable}: found {value!r}; wanted {' or '.join(allowed)}")
    return value.lower() if value.lower() in allowed else allowed[0]


def _timeout(variables: _Variables, problems: list[str], notes: list[str]) -> float:
    value, variable = variables.read("TIMEOUT")
    if not value:
        return 10.0
    if not value.isdecimal() or int(value) == 0:
        problems.append(f"{variable}: found {value!r}; wanted milliseconds, at least 1")
        return 10.0
    if int(value) < _SUSPICIOUS_MS:
        notes.append(
            f"{variable}: {value} is milliseconds, as the specification says; "
            "the stock Python exporter would read seconds"
        )
    return int(value) / 1000


def _headers(variables: _Variables, problems: list[str]) -> tuple[tuple[str, str], ...]:
    value, variable = variables.read("HEADERS")
    try:
        found = parse_headers(value)
    except ValueError as error:
        problems.append(f"{variable}: {error}")
        return ()
    problems.extend(header_problems(found, variable))
    return found


def _signal_url(base_url: str, kind: Kind, protocol: str) -> str:
    return base_url if protocol == "grpc" else f"{base_url.rstrip('/')}/{_PATHS[kind]}"


def _check_url(url: str, where: str, protocol: str) -> None:
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
        right = bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        right = False
    schemes = ("http", "https", "") if protocol == "grpc" else ("http", "https")
    if not right or parts.scheme not in schemes:
        # What was found is not shown: it may hold a password.
        raise ConfigError([f"{where}: not a URL; wanted http(s)://HOST:PORT"])
