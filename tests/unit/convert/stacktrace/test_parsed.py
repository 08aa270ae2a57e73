import pytest

from otel_bridge.convert.stacktrace.parsed import CodeRules, lines_of, number, split_position


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/a/b.js:3:4", ("/a/b.js", 3, 4)),
        ("/a/b.go:3", ("/a/b.go", 3, None)),
        ("C:\\a.js:3:4", ("C:\\a.js", 3, 4)),
        ("https://h:80/a.js:3:4", ("https://h:80/a.js", 3, 4)),
        ("/a/b", ("/a/b", None, None)),
        ("", ("", None, None)),
    ],
)
def test_a_position_is_path_line_and_column(text, expected):
    assert split_position(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7", 7), ("", None), ("-1", None), ("x", None), ("9" * 10, None), ("\u0663", None)],
)
def test_a_number_is_plain_and_short(text, expected):
    assert number(text) == expected


def test_the_lines_of_a_message_are_left_out():
    assert lines_of("E: a\n\tat b\nc\n\tat d\r\n", "a\n\tat b\nc") == ["E: ", "\tat d", ""]


def test_lists_of_modules_decide_before_paths():
    rules = CodeRules(include=("a.b",), exclude=("c",))

    assert [rules.listed(m) for m in ("a.b", "a.b.c", "a.bc", "c.d", "c/d", None)] == [
        True, True, None, False, False, None,
    ]  # fmt: skip
