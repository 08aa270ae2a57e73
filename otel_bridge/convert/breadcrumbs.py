"""What happened before: span events, logs and finished calls under the same entry span."""

from collections.abc import Iterator
from itertools import islice

from otel_bridge.convert.event import Breadcrumb
from otel_bridge.convert.facts import Facts, to_text
from otel_bridge.convert.recent import KeptLog, KeptSpan, Recent, Trace
from otel_bridge.wire.batch import SpanKind, StatusCode
from otel_bridge.wire.messages import LogRecord, Span
from otel_bridge.wire.values import attributes, to_python

_MAX_LOOKED_AT = 300
"""Records of a trace that are decoded for one event, the latest before it."""
_MAX_TEXT = 1_024
_MAX_DATA = 10
_CALLS = frozenset({SpanKind.CLIENT, SpanKind.PRODUCER})
_OF_CALLS = frozenset(
    [
        "http.request.method", "http.method", "url.full", "http.url",
        "http.response.status_code", "http.status_code",
        "db.query.text", "db.statement", "db.system.name", "db.system",
    ]
)  # fmt: skip
"""What is told of a call; of the others not even the values are read."""
_LEVELS = ((21, "fatal"), (17, "error"), (13, "warning"), (9, "info"), (1, "debug"))


def breadcrumbs(facts: Facts, recent: Recent, limit: int) -> list[Breadcrumb]:
    """Return the latest things that happened before a failure, the oldest first."""
    trace = recent.trace(facts.first.trace_id)
    if trace is None or limit == 0:
        return []
    if len(trace) == 1 and facts.span is not None and len(facts.span.events) == 1:
        # Nothing but the failure itself: the commonest case by far.
        return []
    own = {(sighting.span_id, sighting.time_ns) for sighting in facts.sightings}
    until = facts.first.time_ns
    found = [
        (log.record.time_ns, _of_log(log, facts))
        for log in _latest_logs(trace, until)
        if (log.record.span_id, log.record.time_ns) not in own and _is_near(log, facts, recent)
    ]
    for kept in _latest_spans(trace, until):
        if _is_near(kept, facts, recent):
            found += _of_span(kept, until, own, facts)
    found.sort(key=lambda item: item[0])
    return [crumb for _, crumb in found[-limit:]]


def _latest_logs(trace: Trace, until: int) -> list[KeptLog]:
    return [log for log in trace.logs[-_MAX_LOOKED_AT:] if log.record.time_ns <= until]


def _latest_spans(trace: Trace, until: int) -> list[KeptSpan]:
    spans = islice(trace.spans(), _MAX_LOOKED_AT)
    return [kept for kept in spans if kept.record.start_ns <= until]


def _is_near(kept: KeptLog | KeptSpan, facts: Facts, recent: Recent) -> bool:
    """Whether a record belongs to the same request."""
    record = kept.record
    return recent.climb(record.trace_id, record.span_id).top == facts.climb.top


def _of_log(kept: KeptLog, facts: Facts) -> Breadcrumb:
    log = LogRecord.FromString(kept.record.raw)
    body = to_python(log.body)
    severity = kept.record.severity
    return Breadcrumb(
        timestamp=kept.record.time_ns / 1e9,
        type="default",
        category=facts.decoder.scope(kept.scope)[0] or log.event_name or "log",
        message=None if body is None else to_text(body)[:_MAX_TEXT],
        level=next((level for least, level in _LEVELS if severity >= least), "info"),
        data=_data(attributes(log.attributes)),
    )


def _of_span(
    kept: KeptSpan, until: int, own: set[tuple[bytes, int]], facts: Facts
) -> Iterator[tuple[int, Breadcrumb]]:
    record = kept.record
    is_call = record.kind in _CALLS and record.end_ns <= until
    if not is_call and b"\x5a" not in record.raw:
        # 0x5a is the tag of field 11, events: without it there are none.
        return
    span = facts.decoded(record)
    if is_call:
        yield record.end_ns, _of_call(span)
    for event in span.events:
        at = event.time_unix_nano
        if event.name != "exception" and at <= until and (record.span_id, at) not in own:
            yield (
                at,
                Breadcrumb(
                    timestamp=at / 1e9,
                    type="default",
                    category="otel.event",
                    message=event.name[:_MAX_TEXT],
                    level="info",
                    data=_data(attributes(event.attributes)),
                ),
            )


def _of_call(span: Span) -> Breadcrumb:
    """Describe a finished call to somewhere else, as the native SDKs name them."""
    facts = attributes(pair for pair in span.attributes if pair.key in _OF_CALLS)
    crumb = Breadcrumb(
        timestamp=span.end_time_unix_nano / 1e9,
        type="default",
        category="span",
        message=span.name[:_MAX_TEXT],
        level="error" if span.status.code == StatusCode.ERROR else "info",
    )
    method = facts.get("http.request.method", facts.get("http.method"))
    statement = facts.get("db.query.text", facts.get("db.statement"))
    if method is not None:
        crumb.type, crumb.category = "http", "http"
        crumb.data = {
            "method": to_text(method),
            "url": to_text(facts.get("url.full", facts.get("http.url", "")))[:_MAX_TEXT],
        }
        status = facts.get("http.response.status_code", facts.get("http.status_code"))
        if isinstance(status, int):
            crumb.data["status_code"] = status
    elif statement is not None:
        crumb.category, crumb.message = "query", to_text(statement)[:_MAX_TEXT]
        crumb.data = _data({"db.system": facts.get("db.system.name", facts.get("db.system"))})
    return crumb


def _data(facts: dict[str, object]) -> dict[str, object] | None:
    kept: dict[str, object] = {
        name[:200]: value if isinstance(value, bool | int | float) else to_text(value)[:_MAX_TEXT]
        for name, value in list(facts.items())[:_MAX_DATA]
        if value is not None and not name.startswith("exception.")
    }
    return kept or None
