"""Scrubs OTLP messages in place, field by field. ``docs/scrubbing.md`` lists them."""

from collections.abc import MutableSequence, Sequence
from typing import Any

from otel_bridge.scrub.bodies import is_body_key, route_of
from otel_bridge.scrub.job import Job
from otel_bridge.scrub.known import PAIR_VALUES
from otel_bridge.scrub.lines import groups_of, holds_armour
from otel_bridge.scrub.rule import BEYOND_THE_DEPTH, UNKNOWN_FIELD
from otel_bridge.scrub.surfaces.tree import PAIR, name_in_pair
from otel_bridge.wire.messages import (
    AnyValue,
    InstrumentationScope,
    KeyValue,
    LogRecord,
    Resource,
    Span,
)

_ID_SIZES = {"trace_id": 16, "span_id": 8, "parent_span_id": 8}


def scrub_span(span: Span, job: Job) -> None:
    """Scrub every text that a span holds."""
    name = span.name
    _scrub_ids(span, job)
    span.name = job.text(span.name, "name")
    if span.trace_state:
        span.trace_state = job.text(span.trace_state, "trace_state")
    scrub_record_attributes(span.attributes, job, name)
    for place, event in enumerate(span.events):
        event.name = job.text(event.name, f"events.{place}.name")
        scrub_attributes(event.attributes, job, f"events.{place}.attributes")
    for place, link in enumerate(span.links):
        _scrub_ids(link, job)
        link.trace_state = job.text(link.trace_state, f"links.{place}.trace_state")
        scrub_attributes(link.attributes, job, f"links.{place}.attributes")
    if span.status.message:
        span.status.message = job.text(span.status.message, "status.message")


def scrub_log(log: LogRecord, job: Job) -> None:
    """Scrub every text that a log record holds."""
    _scrub_ids(log, job)
    log.severity_text = job.text(log.severity_text, "severity_text")
    log.event_name = job.text(log.event_name, "event_name")
    if log.HasField("body") and log.body.WhichOneof("value") is not None:
        if job.leaves_out("body"):
            log.ClearField("body")
        else:
            scrub_any(log.body, job, "body", 0)
    scrub_record_attributes(log.attributes, job, log.event_name)


def scrub_resource(resource: Resource, job: Job) -> None:
    """Scrub the attributes of a resource, and what it says about the entities behind them."""
    scrub_attributes(resource.attributes, job, "resource.attributes")
    for place, entity in enumerate(getattr(resource, "entity_refs", ())):
        here = f"resource.entity_refs.{place}"
        entity.schema_url = job.text(entity.schema_url, f"{here}.schema_url")
        entity.type = job.text(entity.type, f"{here}.type")
        for keys in (entity.id_keys, entity.description_keys):
            keys[:] = [job.key(key, here) for key in keys]


def scrub_scope(scope: InstrumentationScope, job: Job) -> None:
    """Scrub the name, the version and the attributes of a scope."""
    scope.name = job.text(scope.name, "scope.name")
    scope.version = job.text(scope.version, "scope.version")
    scrub_attributes(scope.attributes, job, "scope.attributes")


def scrub_attributes(
    attributes: MutableSequence[KeyValue],
    job: Job,
    path: str,
    depth: int = 0,
    name: str | None = None,
) -> None:
    """Scrub keys and values; attributes that are to be left out are removed.

    A name that they give themselves, ``{"name": ..., "value": ...}``, is that of their value.
    """
    dropped = []
    for place, pair in enumerate(attributes):
        # The scrubbed key: a path tells where something was found, and not what.
        key = job.key(pair.key, path)
        if key != pair.key:
            pair.key = key
        judged = name if name is not None and pair.key in PAIR_VALUES else key
        if not _scrub_pair(pair, judged, job, f"{path}.{key}", depth):
            dropped.append(place)
    for place in reversed(dropped):
        del attributes[place]


def _scrub_ids(holder: "Span | LogRecord | Span.Link", job: Job) -> None:
    """Take out what stands in the place of an id and cannot be one: ids are 16 and 8 bytes."""
    for field, size in _ID_SIZES.items():
        if len(getattr(holder, field, b"")) not in (0, size):
            holder.ClearField(field)  # type: ignore[arg-type]  # each message has some of them
            job.left_out(UNKNOWN_FIELD, field)


