"""Scrubs Sentry event payloads field by field, and notes in ``_meta`` what was taken out.

No text is left out because of where it stands: fields that nobody should put a secret into get
one from a hook, a baggage entry or a file name sooner or later.
"""

from collections.abc import Callable, Mapping
from typing import Any

from otel_bridge.scrub.addresses import to_address
from otel_bridge.scrub.bodies import event_route, is_body_key, may_hold_body
from otel_bridge.scrub.job import Job
from otel_bridge.scrub.known import MIN_TEXT_CHARS
from otel_bridge.scrub.remarks import to_meta
from otel_bridge.scrub.search import compile_bytes
from otel_bridge.scrub.surfaces.frames import scrub_stack, scrub_values
from otel_bridge.scrub.surfaces.tree import DROPPED, name_in_pair, scrub_named, scrub_tree

_PERSONAL_USER_FIELDS = frozenset(["ip_address", "email", "username", "name"])
_TIMES = frozenset(["timestamp", "start_timestamp", "received"])
_IDS = frozenset(["event_id", "trace_id", "span_id", "parent_span_id"])
_HEX_ID_CHARS = (16, 32)
_HEX_DIGITS = "0123456789abcdef"
_DOTS_IN_ADDRESS = 3
_STEADY = frozenset(
    ["dist", "environment", "level", "modules", "platform", "release", "sdk", "server_name"]
)
"""Fields that are the same in nearly all events of a process."""
_PASSING = frozenset(["trace", "otel", "response"])
"""Contexts that are not."""
_STEADY_OTEL = frozenset(["resource", "scope"])
_CRUMB_DEPTH = 3
"""How deep in an event a breadcrumb stands."""
_VERSION_NAMES = frozenset(["version", "kernel_version", "build", "release"])
_VERSION = compile_bytes(
    rb"v?[0-9]{1,8}(?:\.[0-9]{1,8}){0,4}(?:[.+-]?(?:a|b|rc|dev|post|alpha|beta)\.?[0-9]{0,8})?"
)
"""Four numbers with dots between them are a version here and no address."""
_REMARK = compile_bytes(rb"@[a-z0-9-]{1,64}:[a-z]{1,16}")
"""How ``_meta`` names a rule and what it did."""


def scrub_event(event: Mapping[str, Any], job: Job, *, send_default_pii: bool) -> dict[str, Any]:
    """Return the event without secrets, with ``_meta`` where something was taken out.

    The event stays as it is. Parts of it that hold none are shared with what is returned.
    """
    steady = {field: value for field, value in event.items() if field in _STEADY}
    clean = job.part("steady", steady, lambda fields, _: _scrub_fields(fields, job))
    out: dict[str, Any] = {}
    for field, value in event.items():
        if field in steady:
            if field in clean:
                out[field] = clean[field]
        elif not isinstance(value, str) and job.leaves_out(field):
            continue
        elif field == "user" and isinstance(value, Mapping):
            out[field] = _scrub_user(value, job, send_default_pii=send_default_pii)
        elif field == "request" and isinstance(value, Mapping):
            out[field] = _scrub_request(value, job, event_route(event))
        elif field not in _FIELDS and job.known.stays(field, value):
            out[field] = value
        else:
            out.update(_scrub_field(field, value, job))
    _drop_bodies(out, job, event_route(event))
    if job.remarks:
        out["_meta"] = to_meta(job, out.get("_meta"))
    return out


def _scrub_fields(fields: Mapping[str, Any], job: Job) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field, value in fields.items():
        if isinstance(value, str) or not job.leaves_out(field):
            out.update(_scrub_field(field, value, job))
    return out


def _scrub_field(field: str, value: Any, job: Job) -> dict[str, Any]:  # noqa: ANN401 (foreign JSON)
    if field in _IDS and isinstance(value, str) and _is_hex(value):
        return {field: value}
    if field in _FIELDS:
        return {field: _FIELDS[field](value, job, field)}
    if field == "breadcrumbs" and _are_crumbs(value) and job.verdict(field, field) is None:
        return {field: {"values": _scrub_crumbs(value["values"], job, f"{field}.values")}}
    if field not in _TIMES or isinstance(value, str):
        # As a part of an object: the name of a field may be a secret, or say one.
        return dict(scrub_tree({field: value}, job))
    return {field: value}


