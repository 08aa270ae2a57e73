"""The lines of code around a frame, from whoever can read them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from otel_bridge.convert.event import Frame


class SourceReader(Protocol):
    """Reads source files. Bounded in size and never raises; the file system is its business."""

    def lines(self, abs_path: str) -> Sequence[str] | None:
        """Return the lines of a file, line ends optional; None when it cannot be had."""
        ...

    def module_name(self, abs_path: str) -> str | None:
        """Return the name under which this process imported a file; None when it did not."""
        ...

    def has_module(self, name: str) -> bool:
        """Whether this process imported a module of this name."""
        ...

    def installed(self) -> Mapping[str, str]:
        """Return the packages of this process and their versions; not to be changed."""
        ...


_MAX_LINE = 1024
"""Longer lines are cut, as the trackers' own SDKs do."""


def add_source(frame: Frame, source: SourceReader, around: int) -> None:
    """Fill the lines before, at and after a frame where the source is at hand."""
    if frame.abs_path is None or not frame.lineno or frame.lineno < 1:
        return
    lines = source.lines(frame.abs_path)
    at = frame.lineno - 1
    if lines is None or at >= len(lines):
        return
    frame.pre_context = [_clean(line) for line in lines[max(0, at - around) : at]]
    frame.context_line = _clean(lines[at])
    frame.post_context = [_clean(line) for line in lines[at + 1 : at + 1 + around]]


def _clean(line: str) -> str:
    return line[:_MAX_LINE].rstrip("\r\n")
