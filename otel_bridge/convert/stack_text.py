"""What a stack trace of any language gives away at a glance, without being parsed."""

_PYTHON_HEADS = ("Traceback (most recent call last)", "  + Exception Group Traceback")
_FRAME_MARKERS = ("\n    at ", "\n\tat ", "\n   at ", "\n at ", "\n\t/", "\n\tfrom ", "\n#0 ")
_NOWHERE = ("(<anonymous>)", "(native)", "(Native Method)", "(Unknown Source)")
"""Ends of frames that are the same wherever they are called from."""
_MAX_NOWHERE = 8
_MAX_HEADLINES = 128
"""Names that are read from one text; its parser reads fewer exceptions."""
_FRAMES = ('  File "', "    at ", "\tat ", "   at ")
_SOURCE = frozenset("abdefghijklmnopqrstuvwxyz_@#\"'()^~0123456789")
"""What source begins with and no exception in a margin does: words as ``caused by`` stay."""
_MARGIN = " \t|+-"
_LIBRARY = ("-packages", "/lib/python", "/lib/pypy", "/Lib/", "/opentelemetry/")
_MEMBER = "+---------------- "
_GROUP_END = "+------------------------------------"


def last_component(name: str) -> str:
    """Return a type name without its module, namespace or enclosing class."""
    return name.rsplit(".", 1)[-1].rsplit("\\", 1)[-1].rsplit("::", 1)[-1]


def innermost_frame(text: str) -> str:
    """Return the line of a stack trace that names the call that failed; empty if there is none.

    It only has to be the same at every level of a trace, in whatever language. Where that call has
    no place of its own (``JSON.parse (<anonymous>)``), the one that has comes along.
    """
    at = text.rfind(' File "')
    if at >= 0:
        return text[at + 1 :].partition("\n")[0].rstrip()
    for marker in _FRAME_MARKERS:
        at = text.find(marker)
        if at >= 0:
            return _placed(text, at + 1)
    return ""


def _placed(text: str, start: int) -> str:
    """Return the line that starts there, and those after it until one has a place."""
    end = start
    for _ in range(_MAX_NOWHERE):
        newline = text.find("\n", end)
        end = len(text) if newline < 0 else newline
        if newline < 0 or not text[start:end].rstrip().endswith(_NOWHERE):
            break
        end += 1
    return text[start:end].strip()


def lost_its_end(text: str, short_type: str) -> bool:
    """Whether a Python traceback was cut to a limit: it ends before it says what was raised.

    Python writes the innermost call and the exception last, so a cut text lacks both. Others write
    them first.
    """
    if not text.startswith(_PYTHON_HEADS):
        return False
    # By far the commonest: one exception, and its message is one line.
    last = text[text.rfind("\n", 0, -1) + 1 :]
    if short_type in last.partition(":")[0] and not last.startswith((" ", "\n")):
        return False
    closed = text.rfind(_GROUP_END)
    if text.rfind(_MEMBER) > closed:
        return True
    if closed >= 0 and text.rstrip().endswith(_GROUP_END):
        return False
    _, _, after = text[text.rfind(' File "') + 1 :].partition("\n")
    return not any(
        short_type in line.partition(":")[0]
        for line in map(_without_margin, after.split("\n"))
        if line and not line[0].isspace()
    )


def _without_margin(line: str) -> str:
    """Return what stands inside the margin that groups have; source is indented there, too."""
    bare = line.lstrip(" ")
    return bare[2:] if bare.startswith("| ") else line


def own_calls(text: str) -> int:
    """Return how many calls of a Python traceback are no library's."""
    return sum(not _is_library(line) for line in _lines_with(text, ' File "'))


def ends_in_library(text: str) -> bool:
    """Whether the last whole frame of a cut Python traceback is a library's."""
    whole = [line for line in _lines_with(text, ' File "') if '", line ' in line]
    return not whole or _is_library(whole[-1])


def _is_library(line: str) -> bool:
    line = line.replace("\\", "/")
    return any(part in line for part in _LIBRARY)


def raised_from_none(text: str) -> bool:
    """Whether the innermost line of a Python traceback hides what it was raised from."""
    at = text.rfind(' File "')
    if at < 0:
        return False
    lines = text[at:].split("\n")[1:_MAX_NOWHERE]
    return any(line.startswith("    ") and line.rstrip().endswith(" from None") for line in lines)


def function_of(frame: str) -> str:
    """Return a frame's line without the position in its function: file and name of the call."""
    if frame.startswith('File "'):
        path, found, rest = frame.partition('", line ')
        return f"{path} {rest.partition(',')[2]}" if found else ""
    name = frame.rpartition("\n")[2].strip().removeprefix("at ").removeprefix("async ")
    place, _, column = name.rstrip(")").rpartition(":")
    path, _, line = place.rpartition(":")
    return path if line.isdigit() and column.isdigit() else ""


def passes(text: str, function: str) -> bool:
    """Whether a stack goes through a function, as ``function_of`` tells it."""
    if not function:
        return False
    if function.startswith('File "'):
        path, _, name = function.rpartition("  in ")
        return bool(path) and any(
            line.endswith(f", in {name}") for line in _lines_with(text, path + '"')
        )
    return any(function_of(line.strip()) == function for line in _lines_with(text, function))


_MAX_LOOKED_AT = 64
"""Lines of one stack that are looked at."""


def _lines_with(text: str, part: str) -> list[str]:
    lines: list[str] = []
    at = text.find(part)
    while at >= 0 and len(lines) < _MAX_LOOKED_AT:
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        lines.append(text[start:end].rstrip())
        at = text.find(part, end)
    return lines


def headlines(text: str, limit: int) -> set[tuple[str, str]]:
    """Return type and first line of message of everything that a text may name as an exception.

    Args:
        text: A stack trace, of which every line is looked at once.
        limit: Characters of a message that count.
    """
    found: set[tuple[str, str]] = set()
    for line in text.split("\n"):
        # Frames and source are most of a text: they are left at the first look.
        if line.startswith(_FRAMES) or (line.startswith("    ") and line.lstrip()[:1] in _SOURCE):
            continue
        if len(found) >= _MAX_HEADLINES:
            break
        rest = line.strip(_MARGIN + "\r")
        for words in LEADS:
            rest = rest.removeprefix(words).lstrip()
        name, colon, message = rest.partition(": ")
        if not colon:
            name, message = rest.removesuffix(":"), ""
        if name and " " not in name and len(name) <= limit:
            short = last_component(name)
            for kind in {short, short.rpartition("$")[2], short.rpartition("/")[2]}:
                found.add((kind, message[:limit]))
    return found


LEADS = ("Caused by:", "caused by:", "Suppressed:", "[cause]:", ">", "Unhandled exception.")
"""Words before an exception inside a text."""
