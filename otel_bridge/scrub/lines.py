"""Scrubs texts that were one before: a key in armour, the arguments of a command."""

import re
from collections.abc import Sequence

from otel_bridge.scrub.rewrite import Cut

ARMOUR = "-----BEGIN "
_MIN_HEADER_TEXTS = 4
"""Two texts are a pair already."""
_COMMON_HEADERS = frozenset(
    "host accept accept-encoding accept-language authorization connection content-length "  # noqa: SIM905 (words, not a column)
    "content-type cookie origin referer user-agent".split()
)
"""At least one of these is in every request; fields of a form are in lists, too."""
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,63}")
Part = tuple[bytes, list[Cut]]


def holds_armour(lines: Sequence[object]) -> bool:
    """Tell whether in one of some lines a block begins that may go on in the next."""
    return any(isinstance(line, str) and ARMOUR in line for line in lines)


def joint_of(texts: Sequence[object]) -> str | None:
    """Return what joined the texts of a list before, None where each stands for itself.

    That is a line feed where a key in armour begins, and a space in the arguments of a command.
    """
    if holds_armour(texts):
        return "\n"
    is_command = any(isinstance(text, str) and text[:1] == "-" for text in texts)
    return " " if is_command else None


def groups_of(texts: Sequence[object]) -> list[tuple[range, str]]:
    """Return which texts of a list were one before, and what joined them.

    Besides what ``joint_of`` says: a name and its value, where headers stand in one flat list.
    """
    joint = joint_of(texts)
    if joint is not None:
        return [(range(len(texts)), joint)]
    if not _is_header_list(texts):
        return []
    return [(range(place, place + 2), ":") for place in range(0, len(texts), 2)]


def _is_header_list(texts: Sequence[object]) -> bool:
    if len(texts) < _MIN_HEADER_TEXTS or len(texts) % 2:
        return False
    names = [text for text in texts[::2] if isinstance(text, str) and _HEADER.fullmatch(text)]
    if 2 * len(names) != len(texts) or not all(isinstance(text, str) for text in texts):
        return False
    return any(name.lower() in _COMMON_HEADERS for name in names)


def apart(lines: Sequence[bytes], cuts: Sequence[Cut], out: bytes) -> list[Part]:
    """Return each line as it becomes, with its own cuts.

    Args:
        lines: The lines, without what joined them.
        cuts: What was cut out of all of them, joined by one character, in order.
        out: What came of that. It gives the replacements; every line of a cut gets the same.
    """
    parts: list[Part] = []
    start = first = 0
    for line in lines:
        end = start + len(line)
        while first < len(cuts) and cuts[first].end <= start:
            first += 1
        parts.append(_part(line, start, cuts[first:], out))
        start = end + 1
    return parts


def _part(line: bytes, at: int, cuts: Sequence[Cut], out: bytes) -> Part:
    pieces: list[bytes] = []
    own: list[Cut] = []
    done = size = 0
    for cut in cuts:
        start, end = max(cut.start - at, 0), min(cut.end - at, len(line))
        if start >= len(line):
            break
        if start >= end:
            continue
        kept, new = line[done:start], out[cut.out_start : cut.out_end]
        pieces += (kept, new)
        size += len(kept) + len(new)
        own.append(Cut(cut.rule, start, end, size - len(new), size, cut.how))
        done = end
    return b"".join([*pieces, line[done:]]), own
