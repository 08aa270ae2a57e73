"""Python tracebacks: chains, groups, notes, repeated lines, the markers of 3.11 to 3.14.

The format is that of the standard library's ``traceback`` module.
"""

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.parsed import (
    MAX_ERRORS,
    MAX_FRAMES,
    MAX_TEXT,
    Chain,
    ParsedError,
)

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
_MAX_MESSAGE = 16_384


def parse(text: str) -> Chain:
    """Return the exceptions of a traceback; none if this is not one."""
    levels = [_Level()]
    for line in text[:MAX_TEXT].split("\n"):
        _take(levels, line.removesuffix("\r"))
    while len(levels) > 1:
        _close(levels)
    return levels[0].finished()


def recognizes(text: str) -> bool:
    """Whether this looks like a Python traceback."""
    return _HEAD in text[:4096] or text.startswith('  File "')


def _take(levels: list["_Level"], line: str) -> None:
    """Give a line to the level of the group tree that it belongs to."""
    indent = len(line) - len(line.lstrip(" "))
    mark = line[indent : indent + 2]
    if mark in {"+-", "+ "} and _is_margin(levels, line, indent):
        return
    depth = len(levels) - 1
    if depth or levels[0].is_group:
        wanted = 2 * depth + (0 if depth else 2)
        if mark in {"| ", "|"} and indent == wanted:
            line = line[indent + 2 :]
    levels[-1].take(line)


def _is_margin(levels: list["_Level"], line: str, indent: int) -> bool:
    """Open, separate or close the members of a group where this line says so."""
    rest = line[indent:]
    if rest == f"+ {_GROUP_HEAD}":
        levels[-1].is_group = True
        levels[-1].take(_GROUP_HEAD)
        return True
    if rest.startswith("+-+---") and len(levels) < _MAX_DEPTH and levels[-1].current is not None:
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
        if line in _LINKS and self.message is not None:
            self._link(_LINKS[line])
        elif self.message is not None:
            if self.size < _MAX_MESSAGE:
                self.message.append(line)
                self.size += len(line)
        elif line.endswith(_HEAD) and line in {_HEAD, _GROUP_HEAD}:
            self._begin()
        elif line.startswith("  "):
            self._take_frame(line)
        elif line and len(self.chain) < MAX_ERRORS:
            if self.current is None:
                self._begin()
            self.message = [line]
            self.size = len(line)

    def finished(self) -> Chain:
        """Return the chain, the last exception included."""
        self._end()
        return self.chain

    def _begin(self) -> None:
        self.current = ParsedError()

    def _link(self, source: str) -> None:
        self._end()
        if self.chain:
            self.chain[-1].source = source

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
            error.type, error.message = split_headline("\n".join(message)[:_MAX_MESSAGE])
        self.chain.append(error)

    def _take_frame(self, line: str) -> None:
        if self.current is None:
            if not line.startswith('  File "'):
                return
            self._begin()
        frames = self.current.frames if self.current is not None else []
        if line.startswith('  File "'):
            frame = _frame(line)
            if frame is not None and len(frames) < MAX_FRAMES:
                frames.append(frame)
        elif line.startswith("    "):
            if frames and frames[-1].context_line is None:
                frames[-1].context_line = line[4:1028]
        elif line.startswith(_REPEATED) and frames:
            count = line[len(_REPEATED) :].partition(" ")[0]
            if count.isdecimal() and len(count) < 8:  # noqa: PLR2004  # no absurd numbers
                frames += [frames[-1]] * min(int(count), _MAX_REPEATS)


def split_headline(text: str) -> tuple[str, str]:
    """Split ``type: message``; the type is empty when there is none."""
    head, colon, rest = text.partition(":")
    first, newline, more = head.partition("\n")
    if newline:
        head, colon, rest = first, "\n", more
    name = head.strip()
    if not name or any(not _is_name(part) for part in name.split(".")):
        return "", text
    return name, rest.removeprefix(" ") if colon else ""


def _is_name(part: str) -> bool:
    return part.isidentifier() or part == "<locals>"


def _frame(line: str) -> Frame | None:
    """Read ``  File "P", line N, in F``; without a function it is a syntax error's place."""
    path, found, rest = line[len('  File "') :].rpartition('", line ')
    number, comma, function = rest.partition(", in ")
    if not found or not comma or not number.isdecimal() or len(number) > 9:  # noqa: PLR2004
        return None
    return Frame(abs_path=path, lineno=int(number), function=function[:512])
