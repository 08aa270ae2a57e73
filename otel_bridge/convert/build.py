"""From one failure to its event."""

from otel_bridge.convert.contexts import contexts
from otel_bridge.convert.event import (
    ErrorEvent,
    Exceptions,
    LogEntry,
    Mechanism,
    Sdk,
)
from otel_bridge.convert.exceptions import ExceptionReader
from otel_bridge.convert.facts import Decoder, Facts, to_text
from otel_bridge.convert.handled import is_handled
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.convert.recent import Recent
from otel_bridge.convert.request import request, route, status_code, user
from otel_bridge.convert.sighting import Shape, Sighting
from otel_bridge.convert.source import SourceReader
from otel_bridge.convert.waiting import Failure
from otel_bridge.version import __version__
from otel_bridge.wire.batch import SpanKind

_PLATFORMS = {
    "dotnet": "csharp",
    "nodejs": "node",
    "webjs": "javascript",
    "cpp": "native",
    "rust": "native",
    "swift": "cocoa",
    "erlang": "elixir",
}
_KNOWN = frozenset(
    {"c", "cocoa", "csharp", "elixir", "go", "groovy", "haskell", "java", "javascript"}
    | {"native", "node", "objc", "perl", "php", "python", "ruby"}
)
_LEVELS = ((21, "fatal"), (17, "error"), (13, "warning"), (9, "info"), (1, "debug"))
_KINDS = {
    SpanKind.INTERNAL: "internal",
    SpanKind.SERVER: "server",
    SpanKind.CLIENT: "client",
    SpanKind.PRODUCER: "producer",
    SpanKind.CONSUMER: "consumer",
}


class EventBuilder:
    """Makes the event of a failure from everything the telemetry says about it."""

    def __init__(
        self, options: ConvertOptions, recent: Recent, source: SourceReader | None
    ) -> None:
        self._options = options
        self._recent = recent
        self._exceptions = ExceptionReader(options, source)
        self._decoder = Decoder()

    def build(self, failure: Failure, event_id: str) -> ErrorEvent:
        """Return the event."""
        options, first = self._options, failure.sightings[0]
        span = self._recent.span(first.trace_id, first.span_id)
        facts = Facts(failure, span, self._decoder)
        pii = options.send_default_pii
        event = ErrorEvent(
            event_id=event_id,
            timestamp=first.time_ns / 1e9,
            platform=_platform(facts),
            level=_level(facts),
            sdk=Sdk("otel_bridge", __version__),
            transaction=route(facts),
            logger=facts.scope[0] or None if first.shape is Shape.LOG else None,
            release=options.release or _release(facts),
            dist=options.dist,
            environment=options.environment
            or facts.text("deployment.environment.name", "deployment.environment")
            or "production",
            server_name=options.server_name or facts.text("host.name", "service.instance.id"),
            user=user(facts, send_default_pii=pii),
            request=request(facts, send_default_pii=pii),
            tags=self._tags(facts),
            contexts=contexts(facts),
            modules=options.modules or None,
        )
        if first.shape is Shape.MESSAGE:
            event.logentry = LogEntry(message=first.message)
        else:
            mechanism = Mechanism(type=f"auto.otel.{first.shape.value}", handled=is_handled(facts))
            values = self._exceptions.read(_fullest(facts.sightings), mechanism)
            event.exception = Exceptions(values)
        return event

    def _tags(self, facts: Facts) -> dict[str, str]:
        tags: dict[str, str] = {}
        for name in ("service.name", "service.namespace"):
            if value := facts.resource.get(name):
                tags[name] = to_text(value)
        if facts.span is not None:
            tags["span.kind"] = _KINDS.get(facts.span.kind, "unspecified")
        if facts.scope[0]:
            tags["otel.scope.name"] = facts.scope[0]
        status = status_code(facts.entry)
        if status is not None:
            tags["http.response.status_code"] = str(status)
        for name in self._options.tags_from_attributes:
            if text := facts.text(name):
                tags[name] = text
        return {key: value.replace("\n", " ")[:200] for key, value in tags.items() if value}


def _fullest(sightings: tuple[Sighting, ...]) -> Sighting:
    """Return the sighting with the most to tell: a living exception, else the longest text."""
    return max(
        sightings,
        key=lambda sighting: (
            sum(len(error.frames) for error in sighting.live.errors) if sighting.live else -1,
            len(sighting.stacktrace),
        ),
    )


def _platform(facts: Facts) -> str:
    language = facts.resource.get("telemetry.sdk.language")
    if not isinstance(language, str):
        return "other"
    name = _PLATFORMS.get(language, language)
    return name if name in _KNOWN else "other"


def _level(facts: Facts) -> str:
    severities = [s.log.severity_number for s in facts.sightings if s.log is not None]
    only_logs = len(severities) == len(facts.sightings)
    severity = max(severities, default=0)
    if not only_logs and severity < _LEVELS[0][0]:
        return "error"
    return next((level for least, level in _LEVELS if severity >= least), "error")


def _release(facts: Facts) -> str | None:
    version = facts.text("service.version")
    if version is None:
        return None
    release = version.strip()[:200]
    if not release or release in {".", ".."} or release.lower() == "latest":
        return None
    return None if any(mark in release for mark in "\n\r\t/\\") else release
