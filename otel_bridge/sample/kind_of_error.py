"""Which error events are of one kind, for the budget: what failed and where, not with what values.

Trackers group with more care and after the fact. Here two kinds that fall together only share a
bucket, and two halves of one kind only have twice the room.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import re2

from otel_bridge.wire.text import utf8

_MAX_FRAMES = 8
"""In-app frames, the innermost ones, that tell places apart."""
_MAX_TEXT = 200
_VALUES = re2.compile(r"(?i)[0-9a-f]{8,}|0x[0-9a-f]+|[0-9]+|'[^']*'|\"[^\"]*\"")
"""Ids, numbers and quoted texts: what differs between two messages of one kind."""


def kind_of(event: Mapping[str, Any]) -> str:
    """Return a text that events of one kind of failure have in common.

    A fingerprint that the event already has counts alone, unless it leaves it to the tracker.
    """
    own = event.get("fingerprint")
    if isinstance(own, Sequence) and own and not any("{{ default }}" in str(part) for part in own):
        return "\x1f".join(map(str, own))
    return "\x1f".join(_parts(event))


def _parts(event: Mapping[str, Any]) -> Iterator[str]:
    values = _list(event, "exception", "values")
    for value in values:
        yield str(value.get("type", ""))
        places = list(_places(value))
        yield from places
        if not places:
            yield _shape(value.get("value"))
    if not values:
        entry = event.get("logentry")
        message = entry.get("message") if isinstance(entry, Mapping) else None
        yield str(event.get("logger", ""))
        yield _shape(message or event.get("message"))


def _places(value: Mapping[str, Any]) -> Iterator[str]:
    frames = _list(value, "stacktrace", "frames")
    own = [frame for frame in frames if frame.get("in_app")] or frames
    for frame in own[-_MAX_FRAMES:]:
        module = frame.get("module") or frame.get("filename") or ""
        yield f"{module}:{frame.get('function') or ''}"


def _shape(text: object) -> str:
    if not isinstance(text, str):
        return ""
    shape: str = _VALUES.sub("#", utf8(text[:_MAX_TEXT]).decode())
    return shape


def _list(holder: Mapping[str, Any], outer: str, inner: str) -> list[Mapping[str, Any]]:
    table = holder.get(outer)
    items = table.get(inner) if isinstance(table, dict) else None
    if not isinstance(items, list):
        return []
    return [item for item in items if isinstance(item, dict)]
