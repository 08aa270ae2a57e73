"""Scrubs Sentry event payloads field by field, and notes in ``_meta`` what was taken out."""

from typing import Any

from otel_bridge.scrub.job import Job
from otel_bridge.scrub.tree import DROPPED, scrub_named, scrub_tree

_UNTOUCHED = frozenset(
    "event_id timestamp platform level release environment dist server_name logger sdk modules "
    "debug_meta fingerprint type received start_timestamp errors _meta".split()
)
_FRAME_TEXTS = ("context_line",)
_FRAME_LINES = ("pre_context", "post_context")
_PERSONAL_USER_FIELDS = ("ip_address", "email", "username", "name")


def scrub_event(event: dict[str, Any], job: Job, *, send_default_pii: bool) -> dict[str, Any]:
    """Return a copy of the event without secrets, with ``_meta`` where something was taken out."""
    out = dict(event)
    for field, value in event.items():
        if field in _UNTOUCHED:
            continue
        if field == "exception":
            out[field] = _scrub_exceptions(value, job)
        elif field == "user" and isinstance(value, dict):
            out[field] = _scrub_user(value, job, send_default_pii=send_default_pii)
        elif field == "request" and isinstance(value, dict):
            out[field] = _scrub_request(value, job, send_default_pii=send_default_pii)
        elif field == "contexts" and isinstance(value, dict):
            out[field] = {
                name: context if name == "trace" else scrub_tree(context, job, f"contexts.{name}")
                for name, context in value.items()
            }
        else:
            out[field] = scrub_tree(value, job, field)
    if job.remarks:
        out["_meta"] = to_meta(job, out.get("_meta"))
    return out


def _scrub_exceptions(exception: Any, job: Job) -> Any:  # noqa: ANN401
    if not isinstance(exception, dict) or not isinstance(exception.get("values"), list):
        return scrub_tree(exception, job, "exception")
    values = []
    for place, value in enumerate(exception["values"]):
        path = f"exception.values.{place}"
        new = dict(value)
        if isinstance(value.get("value"), str):
            new["value"] = job.text(value["value"], f"{path}.value")
        if "mechanism" in value:
            new["mechanism"] = scrub_tree(value["mechanism"], job, f"{path}.mechanism")
        if isinstance(value.get("stacktrace"), dict):
            new["stacktrace"] = _scrub_stack(value["stacktrace"], job, f"{path}.stacktrace")
        values.append(new)
    return {**exception, "values": values}


def _scrub_stack(stack: dict[str, Any], job: Job, path: str) -> dict[str, Any]:
    frames = []
    for place, frame in enumerate(stack.get("frames") or ()):
        here = f"{path}.frames.{place}"
        new = dict(frame)
        for field in _FRAME_TEXTS:
            if isinstance(frame.get(field), str):
                new[field] = job.text(frame[field], f"{here}.{field}")
        for field in _FRAME_LINES:
            if frame.get(field):
                new[field] = scrub_tree(list(frame[field]), job, f"{here}.{field}")
        if frame.get("vars"):
            new["vars"] = scrub_tree(frame["vars"], job, f"{here}.vars")
        frames.append(new)
    return {**stack, "frames": frames}


def _scrub_user(user: dict[str, Any], job: Job, *, send_default_pii: bool) -> dict[str, Any]:
    out = {}
    for field, value in user.items():
        if not send_default_pii and field in _PERSONAL_USER_FIELDS:
            continue
        out[field] = value if field == "id" else scrub_tree(value, job, f"user.{field}")
    return out


def _scrub_request(request: dict[str, Any], job: Job, *, send_default_pii: bool) -> dict[str, Any]:
    out = {}
    for field, value in request.items():
        if not send_default_pii and field in ("cookies", "data"):
            continue
        new = scrub_named(value, f"request_{field}", job, f"request.{field}", 0)
        if new is not DROPPED:
            out[field] = new
    return out


def to_meta(job: Job, known: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return Sentry's ``_meta`` tree: under the path of a text, what was taken out of it."""
    meta: dict[str, Any] = dict(known) if isinstance(known, dict) else {}
    for remark in job.remarks:
        node = meta
        for part in remark.path.split("."):
            node = node.setdefault(part, {})
        node[""] = {
            "rem": [[f"@{c.rule}:filter", c.how, c.out_start, c.out_end] for c in remark.cuts],
            "len": remark.length,
        }
    return meta
