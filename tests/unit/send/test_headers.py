import pytest

from otel_bridge.send.headers import header_problems, parse_headers


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", ()),
        ("a=1", (("a", "1"),)),
        (" a = 1 ,, b=x=y,", (("a", "1"), ("b", "x=y"))),
        ("authorization=Bearer%20a%2Cb%3D", (("authorization", "Bearer a,b="),)),
        ("a=100%", (("a", "100%"),)),
        ("a=", (("a", ""),)),
    ],
)
def test_pairs_are_read_as_opentelemetry_writes_them(text, pairs):
    assert parse_headers(text) == pairs


@pytest.mark.parametrize("text", ["secret", "=secret", "a=1,secret", "a=1, =secret"])
def test_an_entry_that_is_no_pair_is_an_error_that_does_not_show_it(text):
    with pytest.raises(ValueError, match=r"^wanted name=value,name=value$"):
        parse_headers(text)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("api-key", "hunter2 hunter2\t!~", ""),
        ("x", "a\r\nx-evil: hunter2", "H: the value of x has a line break or another character"),
        ("x", "a\nhunter2", "H: the value of x has a line break"),
        ("x", "hunter2\0", "H: the value of x has a line break"),
        ("x", "hünter2", "H: the value of x has a line break or another character that is not"),
        ("hunter2 x", "1", "H: entry 1: wanted letters, digits and - in the name"),
        ("hunter2:", "1", "H: entry 1: wanted"),
        ("", "1", "H: entry 1: wanted"),
        ("Content-Type", "text/plain", "H: Content-Type is set by otel_bridge itself"),
        ("transfer-encoding", "chunked", "H: transfer-encoding is set by otel_bridge itself"),
    ],
)
def test_what_cannot_be_sent_is_named_and_no_value_is_shown(name, value, problem):
    found = header_problems([(name, value)], "H")

    assert len(found) == bool(problem)
    assert "hunter2" not in "".join(found)
    assert "".join(found).startswith(problem)
