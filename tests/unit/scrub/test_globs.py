"""Globs: two wildcards, any case, and no surprises."""

import pytest

from otel_bridge.scrub.globs import any_glob, to_pattern


@pytest.mark.parametrize(
    ("glob", "text", "fits"),
    [
        ("a*", "abc", True),
        ("a*", "bac", False),
        ("*.b", "a.b", True),
        ("*.b", "aXb", False),
        ("a?c", "aBC", True),
        ("a?c", "ac", False),
        ("a(b", "a(b", True),
        ("[a]", "a", False),
        ("a*", "a\nb", True),
        ("ä*", "Äb", True),
        ("", "", True),
        ("", "a", False),
        ("a*", "a\ud800", True),
        ("b*", "a\ud800", False),
    ],
)
def test_a_glob_fits_the_whole_of_a_text(glob, text, fits):
    assert any_glob([glob])(text) is fits


def test_any_of_them_is_enough_and_none_fits_nothing():
    assert any_glob(["a", "b"])("b")
    assert not any_glob([])("")


def test_only_two_characters_have_a_meaning():
    assert to_pattern("a.b+c") == r"a\.b\+c"
