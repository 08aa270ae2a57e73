"""What a generator wrote, and what people and programs write."""

import random

import pytest

from otel_bridge.scrub.find.prefilter import may_hold_random
from otel_bridge.scrub.randomness import is_letter_soup, is_random
from tests.benchmarks.scrub_samples import make

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def soup(size: int, seed: int) -> bytes:
    rng = random.Random(seed)
    return "".join(rng.choice(LETTERS) for _ in range(size)).encode()


def test_most_strings_of_random_letters_are_told_from_words():
    found = sum(is_letter_soup(soup(20, seed)) for seed in range(500))

    assert found > 375


@pytest.mark.parametrize(
    "name",
    [
        b"UsernamePasswordAuthenticationFilter",
        b"getAccessTokenForServiceAccount",
        b"AbstractAnnotationConfigDispatcherServletInitializer",
        b"HTTPSConnectionPoolManager",
        b"XMLHttpRequestEventTarget",
        b"ThisIsMyLongCamelCaseName",
        b"averylongwordinlowercase",
        b"CONSTANT_NAME_IN_CAPITALS",
        b"TheQuickBrownFoxJumpsOver",
    ],
)
def test_names_are_no_soup(name):
    assert not is_letter_soup(name)
    assert not is_random(name)


@pytest.mark.parametrize("recipe", ["{A:16}", "{A:20}", "{A:24}", "{U:27}", "{A:40}", "{H:32}"])
def test_the_first_pass_holds_nothing_for_words_that_is_random(recipe):
    """In raw bytes a length stands before a text and a tag behind it; both may be letters."""
    for seed in range(300):
        text = make(recipe, random.Random(seed)).encode()
        if is_random(text):
            assert may_hold_random(text)
            assert may_hold_random(b"\x0aA" + text + b"J\x12")


def test_the_first_pass_sees_letters_without_a_digit():
    for seed in range(500):
        text = soup(16 + seed % 30, seed)
        if is_random(text):
            assert may_hold_random(b"x/" + text + b".y")
