import math
import sys
import time
from collections import OrderedDict
from enum import Enum

import pytest

from otel_bridge.instrument.local_variables import LocalsBudget, describe, local_variables


class Host:
    """A class of the host, whose code must not run."""

    def __repr__(self):
        raise AssertionError("asked")

    __str__ = __len__ = __iter__ = __getattr__ = __repr__


class Colour(Enum):
    RED = 1


class Words(str):
    def __repr__(self):
        raise AssertionError("asked")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("1.5", 1.5),
        ("None", None),
        ("True", True),
        ('"a\'b"', "a'b"),
        ("b'a'", b"a"),
        ("[1, 'a']", [1, "a"]),
        ("(1,)", (1,)),
        ("()", ()),
        ("{'a': {'b': {'c': {...}}}}", {"a": {"b": {"c": {"d": 1}}}}),
        ("{1}", {1}),
        ("range(0, 3)", range(3)),
        ("[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...]", list(range(50))),
        ("'" + "x" * 200 + "'...", "x" * 500),
        ("<int, large>", 10**40),
        ("<Host object>", Host()),
        ("<class Host>", Host),
        ("<Colour object>", Colour.RED),
        ("<Words object>", Words("x")),
        ("<OrderedDict object>", OrderedDict(a=1)),
        ("<function sqrt>", math.sqrt),
        ("<function describe>", describe),
        ("<method-wrapper object>", Host().__init__),
        ("<function LocalsBudget.spend>", LocalsBudget().spend),
        ("<module math>", math),
        ("{'k': <Host object>}", {"k": Host()}),
        ("{<class Host>: 1}", {Host: 1}),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_value_is_described_without_asking_it(text, value):
    assert describe(value) == text


def test_a_description_is_short_however_large_the_value():
    huge = [["x" * 10_000] * 1_000] * 1_000

    assert len(describe(huge)) < 600


def test_a_circle_ends():
    circle = []
    circle.append(circle)

    assert describe(circle) == "[[[[...]]]]"


def entry_with(**values):
    """The traceback's entry of a frame that has these locals."""
    code = "\n".join([*(f"{name} = given[{name!r}]" for name in values), "raise ValueError"])
    try:
        exec(code, {}, {"given": values})
    except ValueError:
        return sys.exc_info()[2].tb_next


def test_the_locals_of_a_frame_are_bounded():
    entry = entry_with(**{f"v{number:03}": "x" * 190 for number in range(100)})
    found = local_variables(entry, LocalsBudget())

    assert 5 < len(found) <= 40
    assert sum(map(len, found.values())) <= 2_000


def test_time_in_which_others_have_the_processor_does_not_count():
    entry = entry_with(a=1)
    budget = LocalsBudget(seconds=0.02)
    assert budget.spend(0)
    time.sleep(0.05)

    assert local_variables(entry, budget)["a"] == "1"


def test_time_that_is_worked_counts():
    budget = LocalsBudget(seconds=0.001)
    while budget.spend(0):
        pass

    assert local_variables(entry_with(a=1), budget) is None


def test_when_the_budget_is_used_up_there_are_none():
    entry = entry_with(a=1)

    assert local_variables(entry, LocalsBudget(characters=0)) is None
    assert local_variables(entry, LocalsBudget(seconds=-1.0)) is None
    assert local_variables(entry, LocalsBudget())["a"] == "1"


def test_what_was_read_before_is_not_read_again():
    entry = entry_with(a=1)
    budget = LocalsBudget()
    first = local_variables(entry, budget)

    assert local_variables(entry, LocalsBudget(known=budget.known, characters=0)) is first
