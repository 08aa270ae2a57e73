"""Failures that are no errors: ignored by name, 4xx, cancelled, health checks, bots."""

import builtins
from collections.abc import Iterable
from itertools import islice

from otel_bridge.convert.facts import Facts
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.convert.recent import Recent
from otel_bridge.convert.request import status_code
from otel_bridge.convert.sighting import Shape
from otel_bridge.wire.batch import SpanKind, StatusCode

CLIENT_ERROR = "client_error"
"""The reason of what became a 4xx answer."""
_CLIENT_ERRORS = range(400, 500)
_MAX_LOOKED_AT = 300
"""Spans of a trace that are looked at for one failure, the latest."""
_HTTP_ERRORS = frozenset({"HTTPException", "HTTPError", "Http404", "HttpError", "ResponseError"})
"""Exceptions that frameworks raise to answer, by their last name."""
_HTTP_MODULES = (
    "werkzeug.exceptions.",
    "aiohttp.web_exceptions.",
    "django.http.",
    "rest_framework.",
)
_CANCELLED = frozenset(
    {"CancelledError", "GeneratorExit", "SystemExit", "JobCancellationException"}
    | {"CancellationException", "TaskCanceledException", "OperationCanceledException"}
)
_DISCONNECTED = frozenset(
    {"ClientDisconnect", "ClientDisconnected", "RequestAborted", "UnreadablePostError"}
    | {"ClientAbortException", "AsyncRequestNotUsableException", "EofException"}
)
_CONTROL = frozenset(
    {"celery.exceptions.Retry", "celery.exceptions.Ignore", "celery.exceptions.Reject"}
)
_CONTEXT_CANCELED = "context canceled"
"""What Go says when the client went away."""
_PROBES = ("kube-probe/", "GoogleHC/", "ELB-HealthChecker/", "Consul Health Check", "Prometheus/")
_PATHS = frozenset(
    {"/health", "/healthz", "/health-check", "/healthcheck", "/livez", "/readyz", "/live"}
    | {"/ready", "/liveness", "/readiness", "/ping", "/_health", "/-/healthy", "/-/ready"}
    | {"/health/live", "/health/ready", "/actuator/health"}
)
_BOTS = (
    "googlebot", "bingbot", "yandexbot", "baiduspider", "duckduckbot", "slurp", "applebot",
    "facebookexternalhit", "ahrefsbot", "semrushbot", "mj12bot", "dotbot", "petalbot", "gptbot",
    "ccbot", "bytespider", "amazonbot", "crawler", "spider", "nuclei", "sqlmap", "nikto", "zgrab",
    "masscan", "censysinspect",
)  # fmt: skip


# Read through the built-in descriptors: a class of the host's may compute its own answers.
_mro = type.__dict__["__mro__"].__get__
_qualname = type.__dict__["__qualname__"].__get__
_module = type.__dict__["__module__"].__get__


def reason_to_ignore(facts: Facts, options: ConvertOptions, recent: Recent) -> str | None:
    """Return why a failure is no error, as one word; None if it is one."""
    if _is_ignored(facts, options.ignore_errors):
        return "ignore_errors"
    first = facts.first
    if first.shape is Shape.MESSAGE:
        return None
    names = {sighting.short_type for sighting in facts.sightings}
    if names & _CANCELLED or first.type in _CONTROL:
        return "cancelled"
    if names & _DISCONNECTED or first.message == _CONTEXT_CANCELED:
        return "client_disconnect"
    if _is_client_error(facts, recent):
        return CLIENT_ERROR
    if facts.entry_span is not None and facts.entry_span.kind == SpanKind.SERVER:
        return _expected_of(facts, options)
    return None


def _expected_of(facts: Facts, options: ConvertOptions) -> str | None:
    """Judge by who asked."""
    agent = facts.text("user_agent.original", "http.user_agent") or ""
    if options.ignore_health_checks:
        path = facts.text("url.path", "http.target") or ""
        if path.partition("?")[0].rstrip("/") in _PATHS or agent.startswith(_PROBES):
            return "health_check"
    if options.ignore_bots and agent:
        lower = agent[:500].lower()
        if any(bot in lower for bot in _BOTS):
            return "bot"
    return None


def _is_client_error(facts: Facts, recent: Recent) -> bool:
    """Whether the failure became a 4xx answer.

    An exception that was caught on the way and has nothing to do with the answer stays an error,
    and so does one that somebody logged as an error.
    """
    if status_code(facts.entry) not in _CLIENT_ERRORS:
        return False
    if any(sighting.shape is Shape.LOG for sighting in facts.sightings):
        return False
    first = facts.first
    if first.short_type in _HTTP_ERRORS or first.type.startswith(_HTTP_MODULES):
        return True
    return _is_framework_layer(facts) or _was_last(facts, recent)


def _is_framework_layer(facts: Facts) -> bool:
    """Whether a JavaScript framework passed it on, right below the entry span."""
    entry = facts.climb.entry
    return any(
        facts.scope_of(sighting).startswith("@opentelemetry/instrumentation-")
        and sighting.span is not None
        and sighting.span.kind == SpanKind.INTERNAL
        and entry is not None
        and sighting.span.parent_span_id == entry.record.span_id
        for sighting in facts.sightings
    )


def _was_last(facts: Facts, recent: Recent) -> bool:
    """Whether the application did nothing more after the exception left its last span.

    Then what became of it is the answer: a handler made a 409 of it, say. A failed call to
    elsewhere is not the application's own answer.
    """
    outermost, entry = facts.sightings[-1].span, facts.climb.entry
    trace = recent.trace(facts.first.trace_id)
    if outermost is None or entry is None or trace is None:
        return False
    if outermost.span_id == entry.record.span_id or outermost.kind != SpanKind.INTERNAL:
        return False
    if outermost.status.code != StatusCode.ERROR:
        return False
    return not any(
        kept.record.start_ns >= outermost.end_time_unix_nano
        and kept.scope != entry.scope
        and recent.climb(kept.record.trace_id, kept.record.span_id).top == facts.climb.top
        for kept in islice(trace.spans(), _MAX_LOOKED_AT)
    )


def _is_ignored(facts: Facts, ignored: Iterable[type[BaseException] | str]) -> bool:
    names: set[str] | None = None
    for wanted in ignored:
        if names is None:
            names = _names(facts)
        if isinstance(wanted, str):
            if wanted in names:
                return True
        elif _qualified(wanted) in names:
            return True
    return False


def _names(facts: Facts) -> set[str]:
    """Return all names of the thrown exception and of its bases, as far as they are known."""
    names: set[str] = set()
    for sighting in facts.sightings:
        names |= {sighting.type, sighting.short_type}
        if sighting.live is not None and sighting.live.kind is not None:
            names |= {_qualified(base) for base in _mro(sighting.live.kind)}
        # A built-in name means the built-in class, in Python; elsewhere it costs nothing.
        known = getattr(builtins, sighting.type, None)
        if isinstance(known, type) and issubclass(known, BaseException):
            names |= {_qualified(base) for base in known.__mro__}
    names |= {name.rpartition(".")[2] for name in names}
    return names - {"", "object"}


def _qualified(kind: type) -> str:
    module, name = _module(kind), _qualname(kind)
    return f"{module}.{name}" if module != "builtins" else str(name)
