"""Scrubs values of any JSON-like shape: objects, lists, texts, numbers, as deep as allowed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from otel_bridge.scrub.job import Job
from otel_bridge.scrub.known import PAIR_VALUES
from otel_bridge.scrub.lines import groups_of, holds_armour
from otel_bridge.scrub.names.keys import MAX_NAME_CHARS, Verdict
from otel_bridge.scrub.rule import BEYOND_THE_DEPTH

_PAIR_NAMES = ("name", "key", "Name", "Key")
_WRAPPED_TEXTS = ("stringValue", "string_value")
_WRAPPED_LISTS = ("arrayValue", "array_value")
_MAX_PAIR_FIELDS = 4
PAIR = 2
MIN_NUMBER_DIGITS = 13
"""Shorter numbers cannot be payment cards."""


class Dropped:
    """Stands for a value that is to be left out."""


DROPPED = Dropped()


def scrub_tree(value: Any, job: Job, path: str = "", depth: int = 0) -> Any:  # noqa: ANN401 (any JSON)
    """Return a copy without secrets; what is neither text, number nor container becomes text."""
    if isinstance(value, str):
        return job.text(value, path)
    if value is None or isinstance(value, bool | float | Decimal):
        return value
    if isinstance(value, int):
        return _scrub_number(value, job, path)
    if isinstance(value, bytes | bytearray):
        return job.text(bytes(value).decode("utf-8", "replace"), path)
    if depth >= job.max_depth:
        return job.whole(type(value).__name__, BEYOND_THE_DEPTH, path) or ""
    if isinstance(value, Mapping):
        return _scrub_object(value, job, path, depth)
    if isinstance(value, list | tuple | set | frozenset):
        return _scrub_list(list(value), job, path, depth)
    return job.text(str(value), path)


def scrub_named(value: Any, name: str, job: Job, path: str, depth: int) -> Any:  # noqa: ANN401
    """Return what becomes of a value under a name; ``DROPPED`` where it is to be left out."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        new = job.value_of(value, name, path)
        return DROPPED if new is None else new
    if isinstance(value, Mapping) and len(value) == 1 and depth < job.max_depth:
        field, inner = next(iter(value.items()))
        if _is_wrapped(field, inner):
            new = scrub_named(inner, name, job, f"{path}.{field}", depth + 1)
            return DROPPED if new is DROPPED else {field: new}
    verdict = job.verdict(name, path)
    if verdict is None or (verdict.weak and not isinstance(value, list | tuple)):
        return scrub_tree(value, job, path, depth + 1)
    if isinstance(value, list | tuple | Mapping) and not value:
        return value
    if verdict.rule == "cookie" or verdict.weak:
        return _scrub_each(value, (name, verdict), job, path, depth)
    return _scrub_whole(value, verdict, job, path)


def _is_wrapped(field: object, inner: object) -> bool:
    """Tell whether a value stands in OTLP's JSON: ``{"stringValue": "x"}``, and so in lists."""
    if field in _WRAPPED_TEXTS:
        return isinstance(inner, str)
    if field in _WRAPPED_LISTS:
        return isinstance(inner, Mapping) and list(inner) == ["values"]
    return field == "values" and isinstance(inner, list)


def _scrub_whole(value: Any, verdict: Verdict, job: Job, path: str) -> Any:  # noqa: ANN401
    if isinstance(value, list | tuple) and len(value) == 1 and job.is_replacement(value[0]):
        return value
    new = job.whole(str(value), verdict.rule, path)
    if new is None:
        return DROPPED
    return [new] if isinstance(value, list | tuple) else new


def _scrub_each(
    value: Any,  # noqa: ANN401  # any JSON
    judged: tuple[str, Verdict],
    job: Job,
    path: str,
    depth: int,
) -> Any:  # noqa: ANN401  # as above
    """Scrub the texts of a container as if each stood under the name: cookies, header values."""
    name, verdict = judged
    if depth >= job.max_depth or not isinstance(value, list | tuple | Mapping):
        return _scrub_whole(value, verdict, job, path)
    if isinstance(value, Mapping):
        return {
            key: job.cookie(inner, str(key), f"{path}.{key}")
            if isinstance(inner, str)
            else scrub_tree(inner, job, f"{path}.{key}", depth + 1)
            for key, inner in value.items()
        }
    out = []
    for place, inner in enumerate(value):
        new = scrub_named(inner, name, job, f"{path}.{place}", depth + 1)
        if new is not DROPPED:
            out.append(new)
    return out


def _scrub_object(value: Mapping[Any, Any], job: Job, path: str, depth: int) -> dict[Any, Any]:
    pair_name = name_in_pair(value)
    out: dict[Any, Any] = {}
    for key, inner in value.items():
        if type(inner) is str and pair_name is None and job.knows_field(key, inner):
            out[key] = inner
            continue
        text = key if isinstance(key, str) else str(key)
        # The scrubbed key: a path tells where something was found, and not what.
        shown = job.key(text, path) if isinstance(key, str) else text
        place = f"{path}.{shown}" if path else shown
        name = pair_name if pair_name is not None and text in PAIR_VALUES else shown
        new = scrub_named(inner, name, job, place, depth)
        if new is not DROPPED:
            out[shown if isinstance(key, str) else key] = new
        if new is inner and name is key and type(inner) is str:
            job.know_field(key, inner)
    return out


def _scrub_list(value: list[Any], job: Job, path: str, depth: int) -> list[Any]:
    is_pair = len(value) == PAIR and isinstance(value[0], str) and isinstance(value[1], str)
    for group, joint in groups_of(value):
        value = _joined(value, group, joint, job, path)
    if is_pair and path and not holds_armour(value):
        first = job.text(value[0], f"{path}.0")
        second = job.value_of(value[1], first, f"{path}.1")
        return [first, "" if second is None else second]
    return [scrub_tree(inner, job, f"{path}.{i}", depth + 1) for i, inner in enumerate(value)]


def _joined(values: list[Any], group: range, joint: str, job: Job, path: str) -> list[Any]:
    """Scrub some texts of a list as the parts of one text."""
    places = [place for place in group if isinstance(values[place], str)]
    clean = job.lines([values[i] for i in places], [f"{path}.{i}" for i in places], joint)
    new = dict(zip(places, clean, strict=True))
    return [new.get(place, value) for place, value in enumerate(values)]


def _scrub_number(value: int, job: Job, path: str) -> int | str:
    text = str(value)
    if len(text) < MIN_NUMBER_DIGITS:
        return value
    clean = job.text(text, path)
    return value if clean == text else clean


def name_in_pair(value: Mapping[Any, Any]) -> str | None:
    """Return under which name the value of ``{"name": ..., "value": ...}`` stands."""
    if len(value) > _MAX_PAIR_FIELDS:
        return None
    for name in _PAIR_NAMES:
        found = value.get(name)
        if isinstance(found, str):
            return found if len(found) <= MAX_NAME_CHARS and " " not in found else None
    return None
