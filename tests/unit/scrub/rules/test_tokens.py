"""The notation of the vendor tables."""

from otel_bridge.scrub.find.finder import PatternFinder
from otel_bridge.scrub.rules.tokens import expand, probe_of, token


def found(rule, text):
    return [text[hit.start : hit.end] for hit in PatternFinder(rule).find(text) if hit]


def test_classes_are_written_out():
    assert expand("%Hx%D") == "[0-9a-f]x[0-9]"


def test_a_probe_is_the_marker_and_the_first_characters_of_the_body():
    assert probe_of("ghp_%A{36,}") == "ghp_%A{6}"
    assert probe_of("hf_%A{30,}", short=True) == "hf_%A{16}"
    assert probe_of("xaat-%G") == "xaat-%X{8}-"


def test_a_token_may_follow_an_escaped_character_and_an_encoded_one():
    rule = token("t", "abc_%D{4}")

    assert found(rule, b"x=%3Dabc_1234") == [b"abc_1234"]
    assert found(rule, rb"line\nabc_1234") == [b"abc_1234"]
    assert found(rule, rb"b'\x00abc_1234'") == [b"abc_1234"]
    assert found(rule, b"xabc_1234") == []


def test_a_token_may_follow_the_colour_of_a_log_line():
    for rule in (token("t", "abc_%D{4}"), token("t", "abc_%D{4}", short=True)):
        assert found(rule, b"key=\x1b[35mabc_1234\x1b[0m") == [b"abc_1234"]
        assert found(rule, rb"key=\u001b[1;35mabc_1234") == [b"abc_1234"]
        assert found(rule, rb"key=\x1b[mabc_1234") == [b"abc_1234"]


def test_a_short_marker_must_not_follow_an_underscore():
    assert found(token("t", "b_%D{4}", short=True), b"a_b_1234") == []
    assert found(token("t", "b_%D{4}"), b"a_b_1234") == [b"b_1234"]


def test_what_ends_must_not_go_on():
    assert found(token("t", "abc_%D{4}", ends=True), b"abc_12345") == []


def test_two_tokens_with_one_character_between_are_both_found():
    assert found(token("t", "abc_%D{4}", ends=True), b"abc_1234,abc_5678") == [
        b"abc_1234",
        b"abc_5678",
    ]


def test_a_token_from_documentation_is_left_alone():
    assert found(token("t", "abc_%A{4,}"), b"abc_EXAMPLEKEY abc_xxxxxxxx") == []
