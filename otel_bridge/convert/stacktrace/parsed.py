"""What every stack trace parser returns."""

from dataclasses import dataclass, field

from otel_bridge.convert.event import Frame

MAX_TEXT = 1_000_000
"""Characters of a text that are looked at."""
MAX_ERRORS = 100
"""Exceptions read from one text."""
MAX_FRAMES = 1_000
"""Frames read per exception, before the stack is cut to what an event may hold."""


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
    """For a group: the chains of its members."""
    is_complete: bool = True
    """Whether the text went on to the exception's own line."""


Chain = list[ParsedError]
"""Exceptions of a text, the oldest cause first, the one that was thrown last."""
