"""Scrubs exceptions, threads and the frames of their stacks, as Sentry event payloads hold them.

Names of functions, files and types come from foreign text as often as from a program, so every
text is looked at. What these fields are called says nothing about what is in them.
"""

from collections.abc import Collection, Mapping
from typing import Any

from otel_bridge.scrub.job import Job
from otel_bridge.scrub.surfaces.tree import DROPPED, scrub_named, scrub_tree

_STACKS = ("stacktrace", "raw_stacktrace")
_SOURCE = ("pre_context", "context_line", "post_context")
_NUMBERS = frozenset(["id", "thread_id", "lineno", "colno"])
"""Numbers that the runtime counts; some thread ids are as long as the number of a card."""


def scrub_values(holder: Any, job: Job, field: str) -> Any:  # noqa: ANN401 (foreign JSON)
    """Scrub ``exception`` or ``threads``: an object with ``values``, or their bare list."""
    if isinstance(holder, list | tuple):
        return _scrub_list(holder, job, field)
    if not isinstance(holder, Mapping) or not isinstance(holder.get("values"), list | tuple):
        return scrub_tree(holder, job, field)
    rest = {name: value for name, value in holder.items() if name != "values"}
    clean: dict[str, Any] = scrub_tree(rest, job, field) if rest else {}
    return {**clean, "values": _scrub_list(holder["values"], job, f"{field}.values")}


def scrub_stack(stack: Any, job: Job, path: str) -> Any:  # noqa: ANN401 (foreign JSON)
    """Scrub a stack trace and each of its frames."""
    if not isinstance(stack, Mapping):
        return scrub_tree(stack, job, path)
    frames = stack.get("frames")
    if not isinstance(frames, list | tuple):
        return scrub_tree(stack, job, path)
    rest = {name: value for name, value in stack.items() if name != "frames"}
    clean: dict[str, Any] = scrub_tree(rest, job, path) if rest else {}

    def scrub(frame: Any, place: int) -> Any:  # noqa: ANN401 (foreign JSON)
        return _scrub_frame(frame, job, f"{path}.frames.{place}")

    # The same places fail again.
    return {**clean, "frames": job.known.parts("frame", frames, scrub, job.remarks)}


def _scrub_list(values: "list[Any] | tuple[Any, ...]", job: Job, path: str) -> list[Any]:
    return [_scrub_value(value, job, f"{path}.{place}") for place, value in enumerate(values)]


def _scrub_value(value: Any, job: Job, path: str) -> Any:  # noqa: ANN401 (foreign JSON)
    """Scrub one exception or one thread."""
    if not isinstance(value, Mapping):
        return scrub_tree(value, job, path)
    stacks = [field for field in _STACKS if field in value]
    out = _scrub_fields(value, job, path, stacks)
    for field in stacks:
        out[field] = scrub_stack(value[field], job, f"{path}.{field}")
    return out


def _scrub_frame(frame: Any, job: Job, path: str) -> Any:  # noqa: ANN401 (foreign JSON)
    if not isinstance(frame, dict):
        return scrub_tree(frame, job, path)
    source = _scrub_source(frame, job, path)
    return {**_scrub_fields(frame, job, path, source), **source}


def _scrub_source(frame: Mapping[str, Any], job: Job, path: str) -> dict[str, Any]:
    """Scrub the lines of source together: what a line is may be told by the one before it."""
    before, line, after = (frame.get(field) for field in _SOURCE)
    before, after = before or [], after or []
    if not (isinstance(before, list | tuple) and isinstance(after, list | tuple)):
        return {}
    lines = [*before, *([] if line is None else [line]), *after]
    if not lines or not all(isinstance(each, str) for each in lines):
        return {}
    paths = [f"{path}.pre_context.{i}" for i in range(len(before))]
    paths += [] if line is None else [f"{path}.context_line"]
    paths += [f"{path}.post_context.{i}" for i in range(len(after))]
    clean = job.lines(lines, paths)
    size = len(before)
    values = (
        clean[:size],
        None if line is None else clean[size],
        clean[len(lines) - len(after) :],
    )
    return {
        field: value
        for field, value in zip(_SOURCE, values, strict=True)
        if field in frame and value not in (None, [])
    }


def _scrub_fields(
    holder: Mapping[str, Any], job: Job, path: str, later: Collection[str]
) -> dict[str, Any]:
    """Return the fields without their secrets, and those in their places that come later."""
    clean = job.clean_texts
    out: dict[str, Any] = {}
    for field, value in holder.items():
        if value is None or value is True or value is False or field in later:
            out[field] = value
        elif isinstance(value, str):
            out[field] = value if value in clean else job.text(value, f"{path}.{field}")
        elif type(value) is int and field in _NUMBERS:
            out[field] = value
        else:
            new = _scrub_named(value, str(field), job, f"{path}.{field}")
            if new is not DROPPED:
                out[field] = new
    return out


def _scrub_named(value: Any, name: str, job: Job, path: str) -> Any:  # noqa: ANN401 (foreign JSON)
    if name != "mechanism":
        return scrub_named(value, name, job, path, 0)
    return job.part(name, value, lambda each, _: scrub_named(each, name, job, path, 0))
