"""The rules of grouping as a file, the environment and keyword arguments write them."""

from collections.abc import Callable, Mapping
from dataclasses import fields

from otel_bridge.config.tables import tables_from
from otel_bridge.convert.options import FingerprintRule
from otel_bridge.errors import ConfigError

_CONDITIONS = frozenset(field.name for field in fields(FingerprintRule)) - {"fingerprint"}


def fingerprint_rules_from(value: object) -> tuple[FingerprintRule, ...]:
    """Return the rules for tables, for their JSON text, or for rules.

    Raises:
        ConfigError: Every problem, each with its place.
    """
    tables = tables_from("fingerprint_rules", value)
    problems = [
        problem
        for number, table in enumerate(tables)
        for problem in _problems(f"fingerprint_rules[{number}]", table)
    ]
    if problems:
        raise ConfigError(problems)
    return tuple(map(_rule, tables))


READERS: Mapping[str, Callable[[object], object]] = {"fingerprint_rules": fingerprint_rules_from}
"""Options that know themselves how they are read."""


def _rule(table: FingerprintRule | Mapping[str, str]) -> FingerprintRule:
    if isinstance(table, FingerprintRule):
        return table
    parts = table["fingerprint"]
    conditions = {name: text for name, text in table.items() if name in _CONDITIONS}
    return FingerprintRule(fingerprint=tuple(parts), **conditions)


def _problems(place: str, table: object) -> list[str]:
    if isinstance(table, FingerprintRule):
        return []
    if not isinstance(table, Mapping):
        return [f"{place}: wanted a table"]
    parts = table.get("fingerprint")
    problems = [
        f"{place}.{name}: unknown; wanted fingerprint, {', '.join(sorted(_CONDITIONS))}"
        for name in table
        if name not in _CONDITIONS and name != "fingerprint"
    ]
    if not (isinstance(parts, list | tuple) and parts and all(isinstance(p, str) for p in parts)):
        problems.append(f"{place}.fingerprint: wanted a list of texts")
    problems += [
        f"{place}.{name}: wanted text"
        for name in sorted(_CONDITIONS & table.keys())
        if not isinstance(table[name], str)
    ]
    return problems