def _scrub_texts(value: Any, job: Job, path: str, depth: int = 0) -> Any:  # noqa: ANN401
    """Scrub names and versions of programs: what they are called says nothing about a value."""
    if isinstance(value, str):
        return _scrub_plain(value, job, path)
    if depth < job.max_depth and isinstance(value, Mapping):
        out = {}
        clean = job.clean_texts
        for key, inner in value.items():
            if type(inner) is str and (inner in clean or len(inner) < MIN_TEXT_CHARS):
                out[key if key in clean else job.key(str(key), path)] = inner
                continue
            shown = job.key(key, path) if isinstance(key, str) else key
            out[shown] = _scrub_texts(inner, job, f"{path}.{shown}", depth + 1)
        return out
    if depth < job.max_depth and isinstance(value, list | tuple):
        return [_scrub_texts(v, job, f"{path}.{i}", depth + 1) for i, v in enumerate(value)]
    return scrub_tree(value, job, path, depth)


def _scrub_release(value: Any, job: Job, path: str) -> Any:  # noqa: ANN401 (foreign JSON)
    """Scrub a release; ``shop@api.eu`` looks like an e-mail address and is none."""
    if not isinstance(value, str):
        return scrub_tree(value, job, path)
    package, at, version = value.partition("@")
    if not at or _is_version(version):
        return job.text(package, path) + at + version if package else value
    return f"{job.text(package, path)}@{job.text(version, path)}"


def _scrub_server(value: Any, job: Job, path: str) -> Any:  # noqa: ANN401 (foreign JSON)
    """Scrub the name of a machine; its address is that of no person."""
    if isinstance(value, str) and to_address(value) is not None:
        return value
    return scrub_tree(value, job, path)


def _scrub_plain(text: str, job: Job, path: str) -> str:
    if text.startswith("@") and _REMARK.fullmatch(text.encode("utf-8", "replace")) is not None:
        return text
    return text if _is_like_address(text) else job.text(text, path)


def _is_like_address(text: str) -> bool:
    """Tell whether a version has so many parts that it could be taken for an address."""
    return text.count(".") >= _DOTS_IN_ADDRESS and _is_version(text)


def _is_version(text: str) -> bool:
    return _VERSION.fullmatch(text.encode("utf-8", "replace")) is not None


def _is_hex(text: str) -> bool:
    """Tell whether a text is an id as trackers write them: nothing is looked for in those."""
    return len(text) in _HEX_ID_CHARS and not text.strip(_HEX_DIGITS)


def _scrub_user(user: Mapping[str, Any], job: Job, *, send_default_pii: bool) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field, value in user.items():
        path = f"user.{field}"
        if field in _PERSONAL_USER_FIELDS:
            if send_default_pii:
                out[field] = scrub_tree(value, job, path)
            else:
                job.left_out("user", path)
        else:
            out.update(scrub_tree({field: value}, job, "user"))
    return out


def _scrub_request(request: Mapping[str, Any], job: Job, route: str) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field, value in request.items():
        path = f"request.{field}"
        if field == "data" and value and job.keeps_no_body(route):
            job.left_out("body", path)
        elif field == "query_string" and isinstance(value, str):
            out[field] = job.query(value, path)
        elif field == "data":
            # A body that may be kept is no secret by its name; what is in it may be one.
            out[field] = scrub_tree(value, job, path)
        elif job.known.stays(field, value):
            out[field] = value
        else:
            new = scrub_named(value, field, job, path, 0)
            if new is not DROPPED:
                out[field] = new
            if new is value and type(value) is str:
                job.know_field(field, value)
    return out


def _scrub_crumbs(crumbs: list[dict[str, Any]], job: Job, path: str) -> list[Any]:
    """Scrub what happened before: most of it has happened before that, too."""
    holds_nothing = job.known.holds_nothing
    return [
        crumb if holds_nothing(crumb) else scrub_tree(crumb, job, f"{path}.{i}", _CRUMB_DEPTH)
        for i, crumb in enumerate(crumbs)
    ]


def _are_crumbs(value: Any) -> bool:  # noqa: ANN401 (foreign JSON)
    """Tell whether this is an object with nothing but a list of objects in it."""
    crumbs = value.get("values") if type(value) is dict and len(value) == 1 else None
    return type(crumbs) is list and all(type(crumb) is dict for crumb in crumbs)


