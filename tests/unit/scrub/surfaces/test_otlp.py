"""Spans and log records field by field: denied paths, odd ids, values of any shape."""

import pytest

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
from otel_bridge.wire.messages import AnyValue, KeyValue, LogRecord, Span

GONE = "[Filtered:denied-path]"


def scrubbed(message, **options):
    raw = message.SerializeToString()
    if isinstance(message, Span):
        record = SpanRecord(b"t" * 16, b"s" * 8, b"", 0, 2, 0, 1, 2, raw)
        batch = Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", [record])])])
    else:
        item = LogItem(b"", b"", 0, 1, 9, raw)
        batch = Batch(Signal.LOGS, [ResourceGroup(b"", [ScopeGroup(b"", [item])])])
    (out,) = Scrubber(ScrubOptions(**options)).batch(batch).batch.records()
    return type(message).FromString(out.raw)


def text(value):
    return AnyValue(string_value=value)


def span():
    made = Span(name="GET /", trace_state="a=b", attributes=[KeyValue(key="k", value=text("v"))])
    made.status.message = "ok"
    made.events.add(name="retry", attributes=[KeyValue(key="k", value=text("v"))])
    return made


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("name", lambda s: s.name),
        ("status.message", lambda s: s.status.message),
        ("trace_state", lambda s: s.trace_state),
        ("attributes.k", lambda s: s.attributes[0].value.string_value),
        ("attributes*", lambda s: s.attributes[0].value.string_value),
        ("events.*.name", lambda s: s.events[0].name),
        ("events.0.attributes.k", lambda s: s.events[0].attributes[0].value.string_value),
    ],
)
def test_a_denied_path_takes_the_text_that_stands_there(path, read):
    assert read(span()) != GONE
    assert read(scrubbed(span(), deny_paths=(path,))) == GONE


def test_a_denied_path_denies_no_names():
    out = scrubbed(span(), deny_paths=("attributes*",))

    assert [pair.key for pair in out.attributes] == ["k"]


def test_a_denied_list_or_map_goes_as_a_whole():
    value = AnyValue()
    value.kvlist_value.values.add(key="a", value=text("v"))
    made = Span(attributes=[KeyValue(key="k", value=value)])

    out = scrubbed(made, deny_paths=("attributes.k",))

    assert out.attributes[0].value.string_value == GONE


@pytest.mark.parametrize(
    "body", [text("hi"), AnyValue(int_value=7), AnyValue(bytes_value=b"hi")], ids=str
)
def test_a_denied_body_of_a_log_record_is_left_out(body):
    out = scrubbed(LogRecord(body=body, severity_text="INFO"), deny_paths=("body",))

    assert not out.HasField("body")
    assert out.severity_text == "INFO"


def test_what_stands_in_the_place_of_an_id_and_is_none_goes():
    made = Span(trace_id=b"password=hunter22x", span_id=b"s" * 8, name="GET /")

    out = scrubbed(made)

    assert (out.trace_id, out.span_id) == (b"", b"s" * 8)


def test_bytes_that_are_text_are_read_and_others_stay():
    made = Span(
        attributes=[
            KeyValue(key="a", value=AnyValue(bytes_value=b"password=hunter22")),
            KeyValue(key="b", value=AnyValue(bytes_value=b"\x00\xff\xfe")),
        ]
    )

    out = scrubbed(made)

    assert out.attributes[0].value.bytes_value == b"password=[Filtered:password]"
    assert out.attributes[1].value.bytes_value == b"\x00\xff\xfe"


def any_of(value):
    if isinstance(value, str):
        return text(value)
    made = AnyValue()
    if isinstance(value, list):
        made.array_value.values.extend(map(any_of, value))
    else:
        pairs = [KeyValue(key=key, value=any_of(inner)) for key, inner in value.items()]
        made.kvlist_value.values.extend(pairs)
    return made


@pytest.mark.parametrize("preset", ["keys", "default", "strict"])
@pytest.mark.parametrize(
    ("value", "left"),
    [
        ([{"name": "DB_PASSWORD", "value": "plain1"}], "[Filtered:password]"),
        ([{"value": "plain1", "name": "DB_PASSWORD"}], "[Filtered:password]"),
        ([{"Key": "my.auth", "Value": "plain1"}], "[Filtered:authorization]"),
        ([["X-Api-Key", "plain1"]], "[Filtered:api-key]"),
        ([["host", "a"], ["auth", "plain1"]], "[Filtered:authorization]"),
    ],
)
def test_a_name_that_is_a_value_itself_is_that_of_the_value_next_to_it(preset, value, left):
    log = scrubbed(LogRecord(body=any_of(value)), preset=preset)
    made = span()
    made.events[0].attributes.append(KeyValue(key="env", value=any_of(value)))
    made = scrubbed(made, preset=preset)

    for out in (log.body, made.events[0].attributes[-1].value):
        assert left in str(out)
        assert "plain1" not in str(out)


def test_pairs_whose_names_say_nothing_stay():
    value = any_of([{"name": "LOG_LEVEL", "value": "debug"}, ["accept", "text/html"]])

    assert scrubbed(LogRecord(body=value)).body == value


def test_the_lines_of_a_key_are_no_name_and_value():
    value = [["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"]]

    assert "MIIE" not in str(scrubbed(LogRecord(body=any_of(value))).body)
