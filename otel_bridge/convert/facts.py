"""Everything the telemetry says about one failure, decoded once, by where it was said."""

from collections.abc import Sequence
from itertools import islice

from otel_bridge.convert.failures import Failure
from otel_bridge.convert.recent import KeptSpan, Recent
from otel_bridge.convert.sighting import Sighting
from otel_bridge.wire.batch import SpanRecord
from otel_bridge.wire.messages import InstrumentationScope, Resource, Span
from otel_bridge.wire.values import attributes

_MAX_CACHED = 64
"""Resources and scopes repeat; a stream with more of them at once only costs time."""
_MAX_CLIMBED = 100
"""Spans between a failure and a mounted application that are gone up."""
_ROUTE = "http.route"
MOUNTING = frozenset(
    f"opentelemetry.instrumentation.{name}" for name in ("asgi", "fastapi", "starlette")
)
"""Instrumentations that make a span for each application a request passes."""


class Decoder:
    """Decodes resources and scopes, remembering the latest."""

    def __init__(self) -> None:
        self._resources: dict[bytes, dict[str, object]] = {}
        self._scopes: dict[bytes, tuple[str, str]] = {}

    def resource(self, raw: bytes) -> dict[str, object]:
        """Return the attributes of a serialized resource; not to be changed."""
        found = self._resources.get(raw)
        if found is None:
            if len(self._resources) >= _MAX_CACHED:
                self._resources.clear()
            found = self._resources[raw] = attributes(Resource.FromString(raw).attributes)
        return found

    def scope(self, raw: bytes) -> tuple[str, str]:
        """Return name and version of a serialized instrumentation scope."""
        found = self._scopes.get(raw)
        if found is None:
            if len(self._scopes) >= _MAX_CACHED:
                self._scopes.clear()
            scope = InstrumentationScope.FromString(raw)
            found = self._scopes[raw] = (scope.name, scope.version)
        return found


class Facts:
    """What is known about one failure: from its records, its span, its request and its process."""

    __slots__ = (
        "causes",
        "climb",
        "decoder",
        "entry",
        "entry_span",
        "first",
        "mounted",
        "resource",
        "scope",
        "sightings",
        "span",
        "span_attributes",
    )

    def __init__(
        self,
        failure: Failure,
        span: KeptSpan | None,
        decoder: Decoder,
        mounted: Sequence[str] = (),
    ) -> None:
        self.decoder = decoder
        self.mounted = mounted
        self.sightings = failure.sightings
        self.causes = failure.causes
        self.climb = failure.climb
        self.first: Sighting = failure.sightings[0]
        self.resource = decoder.resource(self.first.resource)
        self.scope = decoder.scope(self.first.scope)
        self.span: Span | None = self.first.span
        if self.span is None and span is not None:
            self.span = Span.FromString(span.record.raw)
        self.span_attributes: dict[str, object] = (
            {} if self.span is None else attributes(self.span.attributes)
        )
        self.entry_span: Span | None = None
        self.entry: dict[str, object] = {}
        entry = failure.climb.entry
        if entry is not None:
            if self.span is not None and entry.record.span_id == self.span.span_id:
                self.entry_span, self.entry = self.span, self.span_attributes
            else:
                self.entry_span = Span.FromString(entry.record.raw)
                self.entry = attributes(self.entry_span.attributes)

    @property
    def entry_scope(self) -> str:
        """Name of the instrumentation that made the entry span; empty if that is not known."""
        entry = self.climb.entry
        return "" if entry is None else self.decoder.scope(entry.scope)[0]

    def scope_of(self, sighting: Sighting) -> str:
        """Return the name of the instrumentation that made a record."""
        return self.decoder.scope(sighting.scope)[0]

    def decoded(self, record: SpanRecord) -> Span:
        """Return a span as a whole, decoded here or before."""
        for span in (self.span, self.entry_span):
            if span is not None and span.span_id == record.span_id:
                return span
        return Span.FromString(record.raw)

    def text(self, *names: str) -> str | None:
        """Return the first of these attributes that is set, as text.

        The request's span is asked first, then the failed span, the record itself, the resource.
        """
        sources = [self.span_attributes, self.first.attributes, self.resource]
        if self.entry is not self.span_attributes:
            sources.insert(0, self.entry)
        for name in names:
            for source in sources:
                value = source.get(name)
                if value is not None and value != "":
                    return to_text(value)
        return None


def mounted_routes(failure: Failure, recent: Recent, decoder: Decoder) -> list[str]:
    """Return the routes inside applications that are mounted in another, the outermost first.

    Their requests have INTERNAL spans below the entry span, which knows where they are mounted.
    """
    first, top = failure.sightings[0], failure.climb.top
    routes: list[str] = []
    if first.span_id == top:
        return routes
    for span_id in islice(recent.ancestors(first.trace_id, first.span_id), _MAX_CLIMBED):
        if span_id == top:
            break
        kept = recent.span(first.trace_id, span_id)
        if kept is None or _ROUTE.encode() not in kept.record.raw:
            continue
        if decoder.scope(kept.scope)[0] in MOUNTING:
            facts = attributes(Span.FromString(kept.record.raw).attributes)
            routes.append(to_text(facts.get(_ROUTE, "")))
    return routes[::-1]


def to_text(value: object) -> str:
    """Return an attribute value as text: booleans in lower case, lists joined by commas."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return ", ".join(to_text(item) for item in value)
    return str(value)
