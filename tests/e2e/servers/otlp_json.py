"""What the Collector's file exporter wrote, as plain dictionaries.

A span or log record keeps its OTLP/JSON keys (`traceId`, `name`, `status`, ...), with
`attributes` (also those of span events and links) turned into a plain dictionary, and gains
`resource` (the resource's attributes) and `scope` (the scope's name).
"""

import json
from collections.abc import Iterator
from pathlib import Path


def spans(path: Path) -> list[dict]:
    return list(_items(path, "resourceSpans", "scopeSpans", "spans"))


def logs(path: Path) -> list[dict]:
    return list(_items(path, "resourceLogs", "scopeLogs", "logRecords"))


def _items(path: Path, resources: str, scopes: str, items: str) -> Iterator[dict]:
    for body in _lines(path):
        for resource in body.get(resources, ()):
            shared = _plain(resource.get("resource", {}).get("attributes", ()))
            for scope in resource.get(scopes, ()):
                name = scope.get("scope", {}).get("name", "")
                for item in scope.get(items, ()):
                    yield _flat(item) | {"resource": shared, "scope": name}


def _lines(path: Path) -> Iterator[dict]:
    if not path.exists():
        return
    # The exporter may be in the middle of a line.
    for line in path.read_bytes().split(b"\n")[:-1]:
        if line:
            yield json.loads(line)


def _flat(item: dict) -> dict:
    flat = item | {"attributes": _plain(item.get("attributes", ()))}
    for nested in ("events", "links"):
        if nested in item:
            flat[nested] = [_flat(each) for each in item[nested]]
    return flat


def _plain(attributes: list[dict]) -> dict:
    return {pair["key"]: _value(pair["value"]) for pair in attributes}


def _value(value: dict) -> object:
    match value:
        case {"intValue": number}:
            return int(number)
        case {"arrayValue": array}:
            return [_value(each) for each in array.get("values", ())]
        case {"kvlistValue": pairs}:
            return _plain(pairs.get("values", ()))
    return next(iter(value.values()), None)
