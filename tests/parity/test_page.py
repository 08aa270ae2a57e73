"""What the page of parity says holds: at least 98 % of frames, and every type."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "parity.md").read_text(encoding="utf-8")


def test_the_page_says_what_was_reached():
    equal, frames, types, failures = map(
        int,
        re.search(
            r"alive, in the process \| (\d+) of (\d+), .*? \| (\d+) of (\d+) \|", PAGE
        ).groups(),
    )

    assert equal >= 0.98 * frames
    assert types == failures
