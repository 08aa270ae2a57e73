"""Sentry envelopes, in the subset that every compatible server takes.

An event is packed once, when it is accepted, and sealed with its address and time when it is sent.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from otel_bridge.send.dsn import Dsn
from otel_bridge.wire.clean import CleanEvent

CONTENT_TYPE = "application/x-sentry-envelope"


def encode_event(event: CleanEvent, dsn: Dsn, sent_at: float) -> bytes:
    """Return the envelope of one event, not compressed.

    Args:
        event: The payload.
        dsn: The project that it goes to.
        sent_at: Seconds since the epoch.
    """
    return seal(pack(event), dsn, sent_at)


def pack(event: CleanEvent) -> bytes:
    """Return what of an envelope does not depend on where and when it is sent.

    One line of envelope headers, then the payload.
    """
    head = {"event_id": event["event_id"], "sdk": event.get("sdk"), "trace": _trace(event)}
    return b"%b\n%b" % (
        to_json({name: value for name, value in head.items() if value}),
        to_json(event),
    )


def seal(packed: bytes, dsn: Dsn | None, sent_at: float, report: bytes = b"") -> bytes:
    """Return the envelope of a packed event.

    Args:
        packed: What ``pack`` returned.
        dsn: The project that it goes to, if to one.
        sent_at: Seconds since the epoch.
        report: Payload of a client report to send along.
    """
    head_line, _, payload = packed.partition(b"\n")
    head = _addressed(msgspec.json.decode(head_line), dsn, sent_at)
    item = b'{"type":"event","content_type":"application/json","length":%d}' % len(payload)
    # GlitchTip stops reading at the first item type it does not know: the event comes first.
    return b"\n".join((to_json(head), item, payload, *_report_lines(report)))


def seal_report(report: bytes, dsn: Dsn, sent_at: float) -> bytes:
    """Return an envelope that holds only a client report."""
    return b"\n".join((to_json(_addressed({}, dsn, sent_at)), *_report_lines(report)))


def to_json(value: object) -> bytes:
    """Return JSON on one line; text that UTF-8 cannot hold is repaired.

    Raises:
        TypeError: A value inside is not a JSON type.
    """
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # File names with undecodable bytes come as lone surrogates, which no server reads.
        return msgspec.json.encode(_repaired(value))


def rfc3339(seconds: float) -> str:
    """Return a time since the epoch as text, in UTC with microseconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _repaired(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {_repaired(name): _repaired(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_repaired(each) for each in value]
    return value


def _addressed(head: dict[str, Any], dsn: Dsn | None, sent_at: float) -> dict[str, Any]:
    if dsn is None:
        return {**head, "sent_at": rfc3339(sent_at)}
    if trace := head.get("trace"):
        trace["public_key"] = dsn.public_key
        if dsn.org_id:
            trace["org_id"] = dsn.org_id
    # Bugsink looks for the key here first, GlitchTip in the HTTP header.
    return {**head, "dsn": dsn.public_text, "sent_at": rfc3339(sent_at)}


def _trace(event: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the dynamic sampling context, as far as an event knows it."""
    contexts = event.get("contexts")
    trace = contexts.get("trace") if isinstance(contexts, Mapping) else None
    trace_id = trace.get("trace_id") if isinstance(trace, Mapping) else None
    if not isinstance(trace_id, str) or not trace_id:
        return None
    named = {name: event.get(name) for name in ("release", "environment")}
    return {"trace_id": trace_id} | {
        name: value for name, value in named.items() if isinstance(value, str) and value
    }


def _report_lines(report: bytes) -> tuple[bytes, ...]:
    if not report:
        return ()
    return b'{"type":"client_report","length":%d}' % len(report), report
