"""What the converter has to know about a language to show its stacks as its own SDK would."""

from collections.abc import Callable
from dataclasses import dataclass

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.parsed import Chain, CodeRules, Placed


def _no_recorder(_: Placed) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The conventions of one language."""

    platform: str
    """The tracker's name for it."""
    parse: Callable[[str, str], Chain]
    """From a text and the message of its thrown exception to exceptions; none if it is not one."""
    recognizes: Callable[[str], bool]
    """Whether a text of unknown origin is likely of this language."""
    finish: Callable[[Frame, CodeRules], None]
    """Fill module, file name and whose code a parsed frame is."""
    split_type: Callable[[str], tuple[str | None, str]]
    """Split the qualified name of an exception into module and type."""
    is_recorder: Callable[[Placed], bool] = _no_recorder
    """Whether a frame only recorded the exception."""
    numbers_chains: bool = True
    """Whether the native SDK numbers the exceptions of a chain; it changes their grouping."""
    trusts_headline: bool = False
    """Whether the type in the text is better than the recorded one."""
    omits_causes: bool = False
    """Whether a stack never tells the exceptions that it came from."""
