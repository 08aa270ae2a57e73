"""What every stack trace parser returns, and the limits that all of them keep."""

from dataclasses import dataclass, field
from typing import Protocol

from otel_bridge.convert.event import Frame

MAX_TEXT = 1_000_000
"""Characters of a text that are looked at."""
MAX_ERRORS = 100
"""Exceptions read from one text."""
MAX_FRAMES = 2_000
"""Frames read per exception, before the stack is cut to what an event may hold."""
MAX_MESSAGE = 16_384
"""Characters of a message that are kept for now; an event holds half of it."""
_HEADLINE = 1_024
_MAX_DIGITS = 9


@dataclass(slots=True)
class ParsedError:
    """One exception of a text."""

    type: str = ""
    """As written: with module or namespace where the language prints it."""
    message: str = ""
    frames: list[Frame] = field(default_factory=list)
    """The outermost call first."""
    source: str | None = None
    """How the exception after this one holds it: ``__cause__``, ``__context__``, ``cause``."""
    children: list[list["ParsedError"]] = field(default_factory=list)
    """Chains of the members of a group, or of exceptions that were suppressed."""
    is_group: bool = False
    is_complete: bool = True
    """Whether the text went on to the exception's own line."""


Chain = list[ParsedError]
"""Exceptions of a text, the oldest cause first, the one that was thrown last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRules:
    """Whose code is whose."""

    include: tuple[str, ...] = ()
    """Modules that are the application's, whatever their path."""
    exclude: tuple[str, ...] = ()
    """Modules that are not."""
    root: str | None = None
    """The folder of the application, where it is known: what lies outside is not its code."""
    source_roots: tuple[str, ...] = ()
    """Folders that modules are named from."""

    def listed(self, module: str | None) -> bool | None:
        """Return what the lists say about a module; None when they say nothing."""
        if module:
            if _is_listed(module, self.include):
                return True
            if _is_listed(module, self.exclude):
                return False
        return None


def _is_listed(module: str, names: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith((f"{name}.", f"{name}/")) for name in names)


class Placed(Protocol):
    """Whatever has a place in a stack."""

    @property
    def abs_path(self) -> str | None:
        """The file."""
        ...

    @property
    def module(self) -> str | None:
        """The module, where it is known."""
        ...


def lines_of(text: str, message: str = "") -> list[str]:
    """Return the lines of a text without the message, which may look like anything.

    The first line is what stands before the message.
    """
    text = text[:MAX_TEXT]
    if "\n" in message:
        at = text.find(message, 0, _HEADLINE + len(message))
        if at >= 0:
            text = text[:at] + text[at + len(message) :]
    return [line.removesuffix("\r") for line in text.split("\n")]


def number(text: str) -> int | None:
    """Return a line or column number; None for anything else."""
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
        return int(text)
    return None


def split_position(text: str) -> tuple[str, int | None, int | None]:
    """Split ``path:line:column`` or ``path:line``; the path may hold colons itself."""
    head, colon, tail = text.rpartition(":")
    last = number(tail) if colon else None
    if last is None:
        return text, None, None
    path, colon, tail = head.rpartition(":")
    line = number(tail) if colon else None
    if line is None or not path:
        return head, last, None
    return path, line, last


def slashed(path: str) -> str:
    """Return a path with slashes, also where Windows wrote it."""
    return path.replace("\\", "/") if "\\" in path else path


def has_drive(path: str) -> bool:
    """Whether a path is one of Windows: with a drive, or of another machine."""
    return (path[1:2] == ":" and path[:1].isalpha()) or path.startswith(("\\\\", "//"))


def split_dotted(qualified: str) -> tuple[str | None, str]:
    """Split ``a.b.C`` into ``a.b`` and ``C``."""
    head, _, name = qualified.rpartition(".")
    return head or None, name
