"""Patterns with groups, searched for in long foreign texts.

RE2 finds a match in time linear in the text, at gigabytes a second. To find the groups in a match
takes it a thousand times as long, so that is done in short matches only.
"""

from functools import cached_property
from typing import NamedTuple

import re2

MAX_CAPTURED_BYTES = 2_048

_NAMED_GROUP = re2.compile(r"(^|[^\\])\(\?P<\w+>")


class Found(NamedTuple):
    """A match: its range, and its groups where it is short enough."""

    start: int
    end: int
    groups: "re2._Match | None"


class Search:
    """A pattern over bytes, compiled when it is first needed."""

    def __init__(self, pattern: str) -> None:
        self._source = pattern

    @cached_property
    def _pattern(self) -> "re2._Regexp":
        return compile_bytes(self._source)

    @cached_property
    def _whole(self) -> "re2._Regexp":
        return compile_bytes(_NAMED_GROUP.sub(r"\1(?:", self._source), captures=False)

    @cached_property
    def secret_group(self) -> int:
        """The group ``s``, else the first, else the whole match."""
        pattern = self._pattern
        return int(pattern.groupindex.get(b"s", 1 if pattern.groups else 0))

    def next(self, text: bytes, place: int) -> Found | None:
        """Return the first match that begins at a place or behind it."""
        if len(text) <= MAX_CAPTURED_BYTES:
            match = self._pattern.search(text, place)
            return None if match is None else Found(match.start(), match.end(), match)
        match = self._whole.search(text, place)
        if match is None:
            return None
        start, end = match.span()
        if end - start > MAX_CAPTURED_BYTES:
            return Found(start, end, None)
        return Found(start, end, self._pattern.match(text, start, end))


def compile_bytes(
    pattern: str | bytes, *, captures: bool = True, memory_bytes: int = 0
) -> "re2._Regexp":
    """Compile a pattern that sees bytes; it may use some memory, RE2's own default without."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.never_capture = not captures
    if memory_bytes:
        options.max_mem = memory_bytes
    return re2.compile(pattern.encode() if isinstance(pattern, str) else pattern, options)
