"""What the page of parity says holds: 98 % of frames, with deep recursion or not, every type."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "parity.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "row",
    ["alive, in the process", "alive, without recursion and mutual recursion"],
    ids=["all", "without deep recursion"],
)
def test_the_page_says_that_98_of_100_frames_are_equal(row):
    equal, frames = map(int, re.search(rf"{row} \| (\d+) of (\d+),", PAGE).groups())

    assert equal >= 0.98 * frames


def test_the_page_says_that_every_type_is_equal():
    types, failures = re.search(
        r"alive, in the process \| .*? \| (\d+) of (\d+) \|", PAGE
    ).groups()

    assert types == failures
