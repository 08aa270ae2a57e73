"""Two judges of a Sentry error event: Sentry's own Relay, and its published JSON schema.

They differ. Relay accepts more spellings (a list of exceptions without `values`) and looks into
values (a trace id must be 32 hex digits); the schema knows the types of every field.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import fastjsonschema
from sentry_relay.processing import StoreNormalizer

_SCHEMA = Path(__file__).parent / "relay_schema" / "event.schema.json"


def errors_of(event: dict) -> list[str]:
    """What Relay complains about, as `path: complaint`; a good event gives an empty list."""
    meta = _normalized(event, trimming=False).get("_meta")
    return [f"{path}: {_words(error)}" for path, m in _walk(meta) for error in m.get("err", ())]


def cuts_of(event: dict) -> list[str]:
    """The paths of the values Relay would shorten or drop for their size."""
    meta = _normalized(event, trimming=True).get("_meta")
    return [path for path, m in _walk(meta) if any(r[0] == "!limit" for r in m.get("rem", ()))]


def schema_errors_of(event: dict) -> list[str]:
    """The first violation of the published schema, if any: a list of no or one sentence."""
    try:
        _validator()(json.loads(json.dumps(event)))
    except fastjsonschema.JsonSchemaException as violation:
        return [str(violation)]
    return []


def _normalized(event: dict, *, trimming: bool) -> dict:
    normalizer = StoreNormalizer(
        project_id=1,
        client_ip=None,
        client="tests/1",
        is_renormalize=False,
        remove_other=True,
        normalize_user_agent=True,
        enable_trimming=trimming,
    )
    return normalizer.normalize_event(event)


def _walk(meta: dict | None, path: str = "") -> Iterator[tuple[str, dict]]:
    """The notes Relay left beside the event: each under the empty key of its path."""
    for key, below in (meta or {}).items():
        if key == "":
            yield path or "$", below
        elif isinstance(below, dict):
            yield from _walk(below, f"{path}.{key}" if path else key)


def _words(error: str | list) -> str:
    if isinstance(error, str):
        return error
    kind, details = error
    return " ".join([kind, *(str(value) for value in details.values())])


@cache
def _validator():
    """The compiled schema, 0.4 s."""
    published = json.loads(_SCHEMA.read_text())
    # The schema is an `anyOf` of one: taken out, a violation names its place.
    (event,) = published.pop("anyOf")
    # Its one `format`, uint64, is none of JSON schema's; defaults would be written into the event.
    return fastjsonschema.compile(event | published, use_formats=False, use_default=False)
