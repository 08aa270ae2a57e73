"""The surroundings of a failure: trace, process, machine, and the attributes as they came."""

from otel_bridge.convert.event import TraceContext
from otel_bridge.convert.facts import Facts, to_text
from otel_bridge.convert.request import status_code
from otel_bridge.wire.batch import SpanKind, StatusCode

_OPS = (
    ("http.request.method", "http"),
    ("http.method", "http"),
    ("db.system.name", "db"),
    ("db.system", "db"),
    ("gen_ai.provider.name", "gen_ai"),
    ("rpc.system.name", "rpc"),
    ("rpc.service", "rpc"),
    ("messaging.system", "message"),
)
_HTTP_STATUS = {
    400: "failed_precondition",
    401: "unauthenticated",
    403: "permission_denied",
    404: "not_found",
    409: "aborted",
    429: "resource_exhausted",
    499: "cancelled",
    500: "internal_error",
    501: "unimplemented",
    503: "unavailable",
    504: "deadline_exceeded",
}
_NAMED = {
    "runtime": {"name": "process.runtime.name", "version": "process.runtime.version"},
    "device": {"name": "host.name", "arch": "host.arch", "model": "host.type"},
    "app": {
        "app_name": "service.name",
        "app_version": "service.version",
        "app_identifier": "service.namespace",
    },
    "cloud_resource": {
        name: name
        for name in (
            "cloud.provider",
            "cloud.platform",
            "cloud.account.id",
            "cloud.region",
            "cloud.availability_zone",
            "cloud.resource_id",
            "host.id",
            "host.type",
        )
    },
}


def contexts(facts: Facts) -> dict[str, object]:
    """Return the contexts of the failure itself."""
    found: dict[str, object] = {}
    trace = _trace(facts)
    if trace is not None:
        found["trace"] = trace
    found["otel"] = _otel(facts)
    status = status_code(facts.entry)
    if status is not None:
        found["response"] = {"status_code": status}
    return found


def resource_contexts(resource: dict[str, object]) -> dict[str, dict[str, str]]:
    """Return the contexts of process, machine and service."""
    found = {}
    for name, fields in _NAMED.items():
        values = {
            key: to_text(resource[attribute])
            for key, attribute in fields.items()
            if resource.get(attribute)
        }
        if values and (name != "device" or len(values) > 1):
            found[name] = values
    system = resource.get("os.name") or resource.get("os.type")
    if system:
        found["os"] = {"name": to_text(system)}
        if version := resource.get("os.version"):
            found["os"]["version"] = to_text(version)
    return found


def _trace(facts: Facts) -> TraceContext | None:
    first = facts.first
    if not any(first.trace_id) or not any(first.span_id):
        return None
    span = facts.span
    if span is None:
        return TraceContext(trace_id=first.trace_id.hex(), span_id=first.span_id.hex())
    return TraceContext(
        trace_id=first.trace_id.hex(),
        span_id=first.span_id.hex(),
        parent_span_id=span.parent_span_id.hex() or None,
        op=_op(facts.span_attributes, span.kind),
        status=_status(facts.span_attributes, span.status.code),
        description=span.name or None,
    )


def _op(source: dict[str, object], kind: int) -> str | None:
    for attribute, op in _OPS:
        if attribute in source:
            if op != "http":
                return op
            side = {SpanKind.SERVER: ".server", SpanKind.CLIENT: ".client"}.get(kind, "")
            return op + side
    trigger = source.get("faas.trigger")
    return None if trigger is None else to_text(trigger)


def _status(source: dict[str, object], code: int) -> str:
    if code != StatusCode.ERROR:
        return "ok"
    return _HTTP_STATUS.get(status_code(source) or 0, "unknown_error")


def _otel(facts: Facts) -> dict[str, object]:
    otel: dict[str, object] = {"resource": facts.resource}
    if facts.span_attributes:
        otel["attributes"] = facts.span_attributes
    own = {
        name: value
        for name, value in facts.first.attributes.items()
        if not name.startswith("exception.")
    }
    if own:
        otel["record"] = own
    name, version = facts.scope
    if name:
        otel["scope"] = {"name": name, "version": version} if version else {"name": name}
    return otel
