"""The order of the exceptions in an event, and the numbers that say which one held which.

Numbers change how a tracker groups, so they are given exactly where the native SDK gives them.
"""

from collections.abc import Iterator

from otel_bridge.convert.event import Mechanism
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.parsed import Chain, ParsedError

MAX_VALUES = 50
"""Exceptions of one event; trackers show far fewer."""

Numbered = Iterator[tuple[ParsedError, Mechanism]]


def numbered(chain: Chain, mechanism: Mechanism, language: Language) -> Numbered:
    """Yield the thrown exception first, then what it came from, then the members of a group.

    Python numbers groups only; a plain chain there shares one mechanism.
    """
    thrown = chain[-1]
    if thrown.children or (language.numbers_chains and len(chain) > 1):
        yield from _Numbers(mechanism, language).walk(chain, None, None)
        return
    for error in chain[: -1 - MAX_VALUES : -1]:
        yield error, mechanism if error is thrown else _like(mechanism)


class _Numbers:
    """Gives out numbers in the order of the walk."""

    def __init__(self, mechanism: Mechanism, language: Language) -> None:
        self._mechanism = mechanism
        self._is_python = not language.numbers_chains
        self._next = 0

    def walk(self, chain: Chain, parent: int | None, source: str | None) -> Numbered:
        """Yield an exception, what caused it, and its members."""
        if self._next >= MAX_VALUES:
            return
        error, causes = chain[-1], chain[:-1]
        number = self._next
        self._next += 1
        yield error, self._numbered(error, number, parent, source)
        if causes:
            # The native Python SDK counts every cause as held by the group at the top.
            holder = 0 if self._is_python else number
            yield from self.walk(causes, holder, causes[-1].source)
        held = "exceptions" if error.is_group else "suppressed"
        for index, member in enumerate(error.children):
            yield from self.walk(member, number, f"{held}[{index}]")

    def _numbered(
        self, error: ParsedError, number: int, parent: int | None, source: str | None
    ) -> Mechanism:
        own = self._mechanism if number == 0 else _like(self._mechanism)
        own.exception_id = number
        if number:
            own.type, own.parent_id, own.source = "chained", parent, source
        if error.is_group:
            own.is_exception_group = True
        return own


def _like(mechanism: Mechanism) -> Mechanism:
    return Mechanism(type=mechanism.type, handled=mechanism.handled)
