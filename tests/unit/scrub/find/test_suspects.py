import pytest

from otel_bridge.scrub.engine import Engine
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.wire.messages import Span

CLEAN = b"\x0a\x05hello\x12\x07\x0a\x05world"
SECRET = b"Authorization: Bearer " + b"ab1" * 9


def among(records, **options):
    return Engine(ScrubOptions(**options)).detector.suspects.among(records)


def test_nothing_is_found_in_nothing():
    assert among([]) == set()
    assert among([b"", b""]) == set()


@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_record_is_found_wherever_it_stands(place):
    records = [CLEAN] * 5
    records[place] = SECRET

    assert among(records) == {place}


def test_several_are_found_once_each():
    assert among([SECRET * 3, CLEAN, SECRET, SECRET]) == {0, 2, 3}


def test_what_a_record_begins_or_ends_with_is_no_part_of_its_neighbours():
    assert among([CLEAN, b"8.8.", b"8.8", CLEAN]) == set()
    assert among([b"1.", b"8.8.8.8", b"8.8.4.4", b".1"]) == {1, 2}


def test_a_rule_that_may_be_anywhere_makes_everything_suspect():
    assert among([CLEAN, CLEAN], extra_patterns={"anything": "x.y"}) == {0, 1}


def statement(text, key=b"db.query.text"):
    return b"\x0a%c%b\x12%c\x0a%c%b" % (len(key), key, len(text) + 2, len(text), text)


def test_statements_are_suspects_only_where_they_have_literals():
    bare, literal = statement(b"SELECT 1 FROM t WHERE a = $1"), statement(b"DELETE WHERE a = 'x'")

    assert among([statement(b"COMMIT"), literal, statement(b"BEGIN"), literal]) == {1, 3}
    assert among([bare]) == {0}  # the 1 is a literal


@pytest.mark.parametrize(
    "odd",
    [
        b"\x12\x08\x0a\x06SELECT\x0a\x0ddb.query.text",
        b'{"db.query.text": "SELECT 1"}',
        statement(b"x" * 40)[:-30],
    ],
    ids=["value first", "in a text", "cut"],
)
def test_statements_in_odd_places_are_suspects(odd):
    assert among([CLEAN, odd]) == {1}


def test_numbered_names_make_no_suspect():
    span = Span(name="work")
    for number in range(100):
        span.attributes.add(key=f"app.field_{number}").value.string_value = f"value {number}"

    assert among([span.SerializeToString()]) == set()
