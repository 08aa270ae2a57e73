"""Python tracebacks: chains, groups, notes, repeated lines, the markers of 3.11 to 3.14.

The format is that of the standard library's ``traceback`` module.
"""

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.language import Language
from otel_bridge.convert.stacktrace.parsed import (
    MAX_ERRORS,
    MAX_FRAMES,
    MAX_MESSAGE,
    MAX_TEXT,
    Chain,
    ParsedError,
    number,
)
from otel_bridge.convert.stacktrace.python_code import finish, is_recorder, split_type

_HEAD = "Traceback (most recent call last):"
_GROUP_HEAD = "Exception Group Traceback (most recent call last):"
_LINKS = {
    "The above exception was the direct cause of the following exception:": "__cause__",
    "During handling of the above exception, another exception occurred:": "__context__",
}
_REPEATED = "  [Previous line repeated "
_MAX_REPEATS = 100
"""More equal frames change nothing: a stack keeps its first 20 and last 80."""
_MAX_DEPTH = 20
"""Groups in groups; the ``traceback`` module itself stops at 10."""
_MAX_SOURCE = 1_024
_EXCEPTION_NAMES = ("Error", "Exception", "Traceback", "Warning", "Group", "Exit", "Interrupt")


def parse(text: str, message: str = "") -> Chain:  # noqa: ARG001  # the margins tell more
    """Return the exceptions of a traceback; none if this is not one."""
    levels = [_Level()]
    for line in _without_preamble(text[:MAX_TEXT]).split("\n"):
        _take(levels, line.removesuffix("\r"))
    while len(levels) > 1:
        _close(levels)
    chain = levels[0].finished()
    return chain if any(error.frames or error.children for error in chain) else []


def recognizes(text: str) -> bool:
    """Whether this looks like a Python traceback."""
    return _HEAD in text or text.startswith('  File "')


def split_headline(text: str) -> tuple[str, str]:
    """Split ``type: message``; the type is empty when there is none."""
    first, newline, more = text.partition("\n")
    head, colon, rest = first.partition(":")
    name = head.strip()
    if not name or not all(part.isidentifier() or part == "<locals>" for part in name.split(".")):
        return "", text
    if not colon:
        return name, more
    return name, rest.removeprefix(" ") + newline + more


def _without_preamble(text: str) -> str:
    """Leave out what was said before the first traceback, unless that was an exception, too."""
    at = text.find(_HEAD)
    start = text.rfind("\n", 0, max(at, 0)) + 1
    kind, _ = split_headline(text[:start].partition("\n")[0])
    return text if at < 0 or kind.endswith(_EXCEPTION_NAMES) else text[start:]


def _take(levels: list["_Level"], line: str) -> None:
    """Give a line to the level of the group tree that it belongs to."""
    indent = len(line) - len(line.lstrip(" "))
    mark = line[indent : indent + 2]
    if mark in {"+-", "+ "} and _is_margin(levels, line[indent:]):
        return
    if (
        mark in {"| ", "|"}
        and indent == 2 * len(levels)
        and (len(levels) > 1 or levels[0].is_group)
    ):
        line = line[indent + 2 :]
    levels[-1].take(line)


def _is_margin(levels: list["_Level"], rest: str) -> bool:
    """Open, separate or close the members of a group where this line says so."""
    if rest == f"+ {_GROUP_HEAD}":
        levels[-1].is_group = True
        levels[-1].take(_GROUP_HEAD)
        return True
    if rest.startswith("+-+---") and len(levels) < _MAX_DEPTH and levels[-1].current is not None:
        levels[-1].current.is_group = True
        levels.append(_Level())
        return True
    if rest.startswith("+---") and len(levels) > 1:
        _close(levels)
        if rest.strip("+-"):
            levels.append(_Level())
        return True
    return False


def _close(levels: list["_Level"]) -> None:
    chain = levels.pop().finished()
    parent = levels[-1].current
    if chain and parent is not None and len(parent.children) < MAX_ERRORS:
        parent.children.append(chain)


class _Level:
    """The chain of exceptions being read at one depth of the group tree."""

    __slots__ = ("chain", "current", "is_group", "message", "size")

    def __init__(self) -> None:
        self.chain: Chain = []
        self.current: ParsedError | None = None
        self.is_group = False
        self.message: list[str] | None = None
        """Lines of the current exception's message, once it has begun."""
        self.size = 0

    def take(self, line: str) -> None:
        """Read the next line."""
        if self.message is not None:
            if line in _LINKS and not self.message[-1]:
                self._end()
                self.chain[-1].source = _LINKS[line]
            elif self.size < MAX_MESSAGE:
                self.message.append(line)
                self.size += len(line)
        elif line in {_HEAD, _GROUP_HEAD}:
            self._begin()
        elif line.startswith("  "):
            self._take_frame(line)
        elif line and len(self.chain) < MAX_ERRORS:
            self._begin()
            self.message = [line]
            self.size = len(line)

    def finished(self) -> Chain:
        """Return the chain, the last exception included."""
        self._end()
        return self.chain

    def _begin(self) -> None:
        if self.current is None:
            self.current = ParsedError()

    def _end(self) -> None:
        error, message = self.current, self.message
        self.current = self.message = None
        if error is None:
            return
        if message is None:
            error.is_complete = False
            if not error.frames:
                return
        else:
            while len(message) > 1 and not message[-1]:
                message.pop()
            error.type, error.message = split_headline("\n".join(message)[:MAX_MESSAGE])
        self.chain.append(error)

    def _take_frame(self, line: str) -> None:
        if line.startswith('  File "'):
            frame = _frame(line)
            if frame is not None:
                self._begin()
                if self.current is not None and len(self.current.frames) < MAX_FRAMES:
                    self.current.frames.append(frame)
            return
        if self.current is None or not self.current.frames:
            return
        frames = self.current.frames
        if line.startswith("    "):
            if frames[-1].context_line is None:
                frames[-1].context_line = line[4 : 4 + _MAX_SOURCE]
        elif line.startswith(_REPEATED):
            times = number(line[len(_REPEATED) :].partition(" ")[0])
            if times is not None and len(frames) < MAX_FRAMES:
                frames += [_copy(frames[-1]) for _ in range(min(times, _MAX_REPEATS))]


def _copy(frame: Frame) -> Frame:
    return Frame(
        abs_path=frame.abs_path,
        lineno=frame.lineno,
        function=frame.function,
        context_line=frame.context_line,
    )


def _frame(line: str) -> Frame | None:
    """Read ``  File "P", line N, in F``; without a function it is a syntax error's place."""
    path, found, rest = line[len('  File "') :].rpartition('", line ')
    digits, comma, function = rest.partition(", in ")
    lineno = number(digits)
    if not found or not comma or lineno is None:
        return None
    return Frame(abs_path=path, lineno=lineno, function=function)


PYTHON = Language(
    platform="python",
    parse=parse,
    recognizes=recognizes,
    finish=finish,
    split_type=split_type,
    is_recorder=is_recorder,
    numbers_chains=False,
)
