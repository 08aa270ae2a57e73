"""What the rules must find and must leave alone, collected from the tables of their tests."""

import random
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from otel_bridge.scrub.rule import Rule
from otel_bridge.scrub.rules.catalogue import RULES
from tests.benchmarks.scrub_samples import CONTEXT, FAMILIES, make
from tests.unit.scrub.rules.examples import found

_TABLES = ("web", "commands", "calls", "statements", "snippets", "personal", "neutral")
_PREFIX, _SUFFIXES = "q", ("Z9", "Z9" * 80, "q", "9q" * 80)
"""What stands around a token when it is only a part of a longer word."""


class Example(NamedTuple):
    """A text and the secret that a rule finds in it; an empty secret: it finds nothing."""

    text: str
    secret: str


def examples() -> dict[str, list[Example]]:
    """Return the examples of every rule."""
    table: dict[str, list[Example]] = {rule.id: [] for rule in RULES}
    for name in _TABLES:
        module = import_module(f"tests.unit.scrub.rules.test_{name}")
        for rule, text, secret in module.FOUND:
            table[rule].append(Example(text, secret))
        for rule, text in module.LOOK_ALIKES:
            table[rule].append(Example(text, ""))
    catalogue = import_module("tests.unit.scrub.rules.test_catalogue")
    for rule, token in catalogue.CROSSED.items():
        table[rule].append(Example(f"{CONTEXT.get(rule, '')}{token} ", ""))
    for rule, text in _rows(catalogue.test_a_look_alike_is_left_alone):
        table[rule].append(Example(f"see {text} there", ""))
    for rule in RULES:
        table[rule.id] += _of_samples(rule)
    return table


def _rows(test: Any) -> list[tuple[str, str]]:  # a function with marks of pytest
    return [tuple(row) for mark in test.pytestmark for row in mark.args[1]]


def _of_samples(rule: Rule) -> Iterator[Example]:
    recipe = next((f[rule.id] for f in FAMILIES.values() if rule.id in f), None)
    if recipe is None:
        return
    context = CONTEXT.get(rule.id, "")
    for seed in range(3):
        token = make(recipe, random.Random(seed))
        (secret,) = found(rule, f"before {context}{token} after")
        yield Example(f"before {context}{token} after", secret)
        yield from _parts_of_words(rule, context, token)


def _parts_of_words(rule: Rule, context: str, token: str) -> Iterator[Example]:
    """Yield the token within a longer word, where the rule promises to leave that alone."""
    longer = [f"{context}{token}{suffix} after" for suffix in _SUFFIXES]
    for text in (f"{context}{_PREFIX}{token} after", *longer):
        if not found(rule, text):
            yield Example(text, "")
