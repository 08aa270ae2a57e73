"""What stands in the place of a secret."""

import hashlib
import hmac

import pytest

from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.replacement import DIGEST_CHARS, MAX_MASK_BYTES, Replacement

KEY = "k" * 32


def replacement(style="marker", **options):
    return Replacement(ScrubOptions(style=style, hmac_key=KEY, hmac_key_id="k1", **options))


@pytest.mark.parametrize(
    ("style", "expected", "letter"),
    [
        ("marker", b"[Filtered:email]", "s"),
        ("mask", b"*" * 5, "m"),
        ("drop", b"", "x"),
    ],
)
def test_each_style_has_its_text_and_letter(style, expected, letter):
    assert replacement(style).of(b"a@b.c", "email", "note") == (expected, letter)


def test_a_pseudonym_is_a_keyed_digest_of_rule_and_secret():
    digest = hmac.new(KEY.encode(), b"email\0a@b.c", hashlib.sha256).hexdigest()

    assert replacement("hmac").of(b"a@b.c", "email", "") == (
        f"hmac:k1:{digest[:DIGEST_CHARS]}".encode(),
        "p",
    )


def test_pseudonyms_tell_equal_from_unequal_within_a_rule_and_nothing_across_rules_and_keys():
    one, other = (
        replacement("hmac"),
        Replacement(ScrubOptions(style="hmac", hmac_key="j" * 32, hmac_key_id="k1")),
    )

    same = one.of(b"bob", "user-name", "a")
    assert one.of(b"bob", "user-name", "b") == same
    assert one.of(b"bo", "user-name", "a") != same
    assert one.of(b"bob", "password", "a") != same
    assert other.of(b"bob", "user-name", "a") != same


def test_a_mask_does_not_tell_how_long_a_long_secret_was():
    assert len(replacement("mask").of(b"x" * 10_000, "email", "")[0]) == MAX_MASK_BYTES


def test_the_style_of_a_path_wins_over_that_of_a_rule_and_that_over_the_general_one():
    chosen = replacement(
        "mask", rule_styles={"em*": "drop"}, path_styles={"attributes.*": "marker"}
    )

    assert chosen.of(b"abc", "token", "note")[1] == "m"
    assert chosen.of(b"abc", "email", "note")[1] == "x"
    assert chosen.of(b"abc", "email", "attributes.note")[1] == "s"


@pytest.mark.parametrize("style", ["marker", "mask", "drop", "hmac"])
def test_what_was_put_in_a_place_is_known_again(style):
    put, _ = replacement(style).of(b"hunter22", "password", "a")

    assert replacement(style).is_replacement(put.decode())


@pytest.mark.parametrize(
    "text",
    ["hunter22", "[Filtered:password] x", "[Filtered:]", "hmac:k1:123", "**x**", "\ud800"],
)
def test_anything_else_is_no_replacement(text):
    assert not replacement().is_replacement(text)
