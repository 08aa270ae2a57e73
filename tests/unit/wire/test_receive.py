import pytest

from otel_bridge.errors import ReceiveError, TooLarge
from otel_bridge.wire.batch import Signal
from otel_bridge.wire.groups import LogRecord
from otel_bridge.wire.messages import (
    ExportLogsServiceRequest,
    LogRecord as LogMessage,
    Span,
)
from otel_bridge.wire.peek import trace_state_of
from otel_bridge.wire.receive import raw_records, read_request, skim_request
from otel_bridge.wire.varint import delimited, varint
from tests.unit.wire.make import request_of, span_message

UNKNOWN = varint(1000 << 3 | 2) + b"\x05hello"
BAD_TEXT = b"\x0a\x01\xff"
"""A ``string`` field with a byte that is not UTF-8."""


def traces(*spans, **resource):
    return request_of(*spans, **resource).SerializeToString()


def logs(*records):
    request = ExportLogsServiceRequest()
    request.resource_logs.add().scope_logs.add().log_records.extend(records)
    return request.SerializeToString()


def framed(span, *, resource=b"", scope=b"", after=b""):
    """A request around one serialized span, with bytes after it at every level."""
    scope_group = delimited(b"\x0a", scope) + delimited(b"\x12", span) + after
    resource_group = delimited(b"\x0a", resource) + delimited(b"\x12", scope_group) + after
    return delimited(b"\x0a", resource_group) + after


def test_what_rides_beside_a_span_is_read_from_it():
    span = span_message(
        7,
        parent_span_id=b"\x09" * 8,
        flags=0x301,
        kind=2,
        status={"code": 2, "message": "no"},
        start_time_unix_nano=5,
        end_time_unix_nano=2**64 - 1,
    )

    (record,) = read_request(traces(span), Signal.TRACES).records()

    assert record == (
        span.trace_id,
        span.span_id,
        b"\x09" * 8,
        0x301,
        2,
        2,
        5,
        2**64 - 1,
        span.SerializeToString(),
        False,
    )
    span.events.add()
    (record,) = read_request(traces(span), Signal.TRACES).records()
    assert record.has_events


def test_what_rides_beside_a_log_record_is_read_from_it():
    log = LogMessage(
        trace_id=b"\x01" * 16,
        span_id=b"\x02" * 8,
        flags=1,
        severity_number=17,
        observed_time_unix_nano=9,
    )

    (record,) = read_request(logs(log), Signal.LOGS).records()

    expected = (log.trace_id, log.span_id, 1, 17, 9, log.SerializeToString())
    assert record == LogRecord(*expected)


def test_ids_of_nothing_but_zeros_are_no_ids():
    span = span_message(1, parent_span_id=bytes(8))
    log = LogMessage(trace_id=bytes(16), span_id=bytes(8), time_unix_nano=1)

    (span_record,) = read_request(traces(span), Signal.TRACES).records()
    (log_record,) = read_request(logs(log), Signal.LOGS).records()

    assert span_record.parent_span_id == b""
    assert span_record.is_local_root
    assert (log_record.trace_id, log_record.span_id) == (b"", b"")


def test_a_request_is_forwarded_byte_for_byte():
    body = traces(span_message(1), span_message(2), **{"service.name": "shop"})

    batch = read_request(body, Signal.TRACES)

    assert batch.to_request() == body
    assert [record.raw for record in batch.records()] == list(raw_records(body))


def test_a_span_whose_tracestate_stands_elsewhere_is_written_as_usual():
    odd = span_message().SerializeToString() + Span(trace_state="ot=th:8").SerializeToString()

    (record,) = read_request(framed(odd), Signal.TRACES).records()

    assert Span.FromString(record.raw) == Span.FromString(odd)
    assert trace_state_of(record.raw) == b"ot=th:8"


