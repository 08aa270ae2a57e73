"""Every place of an event, span, log record, resource and scope that can hold a text.

Read from the definitions themselves, so that a field that is new tomorrow is among them.
"""

import json
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from otel_bridge.convert.event import ErrorEvent

SCHEMA = Path(__file__).parent / "relay_schema" / "event.schema.json"
FREE = "x"
"""The name under which a text is planted where any name may stand."""
_TEXTS = (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES)
_MAX_DEPTH = 12

Path_ = tuple[str | int, ...]


def of_struct(kind: object, path: Path_ = ()) -> Iterator[Path_]:
    """Yield the places of texts in a msgspec struct: names of fields, ``0`` for a list."""
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if kind is str:
        yield path
    elif kind is typing.Any:
        yield path
        yield (*path, FREE)
        yield (*path, 0)
    elif isinstance(kind, types.UnionType) or origin is typing.Union:
        for inner in arguments:
            yield from of_struct(inner, path)
    elif origin is list:
        yield from of_struct(arguments[0], (*path, 0))
    elif origin in (dict, Mapping):
        yield from of_struct(arguments[1], (*path, FREE))
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for field in msgspec.structs.fields(kind):
            yield from of_struct(field.type, (*path, field.encode_name))


def of_events() -> list[Path_]:
    """Return the places of texts in our own events and in those of the tracker's schema."""
    schema = json.loads(SCHEMA.read_text())
    ours = of_struct(ErrorEvent)
    return sorted({*ours, *_of_schema(schema, schema["definitions"], (), ())}, key=str)


def _of_schema(
    node: object, known: dict[str, object], path: Path_, seen: tuple[str, ...]
) -> Iterator[Path_]:
    if not isinstance(node, dict) or len(path) > _MAX_DEPTH:
        return
    name = node.get("$ref", "").rpartition("/")[2]
    if name:
        if seen.count(name) == 0:
            yield from _of_schema(known[name], known, path, (*seen, name))
        return
    kinds = node.get("type", ())
    if "string" in kinds or "enum" in node:
        yield path
    for key in ("anyOf", "allOf", "oneOf"):
        for inner in node.get(key, ()):
            yield from _of_schema(inner, known, path, seen)
    for field, inner in node.get("properties", {}).items():
        yield from _of_schema(inner, known, (*path, field), seen)
    items = node.get("items")
    for inner in items if isinstance(items, list) else [items]:
        yield from _of_schema(inner, known, (*path, 0), seen)
    yield from _of_schema(node.get("additionalProperties"), known, (*path, FREE), seen)


def make_event(path: Path_, value: object) -> dict[str, object]:
    """Return an event with nothing but a value at a place."""
    for part in reversed(path):
        value = [value] if isinstance(part, int) else {part: value}
    return {"event_id": "0" * 32, "platform": "python", **value}


def of_message(kind: Descriptor, path: tuple[str, ...] = (), seen: tuple[str, ...] = ()):
    """Yield the places of texts and bytes in a protobuf message: names of fields."""
    for field in kind.fields:
        if field.message_type is not None:
            name = field.message_type.full_name
            if seen.count(name) < 2:
                yield from of_message(field.message_type, (*path, field.name), (*seen, name))
        elif field.type in _TEXTS:
            yield (*path, field.name)


def plant(message, path: tuple[str, ...], text: str) -> None:
    """Put a text into a message at a place, making what is on the way there."""
    *way, last = path
    for name in way:
        inner = getattr(message, name)
        if hasattr(inner, "add"):
            message = inner.add()
        else:
            inner.SetInParent()
            message = inner
    field = message.DESCRIPTOR.fields_by_name[last]
    value = text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text
    if hasattr(getattr(message, last), "append"):
        getattr(message, last).append(value)
    else:
        setattr(message, last, value)
