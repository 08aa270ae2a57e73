"""From one failure to its event."""

from otel_bridge.convert.breadcrumbs import breadcrumbs
from otel_bridge.convert.contexts import contexts
from otel_bridge.convert.event import (
    Breadcrumbs,
    ErrorEvent,
    Exceptions,
    ExceptionValue,
    LogEntry,
    Mechanism,
    Sdk,
)
from otel_bridge.convert.exceptions import ExceptionReader
from otel_bridge.convert.expected import reason_to_ignore
from otel_bridge.convert.facts import Decoder, Facts, mounted_routes
from otel_bridge.convert.failures import Failure
from otel_bridge.convert.fingerprint import fingerprint, without_place
from otel_bridge.convert.handled import is_handled
from otel_bridge.convert.limits import MAX_VALUE, TEXT_CONTEXT, Cutter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.convert.origin import Origin
from otel_bridge.convert.own_names import EXTRA_PREFIX
from otel_bridge.convert.recent import Recent
from otel_bridge.convert.request import request, route, user
from otel_bridge.convert.sighting import Shape, Sighting
from otel_bridge.convert.source import SourceReader
from otel_bridge.convert.stack_text import own_calls
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.tags import tags
from otel_bridge.version import __version__

_PLATFORMS = {
    "dotnet": "csharp",
    "nodejs": "node",
    "webjs": "javascript",
    "cpp": "native",
    "rust": "native",
    "swift": "cocoa",
    "erlang": "elixir",
}
_ANONYMOUS = frozenset({"node", "javascript"})
"""Languages in which most handlers have no name."""
_KNOWN = frozenset(
    {"c", "cocoa", "csharp", "elixir", "go", "groovy", "haskell", "java", "javascript"}
    | {"native", "node", "objc", "perl", "php", "python", "ruby"}
)
_LEVELS = ((21, "fatal"), (17, "error"), (13, "warning"), (9, "info"), (1, "debug"))
_FATAL = 21
_MAX_ORIGINS = 64
"""Resources remembered; a stream with more of them at once only costs time."""
_MECHANISMS = {shape: f"auto.otel.{shape.value}" for shape in Shape}
_CUT = "A limit of the sender cut this stack: its innermost calls are missing."
_UNREAD_TEXT = 8_000
"""Characters kept of a stack that no parser can read, or of a message that is too long."""


class EventBuilder:
    """Makes the event of a failure from everything the telemetry says about it."""

    def __init__(
        self, options: ConvertOptions, recent: Recent, source: SourceReader | None
    ) -> None:
        self._options = options
        self._recent = recent
        self._exceptions = ExceptionReader(options, source)
        self._decoder = Decoder()
        self._origins: dict[bytes, Origin] = {}
        self._source = source

    def facts(self, failure: Failure) -> Facts:
        """Return what is known about a failure."""
        first = failure.sightings[0]
        span = self._recent.span(first.trace_id, first.span_id)
        return Facts(
            failure, span, self._decoder, mounted_routes(failure, self._recent, self._decoder)
        )

    def reason_to_ignore(self, facts: Facts) -> str | None:
        """Return why a failure is no error; None if it is one."""
        return reason_to_ignore(facts, self._options, self._recent)

    def build(self, facts: Facts, event_id: str) -> ErrorEvent:
        """Return the event of a failure."""
        options, first, origin = self._options, facts.first, self._origin(facts)
        pii = options.send_default_pii
        event = ErrorEvent(
            event_id=event_id,
            timestamp=first.time_ns / 1e9,
            platform="other",
            level=_level(facts),
            sdk=Sdk("otel_bridge", __version__),
            transaction=route(facts),
            logger=_logger(facts),
            release=origin.release,
            dist=origin.dist,
            environment=origin.environment,
            server_name=origin.server_name,
            user=user(facts, send_default_pii=pii),
            request=request(facts, send_default_pii=pii),
            tags={**origin.tags, **tags(facts, options)},
            contexts={**contexts(facts), **origin.contexts},
            extra=_extra(facts),
            modules=self._source.installed() if self._source is not None else None,
        )
        if self._source is not None:
            for context, found in options.found_contexts.items():
                event.contexts.setdefault(context, dict(found))
        language = self._add_exception(event, facts, origin)
        event.platform = _platform(origin.language, language)
        crumbs = breadcrumbs(facts, self._recent, options.max_breadcrumbs)
        if crumbs:
            event.breadcrumbs = Breadcrumbs(crumbs)
        event.fingerprint = fingerprint(event, options.fingerprint_rules)
        fullest = _fullest(facts.sightings)
        if event.fingerprint is None and (fullest.is_cut or event.platform in _ANONYMOUS):
            event.fingerprint = without_place(event, is_cut=fullest.is_cut)
        fits = self._exceptions.fits(fullest)
        Cutter(event, frames_fit=fits).fit()
        return event

    def _origin(self, facts: Facts) -> Origin:
        raw = facts.first.resource
        origin = self._origins.get(raw)
        if origin is None:
            if len(self._origins) >= _MAX_ORIGINS:
                self._origins.clear()
            origin = self._origins[raw] = Origin(facts.resource, self._options)
        return origin

    def _add_exception(self, event: ErrorEvent, facts: Facts, origin: Origin) -> Language | None:
        first = facts.first
        if first.shape is Shape.MESSAGE:
            event.logentry = LogEntry(message=first.message)
            return None
        mechanism = Mechanism(type=_MECHANISMS[first.shape])
        if first.shape is Shape.FAILED_SPAN:
            mechanism.handled = None
            value = ExceptionValue(type=first.type, value=first.message, mechanism=mechanism)
            event.exception = Exceptions([value])
            return None
        fullest = _fullest(facts.sightings)
        values, language = self._exceptions.read(
            fullest, origin.language, mechanism, origin.main_folder, facts.causes
        )
        thrown = values[-1]
        frames = thrown.stacktrace.frames if thrown.stacktrace is not None else []
        handled = is_handled(facts, frames)
        for value in values:
            if value.mechanism is not None:
                value.mechanism.handled = handled
        if first.type and first.short_type != thrown.type and language is not None:
            _note_code(mechanism, thrown, first)
        text = _beside(fullest, thrown, has_frames=bool(frames))
        if text:
            event.contexts[TEXT_CONTEXT] = text
        if thrown.type is None and _platform(origin.language, language) in _ANONYMOUS:
            thrown.type = "Error"  # what the native SDK calls anything that is thrown
        event.exception = Exceptions(values)
        return language


