"""What finds secrets: the contract, and the finder that follows one rule."""

from collections.abc import Iterator
from typing import Protocol

from otel_bridge.scrub.rule import Hit, Rule
from otel_bridge.scrub.search import Found, Search, compile_bytes

MAX_BEFORE_BYTES = 40
_EDGES = b" \t\r\n\"'`=:,;&"
"""What is no part of a secret whose groups nobody looked for."""
_MAX_SHORT_BYTES = 60
_REST = compile_bytes(rb"[A-Za-z0-9]+")
_REST_OF_LONG = compile_bytes(rb"[^\s\"'`<>&,;|)\]}\\]+")
"""What goes on behind a secret that a pattern takes to have no more than so many characters."""


class Gate(Protocol):
    """Says cheaply, on raw bytes, that there is nothing to be found."""

    @property
    def probes(self) -> tuple[str, ...]:
        """Return fragments without boundaries: where none is found there is nothing to find."""

    @property
    def also(self) -> str:
        """Return a further fragment that must be found too; empty for none."""

    def may_find(self, raw: bytes) -> bool:
        """Tell whether bytes in which a fragment was found may hold a secret; False is proof."""


class Finder(Gate, Protocol):
    """Finds one kind of secret in a text."""

    def find(self, text: bytes) -> Iterator[Hit | None]:
        """Yield the secrets in order, and None for work that led to none: all is counted."""


class PatternFinder:
    """Finds what the pattern of one rule describes."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.probes = rule.probes
        self.also = rule.also
        self._search = Search(rule.pattern)
        self._not_after = compile_bytes(f"(?:{rule.not_after})$") if rule.not_after else None

    def may_find(self, raw: bytes) -> bool:  # noqa: ARG002 (the fragments said all)
        """Return True: what the fragments leave in is worth a look."""
        return True

    def find(self, text: bytes) -> Iterator[Hit | None]:
        """Yield the ranges that the rule accepts, in order, and None for what it refuses."""
        place = 0
        while (found := self._search.next(text, place)) is not None:
            start, end = self._secret(text, found)
            place = max(end, found.start + 1)
            if not self._is_secret(text, start, end):
                yield None
                continue
            place = end = _end_of_word(text, start, end)
            yield Hit(start, end, self.rule.id)

    def _secret(self, text: bytes, found: Found) -> tuple[int, int]:
        if found.groups is not None:
            start, end = found.groups.span(self._search.secret_group)
            return start, end
        start, end, _ = found
        while start < end and text[start] in _EDGES:
            start += 1
        while end > start and text[end - 1] in _EDGES:
            end -= 1
        return start, end

    def _is_secret(self, text: bytes, start: int, end: int) -> bool:
        if end <= start:
            return False
        accepts = self.rule.accepts
        if accepts is not None and not accepts(text[start:end]):
            return False
        if self._not_after is None:
            return True
        return self._not_after.search(text[max(0, start - MAX_BEFORE_BYTES) : start]) is None


def _end_of_word(text: bytes, start: int, end: int) -> int:
    """Return where the word ends in which a pattern stopped because it counts characters."""
    if not text[end : end + 1].isalnum():
        return end
    rest = (_REST if end - start < _MAX_SHORT_BYTES else _REST_OF_LONG).match(text, end)
    return end if rest is None else rest.end()