def _scrub_contexts(contexts: Any, job: Job, path: str) -> Any:  # noqa: ANN401 (foreign JSON)
    if not isinstance(contexts, Mapping):
        return scrub_tree(contexts, job, path)
    trace = contexts.get("trace")
    if isinstance(trace, Mapping):
        rest = {name: context for name, context in contexts.items() if name != "trace"}
        if job.known.holds_nothing(rest):
            return {**_scrub_each_context({"trace": trace}, job, path), **rest}
    steady = {name: context for name, context in contexts.items() if name not in _PASSING}
    clean = job.part(path, steady, lambda each, _: _scrub_each_context(each, job, path))
    if not _PASSING.isdisjoint(contexts):
        passing = {name: contexts[name] for name in contexts if name in _PASSING}
        clean = {**_scrub_each_context(passing, job, path), **clean}
    return clean


def _scrub_each_context(contexts: Mapping[Any, Any], job: Job, path: str) -> dict[Any, Any]:
    out: dict[Any, Any] = {}
    for name, context in contexts.items():
        shown = job.key(str(name), path)
        here = f"{path}.{shown}"
        if job.leaves_out(here):
            continue
        if not isinstance(context, Mapping):
            out.update(scrub_tree({name: context}, job, path))
        elif name == "otel" and name_in_pair(context) is None:
            out[shown] = _scrub_otel(context, job, here)
        else:
            out[shown] = _scrub_context(context, job, here)
    return out


def _scrub_context(context: Mapping[Any, Any], job: Job, here: str) -> dict[Any, Any]:
    plain = {k: v for k, v in context.items() if _is_plain(k, v)}
    rest = {k: v for k, v in context.items() if k not in plain} if plain else context
    if job.known.holds_nothing(rest):
        return dict(context)
    clean: dict[Any, Any] = scrub_tree(rest, job, here)
    if not plain:
        return clean
    # In the order in which they came.
    order = (job.key(str(key), here) for key in context)
    merged = {**clean, **plain}
    return {key: merged[key] for key in order if key in merged}


def _scrub_otel(context: Mapping[Any, Any], job: Job, here: str) -> dict[Any, Any]:
    """Scrub what telemetry said: who says it is the same each time."""
    out: dict[Any, Any] = {}
    for name, said in context.items():
        one: dict[Any, Any] = {name: said}
        if job.known.stays(name, said):
            out[name] = said
        elif name in _STEADY_OTEL:
            one = job.part(here, one, lambda each, _: _scrub_context(each, job, here))
            out.update(one)
        else:
            out.update(_scrub_context(one, job, here))
    return out


def _is_plain(name: object, value: object) -> bool:
    if not isinstance(value, str):
        return False
    if name in _VERSION_NAMES:
        return _is_like_address(value)
    return name in _IDS and _is_hex(value)


def _drop_bodies(event: dict[str, Any], job: Job, route: str) -> None:
    """Take bodies out that attributes of the span have brought into other parts of the event."""
    if not job.keeps_no_body(route):
        return
    for part in ("contexts", "extra"):
        holder = event.get(part)
        if isinstance(holder, Mapping) and may_hold_body(holder):
            event[part] = _without_bodies(holder, job, part, 0)


def _without_bodies(holder: Mapping[Any, Any], job: Job, path: str, depth: int) -> dict[Any, Any]:
    out = {}
    for key, value in holder.items():
        if isinstance(key, str) and is_body_key(key) and not job.is_replacement(value):
            job.left_out("body", f"{path}.{key}")
        elif isinstance(value, Mapping) and depth < job.max_depth:
            out[key] = _without_bodies(value, job, f"{path}.{key}", depth + 1)
        else:
            out[key] = value
    return out


_FIELDS: Mapping[str, Callable[[Any, Job, str], Any]] = {
    "_meta": _scrub_texts,
    "contexts": _scrub_contexts,
    "debug_meta": _scrub_texts,
    "dist": _scrub_texts,
    "environment": _scrub_texts,
    "errors": _scrub_texts,
    "exception": scrub_values,
    "modules": _scrub_texts,
    "release": _scrub_release,
    "sdk": _scrub_texts,
    "server_name": _scrub_server,
    "stacktrace": scrub_stack,
    "threads": scrub_values,
}
"""Who looks at which field; what is not named here is a value under a name."""
