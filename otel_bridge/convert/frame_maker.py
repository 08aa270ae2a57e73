"""Frames of this process: made once for each place in the code, then copied."""

from collections.abc import Sequence
from typing import TypeVar

from otel_bridge.convert.event import Frame
from otel_bridge.convert.live import LiveFrame
from otel_bridge.convert.source import SourceReader, add_source
from otel_bridge.convert.stacktrace.parsed import CodeRules
from otel_bridge.convert.stacktrace.python_code import finish

MAX_FRAMES = 100
_FIRST = 20
"""Of a longer stack the outermost 20 and the innermost 80 frames stay."""
MAX_NAME = 256
"""The smallest limit of a frame's names."""
_MAX_CACHED = 2_048
"""Places in the code that are remembered; a service fails in far fewer."""


_Entry = TypeVar("_Entry")


class FrameMaker:
    """Makes frames of living exceptions.

    Args:
        rules: Whose code is whose.
        source: Reads the source of this process.
        around: Lines of source before and after.
    """

    def __init__(self, rules: CodeRules, source: SourceReader | None, around: int) -> None:
        self._rules = rules
        self._source = source
        self._around = around
        self._made: dict[tuple[str, int, str, str | None], Frame] = {}
        self.has_long_names = False
        """Whether any frame so far has a name that may have to be cut."""

    def frame(self, live: LiveFrame) -> Frame:
        """Return the frame of a traceback's entry. Its lists of lines are not to be changed."""
        key = live.abs_path, live.lineno, live.function, live.module
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= _MAX_CACHED:
                self._made.clear()
            made = self._made[key] = self._make(live)
        # What copy.copy() does after a search that costs more than the copy.
        frame: Frame = made.__copy__()  # type: ignore[attr-defined]  # msgspec does not declare it
        frame.vars = live.vars
        return frame

    def _make(self, live: LiveFrame) -> Frame:
        frame = Frame(
            abs_path=live.abs_path,
            lineno=live.lineno,
            function=live.function,
            module=live.module,
        )
        finish(frame, self._rules)
        self.has_long_names = self.has_long_names or not is_short(frame)
        if self._source is not None:
            add_source(frame, self._source, self._around)
        return frame


def is_short(frame: Frame) -> bool:
    """Whether no name of a frame can be too long for an event."""
    return (
        len(frame.function or "") <= MAX_NAME
        and len(frame.module or "") <= MAX_NAME
        and len(frame.filename or "") <= MAX_NAME
        and len(frame.abs_path or "") <= MAX_NAME
    )


def cap(frames: Sequence[_Entry]) -> list[_Entry]:
    """Return at most 100 frames: the way in and the place of the failure."""
    if len(frames) <= MAX_FRAMES:
        return list(frames)
    return [*frames[:_FIRST], *frames[_FIRST - MAX_FRAMES :]]
