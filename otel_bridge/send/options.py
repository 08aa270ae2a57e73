"""What can be set about delivery, with the limits of every queue and wait."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

from otel_bridge.errors import ConfigError
from otel_bridge.send.proxies import Proxies

Compression = Literal["gzip", "none", "auto"]
"""``auto``: gzip, but to this machine nothing, where bytes cost less than making fewer of them."""
Protocol = Literal["http/protobuf", "grpc"]
Fsync = Literal["always", "interval", "never"]

_MAX_MULTIPLIER = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOptions:
    """How long to wait between attempts."""

    initial_s: float = 1.0
    """Seconds before the second attempt."""
    max_s: float = 60.0
    """The longest wait in seconds that we choose ourselves."""
    multiplier: float = 2.0
    jitter: float = 0.5
    """The part of each wait that is left to chance, 0 to 1: processes must not retry in step."""
    max_server_wait_s: float = 3600.0
    """The longest wait in seconds that a server may impose."""
    rate_limited: Literal["drop", "hold"] = "drop"
    """What becomes of error events while the server is over its quota.

    The Sentry protocol wants them dropped. ``hold`` keeps them, as far as queue or spool has room,
    and sends them when the limit is over.
    """
    max_strikes: int = 5
    """Give up on one item after so many server errors while other items got through."""

    def __post_init__(self) -> None:
        problems = [
            *_below(self, 0.0, "initial_s", "max_s", "max_server_wait_s"),
            *_below(self, 1, "multiplier", "max_strikes"),
        ]
        if self.multiplier > _MAX_MULTIPLIER:
            problems.append(
                f"multiplier: found {self.multiplier}; wanted at most {_MAX_MULTIPLIER}"
            )
        if not 0 <= self.jitter <= 1:
            problems.append(f"jitter: found {self.jitter}; wanted 0 to 1")
        if problems:
            raise ConfigError(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """How error events and OTLP batches leave this process."""

    timeout_s: float = 10.0
    """Seconds that one request may take, from the first byte sent to the last one read."""
    connect_timeout_s: float = 5.0
    max_queue_items: int = 1_000
    """Error events that may wait in memory."""
    max_queue_bytes: int = 32 * 2**20
    """Bytes of error events that may wait in memory."""
    otlp_max_queue_items: int = 100_000
    """Spans or log records that may wait in memory."""
    otlp_max_queue_bytes: int = 64 * 2**20
    otlp_max_request_bytes: int = 3 * 2**20
    """Larger batches are split; gRPC servers accept 4 MiB unless they are told otherwise."""
    event_max_age_s: float = 7 * 86400.0
    """Error events older than this are given up; Sentry changes the time of those over 30 days."""
    otlp_max_age_s: float = 300.0
    otlp_headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Headers of each request to an OTLP receiver."""
    otlp_protocol: Protocol = "http/protobuf"
    otlp_compression: Compression = "auto"
    retry: RetryOptions = field(default_factory=RetryOptions)
    send_client_reports: bool = True
    spool_dir: Path | None = None
    """Folder that keeps error events until they are delivered; None keeps them in memory."""
    spool_otlp: bool = False
    """Whether OTLP batches are kept there too."""
    spool_max_bytes: int = 100 * 2**20
    """Size of what one destination may keep there, for all processes that share it."""
    spool_segment_bytes: int = 4 * 2**20
    """Size at which a new file begins; at most an eighth of the whole."""
    spool_fsync: Fsync = "interval"
    """When the system is asked to write to the device.

    A crash of the process loses nothing either way, one of the machine what was not written yet.
    ``always`` syncs after each write, ``interval`` every ``spool_fsync_interval_s`` at the most.
    """
    spool_fsync_interval_s: float = 1.0
    spool_scan_s: float = 10.0
    """Seconds between two looks for what processes that ended have left there."""
    proxies: Proxies = field(default_factory=Proxies)
    ca_file: Path | None = None
    """PEM file of the authorities to trust instead of the system's."""
    client_cert_file: Path | None = None
    client_key_file: Path | None = None

    def __post_init__(self) -> None:
        problems = [
            *_below(self, 0.001, "timeout_s", "connect_timeout_s"),
            *_below(self, 0.0, "event_max_age_s", "otlp_max_age_s"),
            *_below(self, 1, "max_queue_items", "max_queue_bytes", "otlp_max_queue_items"),
            *_below(self, 1, "otlp_max_queue_bytes", "otlp_max_request_bytes"),
            *_below(self, 4096, "spool_max_bytes", "spool_segment_bytes"),
            *_below(self, 0.01, "spool_fsync_interval_s", "spool_scan_s"),
        ]
        if self.client_key_file is not None and self.client_cert_file is None:
            problems.append("client_key_file: found without client_cert_file; wanted both")
        if problems:
            raise ConfigError(problems)


def _below(options: RetryOptions | SendOptions, least: float, *names: str) -> list[str]:
    found = {each.name: getattr(options, each.name) for each in fields(options)}
    return [
        f"{name}: found {found[name]}; wanted at least {least}"
        for name in names
        if not found[name] >= least
    ]
