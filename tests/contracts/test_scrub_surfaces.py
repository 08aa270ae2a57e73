"""A secret in any text of any event or record is found: the places come from the definitions."""

import dataclasses
import random
from pathlib import Path

import pytest

from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import (
    Batch,
    LogRecord as LogItem,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanRecord,
)
from otel_bridge.wire.messages import (
    InstrumentationScope,
    LogRecord,
    Resource,
    ResourceLogs,
    ResourceSpans,
    ScopeLogs,
    ScopeSpans,
    Span,
)
from tests.benchmarks.scrub_samples import make
from tests.contracts.surfaces import FREE, make_event, of_events, of_message, plant

PAGE = (Path(__file__).parents[2] / "docs" / "scrubbing.md").read_text(encoding="utf-8")
SCRUBBER = Scrubber()
TOKEN = make("ghp_{A:36}", random.Random(7))
EVENT_PLACES = of_events()
RECORD_PLACES = [
    (kind, path)
    for kind in (Span, LogRecord, Resource, InstrumentationScope)
    for path in sorted(set(of_message(kind.DESCRIPTOR)))
]


def name_of(place):
    kind, path = place
    return f"{kind.DESCRIPTOR.name}.{'.'.join(path)}"


def test_the_walk_finds_the_places_that_are_known():
    assert len(EVENT_PLACES) > 250
    assert {
        ("exception", "values", 0, "type"),
        ("exception", "values", 0, "stacktrace", "frames", 0, "function"),
        ("exception", "values", 0, "stacktrace", "frames", 0, "abs_path"),
        ("contexts", FREE, "op"),
        ("logger",),
        ("release",),
        ("modules", FREE),
        ("_meta", FREE),
        ("breadcrumbs", "values", 0, "data", FREE),
    } <= set(EVENT_PLACES)
    assert {
        "Span.name", "Span.status.message", "Span.links.trace_state", "Span.events.attributes.key",
        "Span.attributes.value.kvlist_value.values.value.string_value", "Span.trace_id",
        "LogRecord.body.array_value.values.string_value", "Resource.entity_refs.id_keys",
        "InstrumentationScope.version",
    } <= set(map(name_of, RECORD_PLACES))  # fmt: skip


@pytest.mark.parametrize("path", EVENT_PLACES, ids=lambda path: ".".join(map(str, path)))
def test_a_secret_in_an_event_does_not_leave(path):
    clean, rules = SCRUBBER.event(make_event(path, f"saw {TOKEN} here"))

    assert TOKEN not in str(clean)
    assert rules


@pytest.mark.parametrize("path", EVENT_PLACES, ids=lambda path: ".".join(map(str, path)))
def test_what_is_harmless_in_an_event_stays(path):
    if path[:1] == ("user",) or path[:2] in (("request", "cookies"), ("request", "data")):
        return
    names = {str(part).lower() for part in path}
    if names & {"email", "username", "cookies", "client_ip", "ip_address", "client.address"}:
        return

    event = make_event(path, "harmless")

    assert SCRUBBER.event(event)[0] == event


@pytest.mark.parametrize("place", RECORD_PLACES, ids=name_of)
def test_a_secret_in_a_record_does_not_leave(place):
    kind, path = place
    message = kind()
    plant(message, path, f"saw {TOKEN} here")
    raw = message.SerializeToString()

    scrubbed = SCRUBBER.batch(make_batch(kind, raw))

    assert TOKEN.encode() in raw
    assert TOKEN.encode() not in scrubbed.batch.to_request()
    assert scrubbed.rules
    assert scrubbed.dropped == 0


def test_the_page_lists_every_surface_of_records():
    places = {name_of((kind, shown(path))) for kind, path in RECORD_PLACES}
    places |= {
        f"{kind.DESCRIPTOR.name}.{field.name}"
        for kind in (ResourceSpans, ScopeSpans, ResourceLogs, ScopeLogs)
        for field in kind.DESCRIPTOR.fields
        if field.message_type is None
    }

    assert {place for place in places if f"`{place}`" not in PAGE} == set()


def shown(path):
    """Return the path up to the value: what is in it is one surface, whatever its shape is."""
    ends = [path.index(stop) + 1 for stop in ("value", "body") if stop in path]
    return path[: min(ends, default=len(path))]


def test_the_page_lists_every_field_of_events():
    fields = {str(path[0]) for path in EVENT_PLACES}

    assert {field for field in fields if f"`{field}`" not in PAGE} == set()


def test_the_page_lists_every_option_with_its_default():
    rows = {
        option.name: f"| `{option.name}` | "
        + (
            "sign-in, payment, health, upload"
            if option.name == "body_free_routes"
            else f"`{default_of(option)!r}`"
        )
        for option in dataclasses.fields(ScrubOptions)
    }

    assert {name: row for name, row in rows.items() if row not in PAGE} == {}


def default_of(option):
    if option.default is dataclasses.MISSING:
        return option.default_factory()
    return str(option.default) if isinstance(option.default, str) else option.default


def make_batch(kind, raw):
    resource = raw if kind is Resource else b""
    scope = raw if kind is InstrumentationScope else b""
    if kind is LogRecord:
        record = LogItem(b"", b"", 0, 1, 9, raw)
        return Batch(Signal.LOGS, [ResourceGroup(resource, [ScopeGroup(scope, [record])])])
    span = raw if kind is Span else Span(name="GET /").SerializeToString()
    record = SpanRecord(b"t" * 16, b"s" * 8, b"", 0, 2, 0, 1, 2, span)
    return Batch(Signal.TRACES, [ResourceGroup(resource, [ScopeGroup(scope, [record])])])
