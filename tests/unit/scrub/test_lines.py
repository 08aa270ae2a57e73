"""Lines that were one text: source around a frame, a list with a key in it."""

import random

import pytest

from otel_bridge.scrub.lines import apart
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.rewrite import Cut
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.messages import LogRecord, Resource
from tests.benchmarks.scrub_samples import make
from tests.properties.scrub_data import SCRUBBERS, log_batch, pair, span_batch

RNG = random.Random(5)
BODY = [make("{B:64}", RNG) for _ in range(20)] + [make("{B:40}==", RNG)]
BLOCK = ["-----BEGIN PRIVATE KEY-----", *BODY, "-----END PRIVATE KEY-----"]
SOURCE = ["def load():", '    key = """', *BLOCK, '"""', "    return parse(key)", "", "load()"]


def frame(at, around=5):
    return {
        "function": "load",
        "pre_context": SOURCE[max(0, at - around) : at],
        "context_line": SOURCE[at],
        "post_context": SOURCE[at + 1 : at + 1 + around],
    }


def event(*frames):
    return {"exception": {"values": [{"value": "x", "stacktrace": {"frames": list(frames)}}]}}


@pytest.mark.parametrize("scrubber", ["default", "hmac", "mask", "drop", "strict", "pii"])
@pytest.mark.parametrize("at", range(len(SOURCE)))
def test_no_line_of_a_key_is_left_in_the_source_around_a_frame(scrubber, at):
    clean, _ = SCRUBBERS[scrubber].event(event(frame(at)))

    assert [line for line in BODY if line in str(clean)] == []


@pytest.mark.parametrize("scrubber", ["default", "hmac", "mask", "drop"])
def test_such_lines_stay_as_they_are_when_they_are_scrubbed_again(scrubber):
    frames = [frame(at) for at in range(len(SOURCE))]
    once, _ = SCRUBBERS[scrubber].event(event(*frames))

    twice, rules = SCRUBBERS[scrubber].event(dict(once))

    assert dict(twice) == dict(once)
    assert not rules


def test_each_line_has_a_remark_of_its_own_and_all_lines_stay():
    clean, rules = Scrubber().event(event(frame(4, around=3)))

    (shown,) = clean["exception"]["values"][0]["stacktrace"]["frames"]
    marker = "[Filtered:private-key]"
    assert shown == {
        "function": "load",
        "pre_context": ['    key = """', BLOCK[0], marker],
        "context_line": marker,
        "post_context": [marker] * 3,
    }
    assert rules == {"private-key": 5}


def test_lines_in_which_nothing_is_found_stay():
    plain = {"pre_context": ["a = 1", ""], "context_line": "b = 2", "post_context": []}

    clean, rules = Scrubber().event(event(plain))

    assert clean["exception"]["values"][0]["stacktrace"]["frames"] == [plain]
    assert not rules


def test_what_is_clean_line_by_line_is_not_remembered_as_a_clean_text():
    scrubber = Scrubber()
    scrubber.event(event(*[{"pre_context": [line]} for line in BLOCK]))

    clean, _ = scrubber.event({"extra": {"note": "\n".join(BLOCK)}})

    assert BODY[3] not in str(clean)


def test_a_path_that_is_allowed_is_left_alone_line_by_line():
    scrubber = Scrubber(ScrubOptions(allow_paths=("*.context_line",)))

    clean, _ = scrubber.event(
        event({"pre_context": ["password='hunter22'"], "context_line": "token='hunter2299'"})
    )

    assert "hunter22'" not in str(clean)
    assert "hunter2299" in str(clean)


def test_the_lines_of_a_key_in_a_list_go_too():
    log = LogRecord(attributes=[pair("lines", BLOCK)])

    (record,) = SCRUBBERS["default"].batch(log_batch(log.SerializeToString())).batch.records()
    value, _ = SCRUBBERS["default"].value({"lines": [*BLOCK, 7]})

    assert [line for line in BODY if line.encode() in record.raw or line in str(value)] == []
    assert value["lines"][-1] == 7


def test_digests_in_lines_are_no_key():
    digests = "\n".join(make("{H:64}", RNG) for _ in range(5))

    assert SCRUBBERS["default"].text(digests) == digests


def test_a_cut_over_several_lines_is_told_apart():
    cuts = [Cut("a", 1, 2, 1, 4, "s"), Cut("b", 4, 8, 6, 9, "s")]

    parts = apart([b"xyz", b"", b"uvw", b"q"], cuts, b"x[A]z\n[B]w\nq")

    assert parts == [
        (b"x[A]z", [Cut("a", 1, 2, 1, 4, "s")]),
        (b"", []),
        (b"[B]", [Cut("b", 0, 3, 0, 3, "s")]),
        (b"q", []),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["mysql", "-u", "root", "-ps3cret1"],
        ["docker", "login", "-u", "app", "-p", "s3cret1"],
        ["serve", "--port", "80", "--db-password", "s3cret1", "--verbose"],
        ["curl", "-u", "app:s3cret1", "https://api"],
    ],
)
def test_the_arguments_of_a_command_are_read_together(arguments):
    scrubber = Scrubber()
    resource = Resource(attributes=[pair("process.command_args", arguments)]).SerializeToString()
    (group,) = scrubber.batch(span_batch(resource=resource)).batch.resources
    value, findings = scrubber.value({"argv": arguments})

    assert b"s3cret1" not in group.resource
    assert "s3cret1" not in str(value)
    assert arguments[0] in value["argv"]
    assert len(value["argv"]) == len(arguments)
    assert [finding.path for finding in findings]
    assert scrubber.value(value)[0] == value


def test_arguments_without_a_secret_stay():
    arguments = ["gunicorn", "-w", "4", "-b", "0.0.0.0:80", "-p", "8080", "app:make", "--reload"]

    assert Scrubber().value({"argv": arguments}) == ({"argv": arguments}, [])


@pytest.mark.parametrize(
    "headers",
    [
        ["Host", "shop", "X-Api-Key", "hunter22"],
        ["authorization", "Bearer hunter22x", "accept", "*/*"],
        ["Accept", "*/*", "Set-Cookie", "sid=hunter22"],
    ],
)
def test_headers_in_one_flat_list_are_read_as_names_and_values(headers):
    scrubber = Scrubber()
    resource = Resource(attributes=[pair("raw_headers", headers)]).SerializeToString()
    (group,) = scrubber.batch(span_batch(resource=resource)).batch.resources
    value, _ = scrubber.value({"raw": headers})

    assert b"hunter22" not in group.resource
    assert "hunter22" not in str(value)
    assert value["raw"][::2] == headers[::2]
    assert scrubber.value(value)[0] == value


@pytest.mark.parametrize(
    "texts",
    [
        ["username", "password", "token", "hunter22"],
        ["Host", "shop", "X-Api-Key"],
        ["the password", "hunter22", "host", "shop"],
    ],
)
def test_other_lists_of_words_stay(texts):
    assert Scrubber().value({"fields": texts})[0] == {"fields": texts}
