"""Secrets that stand in a text more than once."""

import random

from otel_bridge.scrub.find.again import MAX_AGAIN, again
from otel_bridge.scrub.rule import Hit
from otel_bridge.scrub.scrubber import Scrubber
from tests.benchmarks.scrub_samples import make

KEY = make("{A:32}", random.Random(1))


def test_a_key_goes_wherever_it_stands_in_the_text():
    text = f"app token = '{KEY}' | '{KEY}'\nGET /items/{KEY} 404"

    assert KEY not in Scrubber().text(text)


def test_a_word_that_was_a_password_stays_where_it_is_a_word():
    text = "password=postgres9 for the postgres9 cluster"

    assert Scrubber().text(text).endswith(" for the postgres9 cluster")


def test_part_of_a_longer_word_is_not_the_secret():
    text = f"{KEY} x{KEY} {KEY}-1".encode()

    assert list(again(text, [Hit(0, len(KEY), "token")])) == []


def test_it_stops_after_so_many():
    text = " ".join([KEY] * (MAX_AGAIN + 10)).encode()

    assert len(list(again(text, [Hit(0, len(KEY), "token")]))) == MAX_AGAIN - 1
