"""Which of several projects an error event belongs to: rules over what the event says. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import re2

from otel_bridge.errors import ConfigError
from otel_bridge.send.dsn import Dsn

_SERVICE = "service.name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Events to which every pattern applies go to this project.

    Patterns are whole values; ``*`` stands for anything, ``?`` for one character.
    """

    dsn: Dsn
    service: str | None = None
    route: str | None = None
    """Pattern of the transaction, for example ``GET /checkout/*``."""
    environment: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    def takes(self, event: Mapping[str, Any]) -> bool:
        """Return whether every pattern applies to an event."""
        tags = _tags(event)
        wanted = [
            (self.service, tags.get(_SERVICE) or _resource(event).get(_SERVICE)),
            (self.route, event.get("transaction")),
            (self.environment, event.get("environment")),
            *((pattern, tags.get(name)) for name, pattern in self.tags.items()),
        ]
        return all(pattern is None or _matches(pattern, found) for pattern, found in wanted)


def parse_routes(tables: Iterable[Mapping[str, object]]) -> tuple[Route, ...]:
    """Read rules as they stand in a configuration file; the first that applies counts.

    Raises:
        ConfigError: All that is wrong, at once, without a word of any DSN.
    """
    routes: list[Route] = []
    problems: list[str] = []
    for number, table in enumerate(tables):
        where = f"routes[{number}]"
        found = _problems(table, where)
        try:
            dsn = Dsn.parse(str(table.get("dsn", "")))
        except ConfigError as error:
            found += [f"{where}.{problem}" for problem in error.problems]
        if found:
            problems += found
            continue
        routes.append(Route(**{**table, "dsn": dsn}))  # type: ignore[arg-type]  # checked above
    if problems:
        raise ConfigError(problems)
    return tuple(routes)


def choose(event: Mapping[str, Any], routes: Iterable[Route]) -> int | None:
    """Return the number of the first route that takes an event, None if none does."""
    return next((n for n, route in enumerate(routes) if route.takes(event)), None)


def _problems(table: Mapping[str, object], where: str) -> list[str]:
    known = {each.name for each in fields(Route)}
    problems = [f"{where}.{name}: unknown key" for name in table if name not in known]
    problems += [
        f"{where}.{name}: found {table[name]!r}; wanted a text"
        for name in ("service", "route", "environment")
        if not isinstance(table.get(name, ""), str)
    ]
    tags = table.get("tags", {})
    if not isinstance(tags, Mapping) or not all(isinstance(tag, str) for tag in tags.values()):
        problems.append(f"{where}.tags: found {tags!r}; wanted names and texts")
    if not set(table) & (known - {"dsn"}):
        problems.append(f"{where}: found no pattern; wanted service, route, environment or tags")
    return problems


def _matches(pattern: str, found: object) -> bool:
    if not isinstance(found, str):
        return False
    parts = (_WILD.get(character, re2.escape(character)) for character in pattern)
    return re2.fullmatch(f"(?s){''.join(parts)}", found) is not None


_WILD = {"*": ".*", "?": "."}


def _tags(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags, which an event may hold as a map or as pairs."""
    tags = event.get("tags") or {}
    return dict(tags)


def _resource(event: Mapping[str, Any]) -> Mapping[str, Any]:
    contexts = event.get("contexts") or {}
    otel = contexts.get("otel") or {}
    resource = otel.get("resource") or {}
    return resource if isinstance(resource, Mapping) else {}
