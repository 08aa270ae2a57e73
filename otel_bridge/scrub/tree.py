"""Scrubs values of any JSON-like shape: objects, lists, texts, numbers, nested as deep as allowed."""

from decimal import Decimal
from typing import Any

from otel_bridge.scrub.job import BEYOND_THE_DEPTH, Job

_PAIR_NAMES = ("name", "key", "Name", "Key")
_PAIR_VALUES = ("value", "Value")


def scrub_tree(value: Any, job: Job, path: str = "", depth: int = 0) -> Any:  # noqa: ANN401
    """Return a copy without secrets; what is not text, number or container becomes text."""
    if isinstance(value, str):
        return job.text(value, path)
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if depth >= job.max_depth:
        return job.whole(repr(type(value)), BEYOND_THE_DEPTH, path)
    if isinstance(value, dict):
        return _scrub_object(value, job, path, depth)
    if isinstance(value, list | tuple):
        return _scrub_list(value, job, path, depth)
    if isinstance(value, bytes | bytearray):
        return job.text(bytes(value).decode("utf-8", "replace"), path)
    return job.text(str(value), path)


def _scrub_object(value: dict[Any, Any], job: Job, path: str, depth: int) -> dict[Any, Any]:
    named = _name_in_pair(value)
    out: dict[Any, Any] = {}
    for key, inner in value.items():
        text = key if isinstance(key, str) else str(key)
        place = f"{path}.{text}" if path else text
        name = named if named is not None and text in _PAIR_VALUES else text
        new = scrub_named(inner, name, job, place, depth)
        if new is not DROPPED:
            out[job.text(key, place) if isinstance(key, str) else key] = new
    return out


def _scrub_list(value: list[Any] | tuple[Any, ...], job: Job, path: str, depth: int) -> list[Any]:
    if len(value) == 2 and isinstance(value[0], str) and path and isinstance(value[1], str):
        second = job.value_of(value[1], value[0], f"{path}.1")
        return [job.text(value[0], f"{path}.0"), second or ""]
    return [scrub_tree(inner, job, f"{path}.{i}", depth + 1) for i, inner in enumerate(value)]


class _Dropped:
    """Stands for a value that is to be left out."""


DROPPED = _Dropped()


def scrub_named(value: Any, name: str, job: Job, path: str, depth: int) -> Any:  # noqa: ANN401
    """Return what becomes of a value under a name; ``DROPPED`` where it is to be left out."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        new = job.value_of(value, name, path)
        return DROPPED if new is None else new
    verdict = job.verdict(name, path)
    if verdict is None or verdict.weak or value in ((), [], {}):
        return scrub_tree(value, job, path, depth + 1)
    new = job.whole(str(value), verdict.rule, path)
    return DROPPED if new is None else new


def _name_in_pair(value: dict[Any, Any]) -> str | None:
    if len(value) > 4:
        return None
    for name in _PAIR_NAMES:
        if isinstance(value.get(name), str):
            return str(value[name])
    return None
