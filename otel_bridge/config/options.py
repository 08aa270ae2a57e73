"""Every option of the bridge: its name, type, range, default and meaning.

One table feeds the keyword arguments, the environment, the configuration file and the
documentation; whoever adds an option adds it here and nowhere else.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypedDict

from msgspec import Meta, Struct, field

from otel_bridge.convert.options import FingerprintRule
from otel_bridge.sample.budget import ErrorSampler
from otel_bridge.sample.head import TracesSampler
from otel_bridge.sample.options import BudgetOptions, SamplingOptions
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.send.routing import Route

BeforeSend = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any] | None]
"""Called with the event and a hint; returns the event to send, or None to drop it."""

LogLevel = Literal["off", "debug", "info", "warning", "error", "critical"]


class Options(Struct, frozen=True, kw_only=True):
    """The whole configuration, validated. Build it with ``otel_bridge.config.load.load``."""

    dsn: Annotated[
        str | None,
        Meta(
            description="Where error events go: Sentry, GlitchTip, Bugsink or anything else that "
            "takes a DSN. Without one, events go to a file on this machine and nothing is sent."
        ),
    ] = None
    otlp_endpoint: Annotated[
        str | None,
        Meta(
            description="Base URL of the OTLP receiver that gets the scrubbed spans, "
            "for example `http://localhost:4318`. Without one, the standard "
            "`OTEL_EXPORTER_OTLP_*` variables say where; without those, nothing is forwarded."
        ),
    ] = None
    otlp_protocol: Annotated[
        Literal["http/protobuf", "grpc"],
        Meta(description="How `otlp_endpoint` is spoken to; gRPC is usually on port 4317."),
    ] = "http/protobuf"
    otlp_headers: Annotated[
        dict[str, str],
        Meta(
            description="Headers for OTLP requests; in the environment `name=value,name=value`, "
            "percent-encoded."
        ),
    ] = {}
    routes: Annotated[
        tuple[Route, ...],
        Meta(
            description="Error events for other projects: tables with a `dsn` and what they must "
            "match (`tags`, `service`, `route`, `environment`); the first that matches counts. "
            "In the environment JSON. See [delivery](delivery.md)."
        ),
    ] = ()
    spotlight: Annotated[
        str | None,
        Meta(
            description="Also show every event in Spotlight: its URL, or `true` for the one on "
            "this machine."
        ),
    ] = None
    spool_dir: Annotated[
        str | None,
        Meta(
            description="Folder in which error events for a DSN wait until they are delivered, "
            "across restarts; `none` keeps them in memory only. "
            "Default: `otel_bridge/spool` in the user's state folder."
        ),
    ] = None
    ca_certs: Annotated[
        str | None,
        Meta(description="PEM file of the authorities to trust instead of the system's."),
    ] = None
    http_proxy: Annotated[
        str | None,
        Meta(description="Proxy for `http` URLs; by default the usual variables say which."),
    ] = None
    https_proxy: Annotated[str | None, Meta(description="The same for `https` URLs.")] = None
    release: Annotated[
        Annotated[str, Meta(max_length=200)] | None,
        Meta(
            description="The version of your service. Default: the resource's `service.version`."
        ),
    ] = None
    environment: Annotated[
        Annotated[str, Meta(max_length=64)] | None,
        Meta(
            description="Deployment environment. Default: the resource's "
            "`deployment.environment.name`, else `production`."
        ),
    ] = None
    dist: Annotated[
        Annotated[str, Meta(pattern=r"^[a-zA-Z0-9_.-]{1,64}$")] | None,
        Meta(description="Build of the release: letters, digits and `_.-`, at most 64."),
    ] = None
    server_name: Annotated[
        str | None, Meta(description="Name of this host. Default: the host's own name.")
    ] = None
    before_send: Annotated[
        BeforeSend | None,
        Meta(
            description="Called with every error event before it is sent; may change it or return "
            "None to drop it. What it returns is scrubbed again. Keyword only."
        ),
    ] = None
    ignore_errors: Annotated[
        list[Any],
        Meta(
            description="Exceptions that are not errors to you: classes (with their subclasses) "
            "or names (`KeyError`, `mypackage.Expected`)."
        ),
    ] = []
    ignore_health_checks: Annotated[
        bool, Meta(description="Leave out failures of requests to health checks and from probes.")
    ] = True
    ignore_bots: Annotated[
        bool, Meta(description="Leave out failures of requests from crawlers and scanners.")
    ] = True
    failed_spans: Annotated[
        bool,
        Meta(
            description="Make an event of a request or job that failed (5xx, `error.type`) "
            "without any exception. See [errors](errors.md)."
        ),
    ] = False
    fingerprint_rules: Annotated[
        Sequence[FingerprintRule],
        Meta(
            description="Group events your way: a list of tables with `fingerprint` (texts, "
            "`{{ default }}` and variables filled in) and conditions, `*` for any text, on "
            "`type`, `message`, `module`, `function`, `transaction`, `logger`, `level`. In the "
            "environment JSON."
        ),
    ] = ()
    tags_from_attributes: Annotated[
        list[str],
        Meta(description="Attributes of spans, logs and resources that become tags of events."),
    ] = field(default_factory=lambda: ["area"])
    in_app_include: Annotated[
        list[str], Meta(description="Modules that count as your code, whatever their path.")
    ] = []
    in_app_exclude: Annotated[
        list[str], Meta(description="Modules that do not count as your code.")
    ] = []
    max_breadcrumbs: Annotated[
        int, Meta(description="Breadcrumbs an event keeps, the newest.", ge=0, le=1000)
    ] = 100
    include_local_variables: Annotated[
        bool, Meta(description="Send the local variables of each frame, scrubbed.")
    ] = False
    send_default_pii: Annotated[
        bool,
        Meta(description="Send client address, e-mail, user name and cookies (still scrubbed)."),
    ] = False
    log_correlation: Annotated[
        bool,
        Meta(
            description="Give each record of stdlib logging `trace_id`, `span_id`, `trace_flags`, "
            "`error_id` and `request_id`, as far as they are known."
        ),
    ] = True
    log_correlation_names: Annotated[
        Literal["standard", "otel_python"],
        Meta(
            description="`otel_python` adds `otelTraceID`, `otelSpanID`, `otelTraceSampled` and "
            "`otelServiceName`, the names of `opentelemetry-instrumentation-logging`."
        ),
    ] = "standard"
    log_correlation_absent: Annotated[
        Literal["omit", "empty"],
        Meta(description="Whether a field that is not known is left out or empty."),
    ] = "omit"
    log_level: Annotated[
        LogLevel,
        Meta(
            description="Lowest level of stdlib log records that are taken in: as breadcrumbs, "
            "and as error events if they tell of an exception at level `error` or above."
        ),
    ] = "info"
    log_event_level: Annotated[
        LogLevel,
        Meta(description="Lowest level at which a line without an exception is an error event."),
    ] = "off"
    forward_logs: Annotated[
        bool,
        Meta(description="Forward the log records taken in as OTLP logs to `otlp_endpoint`, too."),
    ] = False
    trace_response_header: Annotated[
        bool,
        Meta(
            description="Answer HTTP requests with the header `traceresponse`, which holds the "
            "trace id. Needs an OpenTelemetry instrumentation of the web framework."
        ),
    ] = False
    scrub_other_exporters: Annotated[
        bool,
        Meta(
            description="Scrub also what other span processors and exporters of the process send, "
            "and switch off an OTLP exporter that sends the same spans to the same place."
        ),
    ] = True
    send_meta: Annotated[
        bool,
        Meta(
            description="Send notes on what was redacted or cut with each event, in `_meta`. "
            "Sentry shows them; servers that hold events to the published schema refuse them."
        ),
    ] = False
    shutdown_timeout: Annotated[
        float,
        Meta(
            description="Seconds that sending what is left may take at the end. Writing the "
            "errors that are left then to the spool may take two more.",
            ge=0,
            le=600,
        ),
    ] = 2.0
    handle_sigterm: Annotated[
        bool,
        Meta(
            description="Send what is there when SIGTERM ends the process, unless the process "
            "has a handler of its own: then what is there is sent when that handler exits."
        ),
    ] = True
    local_dir: Annotated[
        str | None,
        Meta(
            description="Folder of the local event file that is used when there is no DSN. "
            "Default: `otel_bridge` in the user's state folder."
        ),
    ] = None
    debug: Annotated[
        bool, Meta(description="Log what the bridge does, and why, to the logger `otel_bridge`.")
    ] = False
    scrub: Annotated[
        ScrubOptions | Literal["off", "keys", "default", "strict"],
        Meta(
            description="What is redacted: a preset's name, a table of the fields of "
            "`ScrubOptions` (JSON in the environment) or, as keyword, a `ScrubOptions` value."
        ),
    ] = "default"
    traces_sampler: Annotated[
        TracesSampler | None,
        Meta(
            description="Called when a trace starts in this process, with a `SamplingContext`; "
            "returns a rate from 0 to 1 or a bool. See [sampling](sampling.md). Keyword only."
        ),
    ] = None
    sampling: Annotated[
        SamplingOptions | None,
        Meta(
            description="What is kept of all traces: a table, or as keyword a `SamplingOptions` "
            "value; in the environment JSON. See [sampling](sampling.md). By default everything."
        ),
    ] = None
    sample_rate: Annotated[
        float, Meta(description="Share of the error events that is sent.", ge=0, le=1)
    ] = 1.0
    error_sampler: Annotated[
        ErrorSampler | None,
        Meta(
            description="Called with every error event and a hint; returns a rate from 0 to 1 or "
            "a bool, which goes before `sample_rate`. Keyword only."
        ),
    ] = None
    error_budget: Annotated[
        BudgetOptions | None,
        Meta(
            description="How many error events of one kind may leave: a table, or as keyword a "
            "`BudgetOptions` value; in the environment JSON. `None`, in a file and the "
            "environment `off`, switches it off."
        ),
    ] = BudgetOptions()


class OptionArguments(TypedDict, total=False):
    """The same options as keyword arguments, for type checkers and editors."""

    dsn: str | None
    otlp_endpoint: str | None
    otlp_protocol: Literal["http/protobuf", "grpc"]
    otlp_headers: dict[str, str]
    routes: Sequence[Mapping[str, object]]
    spotlight: str | None
    spool_dir: str | None
    ca_certs: str | None
    http_proxy: str | None
    https_proxy: str | None
    release: str | None
    environment: str | None
    dist: str | None
    server_name: str | None
    before_send: BeforeSend | None
    ignore_errors: list[str | type]
    ignore_health_checks: bool
    ignore_bots: bool
    failed_spans: bool
    fingerprint_rules: Sequence[FingerprintRule | Mapping[str, object]]
    tags_from_attributes: list[str]
    in_app_include: list[str]
    in_app_exclude: list[str]
    max_breadcrumbs: int
    include_local_variables: bool
    send_default_pii: bool
    log_correlation: bool
    log_correlation_names: Literal["standard", "otel_python"]
    log_correlation_absent: Literal["omit", "empty"]
    log_level: LogLevel
    log_event_level: LogLevel
    forward_logs: bool
    trace_response_header: bool
    scrub_other_exporters: bool
    send_meta: bool
    shutdown_timeout: float
    handle_sigterm: bool
    local_dir: str | None
    debug: bool
    scrub: ScrubOptions | Literal["off", "keys", "default", "strict"]
    traces_sampler: TracesSampler | None
    sampling: SamplingOptions | Mapping[str, Any] | None
    sample_rate: float
    error_sampler: ErrorSampler | None
    error_budget: BudgetOptions | Mapping[str, Any] | Literal["off"] | None