def _beside(fullest: Sighting, thrown: ExceptionValue, *, has_frames: bool) -> dict[str, str]:
    """Return what has no place in an exception: an unread stack, a long message."""
    if fullest.live is None and fullest.stacktrace and not has_frames:
        return {"stacktrace": fullest.stacktrace[:_UNREAD_TEXT]}
    beside = {}
    if fullest.live is None and fullest.is_cut:
        beside["note"] = _CUT
    if thrown.value is not None and len(thrown.value) > MAX_VALUE:
        beside["message"] = thrown.value[:_UNREAD_TEXT]
    return beside


def _note_code(mechanism: Mechanism, thrown: ExceptionValue, first: Sighting) -> None:
    """Keep an error code that telemetry had in place of the type."""
    if thrown.type and not thrown.type.endswith(first.short_type):
        mechanism.data = {"code": first.type[:256]}


def _fullest(sightings: tuple[Sighting, ...]) -> Sighting:
    """Return the sighting with the most to tell: a living exception, else the longest text.

    A text that was cut to a limit lacks the place of the failure, however long it is; of such
    texts the one with the most calls of the application came furthest.
    """
    if len(sightings) == 1:
        return sightings[0]
    return max(
        sightings,
        key=lambda sighting: (
            sum(len(error.frames) for error in sighting.live.errors) if sighting.live else -1,
            not sighting.is_cut,
            own_calls(sighting.stacktrace) if sighting.is_cut else 0,
            len(sighting.stacktrace),
        ),
    )


def _logger(facts: Facts) -> str | None:
    return next((facts.scope_of(s) or None for s in facts.sightings if s.log is not None), None)


def _extra(facts: Facts) -> dict[str, object]:
    return {
        name[len(EXTRA_PREFIX) :]: value
        for sighting in (*facts.causes, *reversed(facts.sightings))
        for name, value in sighting.attributes.items()
        if name.startswith(EXTRA_PREFIX)
    }


def _platform(sdk: str | None, language: Language | None) -> str:
    if sdk is None:
        return language.platform if language is not None else "other"
    name = _PLATFORMS.get(sdk, sdk)
    return name if name in _KNOWN else "other"


def _level(facts: Facts) -> str:
    """Return the severity of logs where there are only logs; any failed span is an error."""
    severities = [s.log.severity_number for s in facts.sightings if s.log is not None]
    severity = max(severities, default=0)
    if len(severities) < len(facts.sightings) and severity < _FATAL:
        return "error"
    return next((level for least, level in _LEVELS if severity >= least), "error")
