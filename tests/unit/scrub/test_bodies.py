"""Bodies of requests and answers in spans and log records."""

import pytest

from otel_bridge.scrub.bodies import is_body_key
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import (
    Batch,
    LogRecord as LogItem,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanRecord,
)
from otel_bridge.wire.messages import LogRecord, Span

PII = Scrubber(ScrubOptions(send_default_pii=True))


def scrubbed(message, scrubber):
    raw = message.SerializeToString()
    if isinstance(message, Span):
        record = SpanRecord(b"t" * 16, b"s" * 8, b"", 0, 2, 0, 1, 2, raw)
        batch = Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", [record])])])
    else:
        item = LogItem(b"", b"", 0, 1, 9, raw)
        batch = Batch(Signal.LOGS, [ResourceGroup(b"", [ScopeGroup(b"", [item])])])
    (out,) = scrubber.batch(batch).batch.records()
    read = type(message).FromString(out.raw)
    return {pair.key: pair.value.string_value for pair in read.attributes}


def message_of(kind, attributes, **fields):
    message = kind(**fields)
    for key, value in attributes.items():
        pair = message.attributes.add()
        pair.key = key
        pair.value.string_value = value
    return message


@pytest.mark.parametrize(
    "key",
    [
        "http.request.body", "http.response.body.text", "request_body", "response.body",
        "http.request.body.content", "app.requestBody", "rpc.response-body.json",
    ],
)  # fmt: skip
def test_a_key_holds_a_body(key):
    assert is_body_key(key)


@pytest.mark.parametrize(
    "key", ["http.request.body.size", "request_body_length", "body", "somebody", "antibody.text"]
)
def test_a_key_holds_none(key):
    assert not is_body_key(key)


def test_a_body_that_is_harmless_goes_unless_personal_data_may_pass():
    span = message_of(Span, {"http.request.body": "a=1", "http.route": "/items"})

    assert scrubbed(span, Scrubber()) == {"http.route": "/items"}
    assert scrubbed(span, PII) == {"http.route": "/items", "http.request.body": "a=1"}


@pytest.mark.parametrize(
    "span",
    [
        message_of(Span, {"http.request.body": "a=1", "http.route": "/login"}),
        message_of(Span, {"http.response.body.text": "a=1", "url.path": "/v1/Payments/7"}),
        message_of(Span, {"request_body": "a=1", "url.full": "https://shop/upload"}),
        message_of(Span, {"request_body": "a=1"}, name="POST /login"),
        message_of(LogRecord, {"request_body": "a=1", "http.target": "/patients/1"}),
    ],
    ids=str,
)
def test_bodies_of_some_routes_go_even_then(span):
    assert "a=1" not in scrubbed(span, PII).values()


def test_the_routes_are_yours_to_choose():
    scrubber = Scrubber(ScrubOptions(send_default_pii=True, body_free_routes=("*/secret*",)))
    login = message_of(Span, {"request_body": "a=1", "http.route": "/login"})
    secret = message_of(Span, {"request_body": "a=1", "http.route": "/secret/1"})

    assert scrubbed(login, scrubber)["request_body"] == "a=1"
    assert "request_body" not in scrubbed(secret, scrubber)
