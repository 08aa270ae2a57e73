"""Scrubs Sentry event payloads field by field, and notes in ``_meta`` what was taken out."""

from collections.abc import Mapping
from typing import Any

from otel_bridge.scrub.job import Job
from otel_bridge.scrub.tree import DROPPED, scrub_named, scrub_tree

UNTOUCHED = frozenset(
    [
        "_meta",
        "debug_meta",
        "dist",
        "environment",
        "errors",
        "event_id",
        "level",
        "logger",
        "modules",
        "platform",
        "received",
        "release",
        "sdk",
        "server_name",
        "start_timestamp",
        "timestamp",
        "type",
    ]
)
"""Fields that the bridge writes itself, from values that are no one's secret."""

_TRACE_TEXTS = ("data", "description")
_FRAME_LINES = ("pre_context", "post_context")
_PERSONAL_USER_FIELDS = ("ip_address", "email", "username", "name")
_PERSONAL_REQUEST_FIELDS = ("cookies", "data")


def scrub_event(event: Mapping[str, Any], job: Job, *, send_default_pii: bool) -> dict[str, Any]:
    """Return a copy of the event without secrets, with ``_meta`` where something was taken out."""
    out: dict[str, Any] = {}
    for field, value in event.items():
        if field in UNTOUCHED:
            out[field] = value
        elif field in ("exception", "threads"):
            out[field] = _scrub_values(value, job, field)
        elif field == "user" and isinstance(value, Mapping):
            out[field] = _scrub_user(value, job, send_default_pii=send_default_pii)
        elif field == "request" and isinstance(value, Mapping):
            out[field] = _scrub_request(value, job)
        elif field == "contexts" and isinstance(value, Mapping):
            out[field] = _scrub_contexts(value, job)
        else:
            out[field] = scrub_tree(value, job, field)
    if job.remarks:
        out["_meta"] = to_meta(job, out.get("_meta"))
    return out


def _scrub_values(holder: Any, job: Job, field: str) -> Any:  # noqa: ANN401 (foreign JSON)
    values = holder.get("values") if isinstance(holder, Mapping) else None
    if not isinstance(values, list):
        return scrub_tree(holder, job, field)
    clean = [
        _scrub_exception(value, job, f"{field}.values.{place}")
        if isinstance(value, Mapping)
        else scrub_tree(value, job, f"{field}.values.{place}")
        for place, value in enumerate(values)
    ]
    return {**holder, "values": clean}


def _scrub_exception(value: Mapping[str, Any], job: Job, path: str) -> dict[str, Any]:
    """Scrub an exception or a thread; its type and module are names in a program."""
    out = dict(value)
    for field in ("value", "mechanism", "name"):
        if field in out:
            out[field] = scrub_tree(out[field], job, f"{path}.{field}")
    for field in ("stacktrace", "raw_stacktrace"):
        if isinstance(out.get(field), Mapping):
            out[field] = _scrub_stack(out[field], job, f"{path}.{field}")
    return out


def _scrub_stack(stack: Mapping[str, Any], job: Job, path: str) -> dict[str, Any]:
    frames = [
        _scrub_frame(frame, job, f"{path}.frames.{place}")
        for place, frame in enumerate(stack.get("frames") or ())
    ]
    return {**stack, "frames": frames}


def _scrub_frame(frame: Mapping[str, Any], job: Job, path: str) -> Mapping[str, Any]:
    """Scrub what a frame shows of code and values; names of functions and files are no secrets."""
    changed: dict[str, Any] = {}
    line = frame.get("context_line")
    if isinstance(line, str) and not job.knows_clean(line):
        changed["context_line"] = job.text(line, f"{path}.context_line")
    for field in _FRAME_LINES:
        lines = frame.get(field)
        if lines:
            changed[field] = _scrub_lines(lines, job, path, field)
    if frame.get("vars"):
        changed["vars"] = scrub_tree(frame["vars"], job, f"{path}.vars")
    return {**frame, **changed}


def _scrub_lines(lines: list[Any], job: Job, path: str, field: str) -> list[Any]:
    """Scrub lines of source, one by one; the same places fail again and again."""
    try:
        together = "\n".join(lines)
    except TypeError:
        return [scrub_tree(line, job, f"{path}.{field}.{i}") for i, line in enumerate(lines)]
    if job.knows_clean(together):
        return lines
    out = [job.text(line, f"{path}.{field}.{i}") for i, line in enumerate(lines)]
    if out == lines:
        job.know_clean(together)
    return out


def _scrub_user(user: Mapping[str, Any], job: Job, *, send_default_pii: bool) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field, value in user.items():
        path = f"user.{field}"
        if field in _PERSONAL_USER_FIELDS:
            if send_default_pii:
                out[field] = value
            else:
                job.left_out("user", path)
        else:
            out[field] = scrub_tree(value, job, path)
    return out


def _scrub_request(request: Mapping[str, Any], job: Job) -> dict[str, Any]:
    out: dict[str, Any] = {}
    route = str(request.get("url") or "")
    for field, value in request.items():
        path = f"request.{field}"
        if field == "data" and value and job.keeps_no_body(route):
            job.left_out("body", path)
            continue
        if field == "query_string" and isinstance(value, str):
            out[field] = job.query(value, path)
            continue
        new = scrub_named(value, _REQUEST_NAMES.get(field, field), job, path, 0)
        if new is not DROPPED:
            out[field] = new
    return out


_REQUEST_NAMES = {"data": "request_data", "cookies": "cookies"}
"""Under which name a field of the request is judged; ``data`` that may be kept is no secret."""


def _scrub_contexts(contexts: Mapping[str, Any], job: Job) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, context in contexts.items():
        path = f"contexts.{name}"
        if name == "trace" and isinstance(context, Mapping):
            out[name] = {
                field: scrub_tree(value, job, f"{path}.{field}")
                if field in _TRACE_TEXTS
                else value
                for field, value in context.items()
            }
        else:
            out[name] = scrub_tree(context, job, path)
    return out


def to_meta(job: Job, known: Any) -> dict[str, Any]:  # noqa: ANN401 (foreign JSON)
    """Return Sentry's ``_meta`` tree: under the path of a text, what was taken out of it."""
    meta: dict[str, Any] = dict(known) if isinstance(known, Mapping) else {}
    for remark in job.remarks:
        node = meta
        for part in remark.path.split("."):
            child = node.get(part)
            node[part] = node = dict(child) if isinstance(child, dict) else {}
        node[""] = {
            "rem": [[f"@{c.rule}:filter", c.how, c.out_start, c.out_end] for c in remark.cuts],
            "len": remark.length,
        }
    return meta
