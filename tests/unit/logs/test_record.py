import datetime
import decimal
import enum
import logging
import pathlib
import sys
import uuid

import pytest

from otel_bridge.logs.record import (
    RecordReader,
    exc_info_of,
    exception_attributes,
    plain,
    severity_number,
)


class Colour(enum.Enum):
    RED = 1


class Request:
    def __repr__(self):
        raise AssertionError("nobody may look at it")

    __str__ = __repr__


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("no")


def record_of(message="hello %s", *args, level=logging.INFO, **extra):
    record = logging.LogRecord("shop.cart", level, "/app/cart.py", 7, message, args, None, "add")
    record.__dict__.update(extra)
    return record


@pytest.mark.parametrize(
    ("level", "number"),
    [(0, 0), (5, 1), (10, 5), (15, 8), (20, 9), (30, 13), (35, 16), (40, 17), (50, 21), (99, 24)],
)
def test_levels_become_severities(level, number):
    assert severity_number(level) == number


def test_a_record_is_read_with_its_place_and_what_was_added_to_it():
    log = RecordReader().read(record_of("hello %s", "you", order=7, _private=1, trace_id="x"))
    body = log.log_record

    assert (body.body, body.severity_number, body.severity_text) == ("hello you", 9, "INFO")
    assert log.instrumentation_scope.name == "shop.cart"
    assert body.attributes == {
        "code.file.path": "/app/cart.py",
        "code.line.number": 7,
        "code.function.name": "add",
        "order": 7,
    }
    assert abs(body.timestamp / 1e9 - record_of().created) < 60


def test_names_of_levels_are_those_of_the_specification():
    read = RecordReader().read
    texts = [read(record_of(level=level)).log_record.severity_text for level in (30, 40, 50)]

    assert texts == ["WARN", "ERROR", "FATAL"]


def test_a_message_with_wrong_arguments_is_taken_as_it_is():
    assert RecordReader().read(record_of("%d items", "many")).log_record.body == "%d items"


def test_there_are_never_more_attributes_than_the_limit():
    extra = {f"key{number}": number for number in range(500)}

    assert len(RecordReader().read(record_of(**extra)).log_record.attributes) == 128


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("text", "text"),
        (7, 7),
        (True, True),
        (b"raw", b"raw"),
        (None, None),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (decimal.Decimal("1.50"), "1.50"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (pathlib.PurePosixPath("/a"), "/a"),
        (Colour.RED, "Colour.RED"),
        ((1, "a"), [1, "a"]),
        ({"a": {"b": [1]}}, {"a": {"b": [1]}}),
        ({3: 4}, {"3": 4}),
        (Request(), None),
        ({"request": Request()}, {"request": None}),
    ],
    ids=[
        "text",
        "int",
        "bool",
        "bytes",
        "none",
        "date",
        "decimal",
        "uuid",
        "path",
        "enum",
        "tuple",
        "nested",
        "number-as-key",
        "object",
        "object-inside",
    ],
)
def test_values_are_kept_if_telemetry_can_hold_them(value, kept):
    assert plain(value) == kept


def test_a_value_that_holds_itself_comes_to_an_end():
    endless = []
    endless.append(endless)

    assert plain(endless) == [[[None]]]


def test_a_long_list_is_cut():
    assert len(plain(list(range(1000)))) == 50


def test_an_exception_is_told_with_its_full_name_and_its_traceback():
    try:
        raise Unspeakable
    except Unspeakable as exc:
        facts = exception_attributes(exc)
        given = exception_attributes(exc, "Traceback (most recent call last):\n")

    assert facts["exception.type"].endswith(".Unspeakable")
    assert facts["exception.message"] == ""
    assert facts["exception.stacktrace"].startswith("Traceback (most recent call last):\n")
    assert given["exception.stacktrace"] == "Traceback (most recent call last):\n"
    assert exception_attributes(KeyError("k"))["exception.type"] == "KeyError"


def test_only_a_real_exception_counts():
    record = record_of()
    found = []
    for value in (None, False, True, (None, None, None)):
        record.exc_info = value
        found.append(exc_info_of(record))
    assert found == [None] * 4

    try:
        raise ValueError("no")
    except ValueError:
        record.exc_info = sys.exc_info()
    assert exc_info_of(record)[0] is ValueError
