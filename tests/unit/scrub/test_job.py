"""What becomes of texts that are longer than what is read of them."""

import json

import pytest

from otel_bridge.scrub.jsonl import scrub_line
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.messages import LogRecord, Span
from tests.properties.scrub_data import SCRUBBERS, log_batch, pair, span_batch

CAP = 1_000
SCRUBBER = Scrubber(ScrubOptions(max_value_bytes=CAP, max_record_bytes=4 * CAP))
DEFAULT = SCRUBBERS["default"]
TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "F6g7h8"
SECRET = "hunter22 correct horse"
KEY = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEF\n" * 20
PARTS = (TOKEN[:12], TOKEN[-12:], "hunter22", "horse", "MIIEvQIBAD")


@pytest.mark.parametrize("before", range(0, 80, 6))
@pytest.mark.parametrize(
    "text",
    [TOKEN, f"password='{SECRET}'", f"password={SECRET.split(maxsplit=1)[0]} ok", KEY, KEY * 20],
)
def test_nothing_is_left_of_a_secret_astride_the_cap(text, before):
    clean = SCRUBBER.text("é " * (CAP // 3) + " " * (CAP % 3 - before) + text + " and on " * 30)

    assert [part for part in PARTS if part in clean] == []
    assert clean.startswith("é é é")
    assert clean.endswith("[Filtered:too-long]")


@pytest.mark.parametrize("size", [500, 990, 1_010, 5_000, 200_000])
def test_a_value_in_json_is_hidden_however_long_the_json_is(size):
    text = json.dumps({"user.name": "Jane", "pad": "x y " * (size // 4), "password": "ab"})

    clean = SCRUBBER.text(text)

    assert "Jane" not in clean
    assert '"ab"' not in clean


@pytest.mark.parametrize("size", [CAP - 1, CAP, CAP + 1])
def test_a_text_of_the_size_of_the_cap_is_read_to_its_end(size):
    text = "x " * (size // 2) + "x" * (size % 2)

    assert (SCRUBBER.text(text) == text) == (size <= CAP)


def test_what_a_record_holds_beyond_its_cap_is_withheld():
    log = LogRecord(attributes=[pair(f"k{n}", f"token {TOKEN} " + "x " * 450) for n in range(8)])

    (record,) = SCRUBBER.batch(log_batch(log.SerializeToString())).batch.records()

    values = [p.value.string_value for p in LogRecord.FromString(record.raw).attributes]
    assert all(TOKEN[:12] not in value for value in values)
    assert values[-1] == "[Filtered:too-long]"


@pytest.mark.parametrize(
    "command",
    ["curl -u app:{} https://api.internal", "curl --user 'app:{}' x", "mysql -u app -p{} shop"],
)
@pytest.mark.parametrize("size", [20, 199, 200, 201, 230, 1_000, 9_000])
def test_a_long_password_goes_as_a_whole(command, size):
    secret = ("a1B2c3D4e5F6!" * 1_000)[:size]

    clean = DEFAULT.text(command.format(secret))

    assert secret[-5:] not in clean
    assert "a1B2" not in clean


@pytest.mark.parametrize("key", ["url.query", "url.fragment", "query_string"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("token=opensesame", "token=[Filtered:signed-url]"),
        ("code=4f9aK2mPq7Zt1xWv8Lb3&x=1", "code=[Filtered:oauth-code]&x=1"),
        ("a=1&password=ab", "a=1&password=[Filtered:password]"),
        ("password=ab", "password=[Filtered:password]"),
        ("?password=ab", "?password=[Filtered:password]"),
        ("page=2&sort=name", "page=2&sort=name"),
        ("a", "a"),
        ("", ""),
    ],
)
def test_a_query_string_is_one_whether_it_stands_in_a_span_or_in_json(key, query, expected):
    span = Span(name="GET", attributes=[pair(key, query)])

    (record,) = DEFAULT.batch(span_batch(span.SerializeToString())).batch.records()
    value, findings = DEFAULT.value({key: query})
    line, _ = scrub_line(json.dumps({key: query}).encode(), DEFAULT)

    (attribute,) = Span.FromString(record.raw).attributes
    assert attribute.value.string_value == expected
    assert value == json.loads(line) == {key: expected}
    for finding in findings:
        assert query[: finding.start] == expected[: finding.start]
