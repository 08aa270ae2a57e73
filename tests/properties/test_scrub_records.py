"""A secret planted anywhere in a span, a log record or an event is nowhere in what comes out."""

from hypothesis import given, strategies as st

from otel_bridge.wire.messages import InstrumentationScope, LogRecord, Resource
from tests.properties.scrub_data import (
    EXAMPLES,
    SCRUBBERS,
    any_value,
    log_batch,
    names,
    pair,
    plain_span,
    scrubbers,
    secrets,
    shapes,
    span_batch,
    texts,
    wrapped,
)

of_texts = scrubbers.filter(lambda scrubber: scrubber is not SCRUBBERS["keys"])


def _in_name(span, text, value):
    span.name = text


def _in_trace_state(span, text, value):
    span.trace_state = text


def _in_attribute(span, text, value):
    span.attributes.append(pair("note", value))


def _in_attribute_key(span, text, value):
    span.attributes.append(pair(text, 1))


def _in_bytes(span, text, value):
    span.attributes.append(pair("note", text.encode()))


def _in_event_name(span, text, value):
    span.events[0].name = text


def _in_exception(span, text, value):
    span.events.add(name="exception").attributes.extend(
        [pair("exception.message", text), pair("exception.stacktrace", f"Traceback\n{text}")]
    )


def _in_event_attribute(span, text, value):
    span.events[0].attributes.append(pair("note", value))


def _in_link(span, text, value):
    span.links[0].attributes.append(pair("note", value))


def _in_link_state(span, text, value):
    span.links[0].trace_state = text


def _in_status(span, text, value):
    span.status.message = text


PLACES = [
    _in_name, _in_trace_state, _in_attribute, _in_attribute_key, _in_bytes, _in_event_name,
    _in_exception, _in_event_attribute, _in_link, _in_link_state, _in_status,
]  # fmt: skip


@EXAMPLES
@given(secrets(), shapes, st.sampled_from(PLACES), of_texts, st.integers(0, 5))
def test_a_planted_secret_is_nowhere_in_a_span(secret, shapes, plant, scrubber, kind):
    text, token = secret
    span = plain_span()
    plant(span, text, wrapped(text, shapes))
    plain = plain_span().SerializeToString()

    scrubbed = scrubber.batch(
        span_batch(plain, span.SerializeToString(), plain, *[plain] * 20, kind=kind)
    )

    raws = [record.raw for record in scrubbed.batch.records()]
    assert token.encode() not in b"".join(raws)
    assert raws.count(plain) == 22
    assert scrubbed.dropped == 0


@EXAMPLES
@given(secrets(), shapes, names, of_texts, st.booleans())
def test_a_planted_secret_is_nowhere_in_a_log_record(secret, shapes, name, scrubber, in_body):
    text, token = secret
    log = LogRecord(severity_text="INFO", event_name="e")
    if in_body:
        log.body.CopyFrom(any_value(wrapped({name: text}, shapes)))
    else:
        log.attributes.append(pair(name, wrapped(text, shapes)))

    (record,) = scrubber.batch(log_batch(log.SerializeToString())).batch.records()

    assert token.encode() not in record.raw


@EXAMPLES
@given(secrets(), shapes, of_texts)
def test_a_planted_secret_is_nowhere_in_resource_and_scope(secret, shapes, scrubber):
    text, token = secret
    resource = Resource(attributes=[pair("process.command_args", wrapped(text, shapes))])
    scope = InstrumentationScope(name="lib", attributes=[pair("note", wrapped(text, shapes))])
    batch = span_batch(b"", resource=resource.SerializeToString(), scope=scope.SerializeToString())

    assert token.encode() not in scrubber.batch(batch).batch.to_request()


FIELDS = st.sampled_from(
    [
        ("exception", "values", 0, "value"),
        ("exception", "values", 0, "stacktrace", "frames", 0, "context_line"),
        ("exception", "values", 0, "stacktrace", "frames", 0, "pre_context", 0),
        ("exception", "values", 0, "stacktrace", "frames", 0, "vars", "x"),
        ("exception", "values", 0, "mechanism", "data", "x"),
        ("request", "url"),
        ("request", "query_string"),
        ("request", "headers", "X-Note"),
        ("request", "cookies", "a"),
        ("request", "env", "X"),
        ("tags", "note"),
        ("extra", "note"),
        ("contexts", "app", "note"),
        ("contexts", "trace", "data", "note"),
        ("contexts", "trace", "description"),
        ("contexts", "runtime", "version"),
        ("contexts", "otel", "resource", "service.namespace"),
        ("contexts", "otel", "attributes", "note"),
        ("contexts", "otel", "record", "note"),
        ("contexts", "otel", "scope", "name"),
        ("contexts", "response", "note"),
        ("modules", "shop"),
        ("sdk", "name"),
        ("server_name",),
        ("environment",),
        ("release",),
        ("breadcrumbs", "values", 0, "message"),
        ("breadcrumbs", "values", 0, "data", "x"),
        ("user", "note"),
        ("logentry", "formatted"),
        ("logentry", "params", 0),
        ("message",),
        ("transaction",),
        ("threads", "values", 0, "stacktrace", "frames", 0, "vars", "x"),
        ("spans", 0, "description"),
        ("unheard_of", "x"),
    ]
)  # fmt: skip


def _event(path, value):
    for part in reversed(path):
        value = [value] if isinstance(part, int) else {part: value}
    return {"event_id": "0" * 32, "platform": "python", **value}


@EXAMPLES
@given(secrets(), FIELDS, of_texts)
def test_a_planted_secret_is_nowhere_in_an_event(secret, path, scrubber):
    text, token = secret

    clean, rules = scrubber.event(_event(path, text))

    assert token not in str(clean)
    assert rules


@EXAMPLES
@given(secrets(), FIELDS, of_texts)
def test_what_was_clean_in_other_events_hides_no_secret(secret, path, scrubber):
    text, token = secret
    for harmless in ("harmless", "another", "harmless"):
        scrubber.event(_event(path, harmless))

    for _ in range(2):
        clean, rules = scrubber.event(_event(path, text))
        assert token not in str(clean)
        assert rules


@EXAMPLES
@given(texts, FIELDS, scrubbers)
def test_scrubbing_an_event_twice_equals_scrubbing_it_once(text, path, scrubber):
    once, _ = scrubber.event(_event(path, text))
    twice, rules = scrubber.event(dict(once))

    assert dict(twice) == dict(once)
    assert not rules


@EXAMPLES
@given(texts, texts, names, st.sampled_from(PLACES), scrubbers, st.integers(0, 5))
def test_scrubbing_a_batch_twice_equals_scrubbing_it_once(
    text, other, name, plant, scrubber, kind
):
    span = plain_span()
    plant(span, text, {name: other})
    span.attributes.extend([pair("client.address", other), pair(name, text)])

    once = scrubber.batch(span_batch(span.SerializeToString(), kind=kind)).batch
    twice = scrubber.batch(once)

    assert twice.batch.to_request() == once.to_request()
    assert not twice.rules
    assert twice.dropped == 0
