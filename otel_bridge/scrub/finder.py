"""What finds secrets: the contract, and the finder that follows one rule."""

from collections.abc import Iterator
from typing import Protocol

import re2

from otel_bridge.scrub.rule import Hit, Rule


class Gate(Protocol):
    """Says cheaply, on raw bytes, that there is nothing to be found."""

    @property
    def probes(self) -> tuple[str, ...]:
        """Return fragments without boundaries: where none is found there is nothing to find."""

    @property
    def also(self) -> str:
        """Return a further fragment that must be found too; empty for none."""

    @property
    def is_quick(self) -> bool:
        """Return whether ``may_find`` is worth asking about many records at once."""

    def may_find(self, raw: bytes) -> bool:
        """Tell whether bytes in which a fragment was found may hold a secret; False is proof."""


class Finder(Gate, Protocol):
    """Finds one kind of secret in a text."""

    def find(self, text: bytes) -> Iterator[Hit]:
        """Yield the secrets, in order."""


class PatternFinder:
    """Finds what the pattern of one rule describes."""

    is_quick = True

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.probes = rule.probes
        self.also = rule.also
        self._pattern = compile_bytes(rule.pattern)
        self._group = self._pattern.groupindex.get(b"s", 1 if self._pattern.groups else 0)
        self._not_after = compile_bytes(f"(?:{rule.not_after})$") if rule.not_after else None

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True: what the fragments leave in is worth a look."""
        return True

    def find(self, text: bytes) -> Iterator[Hit]:
        """Yield the ranges that the rule accepts, in order."""
        accepts = self.rule.accepts
        place = 0
        while (match := self._pattern.search(text, place)) is not None:
            start, end = match.span(self._group)
            place = max(end, match.start() + 1)
            if accepts is not None and not accepts(text[start:end]):
                continue
            if self._not_after is not None and self._not_after.search(
                text[max(0, start - 40) : start]
            ):
                continue
            if end > start:
                yield Hit(start, end, self.rule.id)


def compile_bytes(pattern: str) -> "re2._Regexp":
    """Compile a pattern that sees bytes."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return re2.compile(pattern.encode(), options)