def test_unknown_fields_at_every_level_are_kept_byte_for_byte():
    span = span_message(1).SerializeToString() + UNKNOWN
    body = framed(span, resource=UNKNOWN, scope=UNKNOWN, after=UNKNOWN)

    batch = read_request(body, Signal.TRACES)

    assert batch.to_request() == body
    group = batch.resources[0]
    assert [batch.unknown, group.unknown, group.scopes[0].unknown] == [UNKNOWN] * 3
    assert [group.resource, group.scopes[0].scope] == [UNKNOWN] * 2


def test_a_resource_in_two_pieces_is_joined_as_protobuf_does():
    pieces = [b"\x10\x01", UNKNOWN]
    body = delimited(b"\x0a", b"".join(delimited(b"\x0a", piece) for piece in pieces))

    assert read_request(body, Signal.TRACES).resources[0].resource == b"".join(pieces)


def test_an_empty_request_is_an_empty_batch():
    assert len(read_request(b"", Signal.TRACES)) == 0
    assert read_request(b"", Signal.LOGS).to_request() == b""


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"\x0a\x05abc", "the request"),
        (b"\xff", "the request"),
        (delimited(b"\x0a", b"\xff"), "resource_spans[0]"),
        (delimited(b"\x0a", delimited(b"\x1a", b"\xff")), "resource_spans[0]"),
        (delimited(b"\x0a", delimited(b"\x0a", b"\xff")), "resource_spans[0].resource"),
        (framed(b"", scope=BAD_TEXT), "resource_spans[0].scope_spans[0].scope"),
        (delimited(b"\x0a", delimited(b"\x12", b"\xff")), "resource_spans[0].scope_spans[0]"),
        (framed(b"\x0a"), "resource_spans[0].scope_spans[0].spans[0]"),
        (framed(b"\x2a\x01\xff"), "resource_spans[0].scope_spans[0].spans[0]"),
        (framed(delimited(b"\x4a", BAD_TEXT)), "resource_spans[0].scope_spans[0].spans[0]"),
        (framed(b"\x0a\x01x"), "resource_spans[0].scope_spans[0].spans[0].trace_id"),
        (framed(b"\x12\x01x"), "resource_spans[0].scope_spans[0].spans[0].span_id"),
        (framed(b"\x22\x01x"), "resource_spans[0].scope_spans[0].spans[0].parent_span_id"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(body, where):
    with pytest.raises(ReceiveError) as caught:
        read_request(body, Signal.TRACES)

    assert caught.value.where == where
    assert caught.value.status_hint == 400


def test_the_place_is_found_among_many():
    spans = [span_message(n) for n in (1, 2, 3)]
    body = traces(*spans) + framed(spans[0].SerializeToString() + delimited(b"\x4a", BAD_TEXT))

    with pytest.raises(ReceiveError, match=r"resource_spans\[1\].scope_spans\[0\].spans\[0\]"):
        read_request(body, Signal.TRACES)


@pytest.mark.parametrize(
    "log",
    [LogMessage(trace_id=b"short"), LogMessage(span_id=b"short")],
    ids=["trace id", "span id"],
)
def test_a_log_record_with_a_broken_id_is_refused(log):
    with pytest.raises(ReceiveError, match=r"log_records\[0\]"):
        read_request(logs(log), Signal.LOGS)


def test_a_body_of_empty_records_is_too_large():
    body = framed(b"", after=b"\x12\x00" * 100)

    with pytest.raises(TooLarge):
        read_request(body, Signal.TRACES, max_records=50)
    assert len(read_request(body, Signal.TRACES, max_records=500)) == 101


def test_skimming_trusts_what_is_inside_a_record():
    body = framed(delimited(b"\x4a", BAD_TEXT))

    assert [record.raw for record in skim_request(body, Signal.TRACES).records()] == [
        delimited(b"\x4a", BAD_TEXT)
    ]
    with pytest.raises(ReceiveError):
        skim_request(framed(b"\x0a"), Signal.TRACES)


def test_the_records_of_an_unreadable_request_cannot_be_listed():
    with pytest.raises(ReceiveError):
        list(raw_records(b"\xff"))
