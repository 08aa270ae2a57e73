"""What the convert stage is told: who sends, what counts as an error, how long one may wait."""

from dataclasses import dataclass, field

from otel_bridge.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class FingerprintRule:
    """Group events that match under a fingerprint of your own.

    All conditions must hold; an empty condition always holds. ``*`` stands for any text.
    """

    fingerprint: tuple[str, ...]
    """Parts; ``{{ default }}`` and variables such as ``{{ error.type }}`` are filled in."""
    type: str = "*"
    message: str = "*"
    module: str = "*"
    function: str = "*"
    transaction: str = "*"
    logger: str = "*"
    level: str = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertOptions:
    """Options of the convert stage.

    Raises:
        ConfigError: A limit is out of its range.
    """

    release: str | None = None
    environment: str | None = None
    dist: str | None = None
    server_name: str | None = None
    ignore_errors: tuple[type[BaseException] | str, ...] = ()
    in_app_include: tuple[str, ...] = ()
    in_app_exclude: tuple[str, ...] = ()
    project_root: str | None = None
    """The folder of the code in this process; None where the telemetry comes from elsewhere."""
    source_roots: tuple[str, ...] = ()
    """Folders that Python modules of telemetry from elsewhere are named from."""
    max_breadcrumbs: int = 100
    include_local_variables: bool = False
    send_default_pii: bool = False
    failed_spans: bool = False
    """Whether a failed span without any exception is an error event, too."""
    ignore_health_checks: bool = True
    ignore_bots: bool = True
    release_names_service: bool = False
    """Whether a release taken from the resource is ``name@version``."""
    found_release: str | None = None
    """What git or the platform says; used where neither option nor resource says more."""
    found_server_name: str | None = None
    """The name of this host, likewise."""
    found_contexts: dict[str, dict[str, str]] = field(default_factory=dict)
    """Contexts of this process, such as ``runtime``, likewise."""
    tags_from_attributes: tuple[str, ...] = ("area",)
    """Attributes of spans, logs and resources that become tags of the same name."""
    fingerprint_rules: tuple[FingerprintRule, ...] = ()
    source_context_lines: int = 5
    """Lines of source before and after the line that failed."""
    max_wait_s: float = 10.0
    """How long an error waits for the span of its request."""
    max_loose_wait_s: float = 2.0
    """How long an error logged outside any trace waits for a trace that tells of it, too."""
    settle_s: float = 0.0
    """How long an error waits for records that arrive after the span of its request."""
    max_waiting: int = 1_000
    max_waiting_bytes: int = 16 * 1024 * 1024
    max_recent: int = 20_000
    """Records remembered for ancestry, requests and breadcrumbs."""
    max_recent_bytes: int = 16 * 1024 * 1024
    max_recent_age_s: float = 300.0
    duplicate_window_s: float = 900.0
    """How long a failure that was sent is remembered."""
    max_remembered: int = 10_000

    def __post_init__(self) -> None:
        problems = [
            f"{name}: found {value}, wanted at least {least}"
            for name, least in (
                ("max_breadcrumbs", 0),
                ("source_context_lines", 0),
                ("max_wait_s", 0),
                ("max_loose_wait_s", 0),
                ("settle_s", 0),
                ("max_waiting", 1),
                ("max_waiting_bytes", 1),
                ("max_recent", 1),
                ("max_recent_bytes", 1),
                ("max_recent_age_s", 0),
                ("duplicate_window_s", 0),
                ("max_remembered", 1),
            )
            if (value := getattr(self, name)) < least
        ]
        if problems:
            raise ConfigError(problems)
