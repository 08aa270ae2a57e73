import pytest

from otel_bridge.wire.text import utf8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("grün", "grün"),
        ("before \ud800 after", "before \ufffd after"),
        ("\udfff", "\ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
    ],
    ids=["plain", "lone high", "lone low", "pair", "reversed pair"],
)
def test_any_text_becomes_utf8(text, expected):
    assert utf8(text) == expected.encode()
