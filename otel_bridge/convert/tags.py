"""Tags: the few facts that people search and route by."""

from functools import lru_cache

from otel_bridge.convert.facts import Facts, to_text
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.convert.own_names import TAG_PREFIX
from otel_bridge.convert.request import status_code
from otel_bridge.wire.batch import SpanKind

MAX_TAGS = 100
_MAX_KEY = 32
_MAX_VALUE = 200
_RESERVED = frozenset({"release", "dist", "user", "filename", "function", "environment"})
_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-")
_KINDS = {
    SpanKind.INTERNAL: "internal",
    SpanKind.SERVER: "server",
    SpanKind.CLIENT: "client",
    SpanKind.PRODUCER: "producer",
    SpanKind.CONSUMER: "consumer",
}
_OF_RESOURCE = ("service.name", "service.namespace", "k8s.namespace.name", "cloud.region")


def resource_tags(resource: dict[str, object]) -> dict[str, str]:
    """Return the tags that every event of a resource has."""
    return {
        name: text
        for name in _OF_RESOURCE
        if (value := resource.get(name)) is not None and (text := _value(to_text(value)))
    }


def tags(facts: Facts, options: ConvertOptions) -> dict[str, str]:
    """Return the tags of a failure: valid names, one line, never empty."""
    found: dict[str, str] = {}
    if facts.span is not None and facts.span.kind in _KINDS:
        found["span.kind"] = _KINDS[facts.span.kind]
    if facts.scope[0]:
        found["otel.scope.name"] = facts.scope[0]
    status = status_code(facts.entry)
    if status is not None:
        found["http.response.status_code"] = str(status)
    for name in options.tags_from_attributes:
        if (text := facts.text(name)) is not None:
            found[name] = text
    # Whoever tagged a failure need not have been the first to see it.
    for sighting in (*facts.causes, *reversed(facts.sightings)):
        for name, value in sighting.attributes.items():
            if name.startswith(TAG_PREFIX):
                found[name[len(TAG_PREFIX) :]] = to_text(value)
    return {
        _key(key): text
        for key, value in list(found.items())[:MAX_TAGS]
        if key not in _RESERVED and _key(key) and (text := _value(value))
    }


@lru_cache(maxsize=256)
def _key(key: str) -> str:
    if _ALLOWED.issuperset(key):
        return key[:_MAX_KEY]
    return "".join(char if char in _ALLOWED else "-" for char in key[:_MAX_KEY])


def _value(value: str) -> str:
    if len(value) <= _MAX_VALUE and value.isalnum():
        return value
    return " ".join(value[: 4 * _MAX_VALUE].split())[:_MAX_VALUE]
