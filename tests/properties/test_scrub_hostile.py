"""No text of 100 KB takes long, whatever it repeats: the time grows with the size, not faster."""

import os
import random
from itertools import islice

import pytest

from tests.fuzz.scrub_hostile import SIZE, Case, as_log, as_span, cases, sample, seconds
from tests.properties.scrub_data import SCRUBBERS

CASES = int(os.environ.get("SCRUB_EXAMPLES", "25")) * 4
MAX_SECONDS = 0.4
"""Four times the bound that ``python -m tests.fuzz.scrub_hostile`` looks at: others run here
too."""
MAX_GROWTH = 3.5
"""Twice the text may take twice as long, and not four times."""

FOUND_BEFORE = [
    Case("pw=+"), Case("key=pw."), Case("?sig=aaaaaaaa"), Case("token=the_"), Case("key=<"),
    Case("&password=x"), Case('key="'), Case('"key":"x",'), Case('{"key":'), Case("salt='a.b;"),
    Case("&keys</key><string>Q7f&"), Case("session[basic a,"), Case("secret_admin_%3Dpw."),
    Case("x\x01client_secret%3D.,"), Case("q" * 200 + "\x01_privatekey=pw.,"),
    Case("'", "db.query.text"), Case("--=;", "http.request.header.cookie"), Case("a=b; ",
    "http.request.header.cookie"),
]  # fmt: skip


@pytest.mark.parametrize("case", FOUND_BEFORE, ids=repr)
def test_a_text_that_was_slow_once_is_not(case):
    assert seconds(SCRUBBERS["default"], as_span(case)) < MAX_SECONDS
    assert seconds(SCRUBBERS["default"], as_log(case)) < MAX_SECONDS


def test_the_time_grows_with_the_size_and_stays_in_its_bound():
    scrubber = SCRUBBERS["default"]
    slow = []
    for case in islice(cases(seed=7), CASES):
        whole = seconds(scrubber, as_span(case))
        if whole > MAX_SECONDS / 8:
            half = seconds(scrubber, as_span(case, SIZE // 2))
            if whole > MAX_SECONDS or whole > half * MAX_GROWTH:
                slow.append((case, whole, half))

    assert slow == []


@pytest.mark.parametrize(
    ("pattern", "text"), [("a{3}", "aaa"), ("(?i:x)|x", "x"), ("[ab]{0}c", "c"), (r"\s=$", "\n=")]
)
def test_samples_of_patterns_are_made(pattern, text):
    made = {sample(pattern, random.Random(seed), 0) for seed in range(20)}

    assert text in made