def scrub_record_attributes(
    attributes: MutableSequence[KeyValue], job: Job, name: str = ""
) -> None:
    """Scrub the attributes of a record; its bodies go where its route and its name say so."""
    bodies = [place for place, pair in enumerate(attributes) if is_body_key(pair.key)]
    if bodies and job.keeps_no_body(route_of(attributes, name)):
        for place in reversed(bodies):
            job.left_out("body", f"attributes.{attributes[place].key}")
            del attributes[place]
    scrub_attributes(attributes, job, "attributes")


def _scrub_pair(pair: KeyValue, key: str, job: Job, path: str, depth: int) -> bool:
    value = pair.value
    kind = value.WhichOneof("value")
    if kind is None or kind == "bool_value":
        return True
    if kind == "string_value":
        old = value.string_value
        new = job.value_of(old, key, path)
        if new is not None and new != old:
            value.string_value = new
        return new is not None
    verdict = job.verdict(key, path)
    if verdict is None:
        scrub_any(value, job, path, depth)
        return True
    if kind == "array_value" and (verdict.weak or verdict.rule == "cookie"):
        _scrub_texts(value.array_value.values, key, job, path, depth)
        return True
    if verdict.weak:
        scrub_any(value, job, path, depth)
        return True
    return _scrub_whole(value, kind, verdict.rule, job, path)


def _scrub_whole(value: AnyValue, kind: str, rule: str, job: Job, path: str) -> bool:
    inner: Any = getattr(value, kind)
    if kind == "array_value":
        texts = inner.values
        if len(texts) == 1 and job.is_replacement(texts[0].string_value):
            return True
    new = job.whole(
        inner.decode("latin-1") if isinstance(inner, bytes) else str(inner), rule, path
    )
    if new is None:
        return False
    if kind == "array_value":
        del value.array_value.values[:]
        value.array_value.values.add().string_value = new
    else:
        value.string_value = new
    return True


def _scrub_texts(
    values: Sequence[AnyValue], key: str, job: Job, path: str, depth: int, *, first: int = 0
) -> None:
    """Scrub the texts of a list as if each stood under its key: the values of a header."""
    for place, inner in enumerate(values, first):
        here = f"{path}.{place}"
        if inner.WhichOneof("value") == "string_value":
            new = job.value_of(inner.string_value, key, here)
            inner.string_value = "" if new is None else new
        else:
            scrub_any(inner, job, here, depth + 1)


def scrub_any(value: AnyValue, job: Job, path: str, depth: int) -> None:
    """Scrub a value of any shape."""
    kind = value.WhichOneof("value")
    if kind == "string_value":
        old = value.string_value
        new = job.text(old, path)
        if new != old:
            value.string_value = new
    elif kind == "bytes_value":
        _scrub_bytes(value, job, path)
    elif depth >= job.max_depth and kind in ("array_value", "kvlist_value"):
        value.string_value = job.whole(kind, BEYOND_THE_DEPTH, path) or ""
    elif kind == "array_value":
        _scrub_joined(value.array_value.values, job, path)
        for place, inner in enumerate(value.array_value.values):
            _scrub_element(inner, job, f"{path}.{place}", depth + 1)
    elif kind == "kvlist_value":
        pairs = value.kvlist_value.values
        name = name_in_pair({pair.key: pair.value.string_value or None for pair in pairs})
        scrub_attributes(pairs, job, path, depth + 1, name)


def _scrub_element(value: AnyValue, job: Job, path: str, depth: int) -> None:
    """Scrub what stands in a list; a list of two texts there is a name and its value."""
    texts = value.array_value.values
    if _is_pair(texts):
        name = job.text(texts[0].string_value, f"{path}.0")
        texts[0].string_value = name
        _scrub_texts(texts[1:], name, job, path, depth, first=1)
    else:
        scrub_any(value, job, path, depth)


def _is_pair(values: Sequence[AnyValue]) -> bool:
    if len(values) != PAIR or any(v.WhichOneof("value") != "string_value" for v in values):
        return False
    return not holds_armour([values[0].string_value])


def _scrub_joined(values: MutableSequence[AnyValue], job: Job, path: str) -> None:
    """Scrub the texts of a list as the parts of one text, where they look like that."""
    texts = [value.string_value for value in values]
    for group, joint in groups_of(texts):
        old = [texts[place] for place in group]
        new = job.lines(old, [f"{path}.{place}" for place in group], joint)
        for place, before, after in zip(group, old, new, strict=True):
            if after != before:
                values[place].string_value = after


def _scrub_bytes(value: AnyValue, job: Job, path: str) -> None:
    text = value.bytes_value.decode("latin-1")
    new = job.text(text, path)
    if new != text:
        value.bytes_value = new.encode("latin-1", "replace")
