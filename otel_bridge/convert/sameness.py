"""Which sightings tell of the same failure, and which of the failure that another came from."""

from otel_bridge.convert.sighting import Shape, Sighting
from otel_bridge.convert.stack_text import (
    LEADS,
    function_of,
    headlines,
    last_component,
    passes,
    raised_from_none,
)
from otel_bridge.wire.batch import StatusCode

_MAX_COMPARED = 512
"""Characters of a message that tell failures apart; as many as a sighting keeps of it."""
_MAX_HEADLINES = 16
_MAX_PREFIX = 512
_EDGE = 8_192
"""Characters at either end of a stack text in which its own exception is named."""
_THROWN_OBJECT = "[object Object]"
"""What JavaScript says of a thrown object that is no error."""
_AT_ONCE_NS = 100_000_000
"""At most between the end of a span that an error left and the error that is thrown for it."""


def same_failure(one: Sighting, other: Sighting) -> bool:
    """Whether two sightings under one entry span tell of the same failure.

    Span events repeat type, message and innermost frame exactly. A log may leave the module out of
    the type, name the class where the span has an error code, and add the causes to the message.
    Where a text was cut to a limit, its last frame says nothing.
    """
    same_frame = one.innermost == other.innermost
    is_cut = one.is_cut or other.is_cut
    if not same_frame and one.innermost and other.innermost and not is_cut:
        return False
    same_type = one.short_type == other.short_type
    if same_type and one.said == other.said:
        return True
    if is_cut and same_type and Shape.LOG in {one.shape, other.shape}:
        # The loggers write the first argument for the message; the text would have told.
        return one.span_id == other.span_id
    if _is_thrown_object(one) or _is_thrown_object(other):
        return not one.stacktrace and not other.stacktrace
    if Shape.LOG not in {one.shape, other.shape}:
        return False
    if not same_type and not (same_frame and one.innermost):
        return False
    return _says(one, other) or _says(other, one)


def is_cause(cause: Sighting, thrown: Sighting) -> bool:
    """Whether an exception stands in another's chain, before the one that was thrown."""
    if not cause.short_type or (cause.short_type, cause.said) == (thrown.short_type, thrown.said):
        return False
    placed = cause.innermost in thrown.stacktrace  # also where no place is known
    if (placed or cause.is_cut) and _has_headline(thrown.stacktrace, cause):
        return True
    # A stack text that was cut to a limit lost the end; the living chain is whole.
    return thrown.live is not None and (cause.short_type, cause.said) in _of_living(thrown)


def is_replaced_by(cause: Sighting, thrown: Sighting) -> bool:
    """Whether another exception was thrown for this one, although its text does not say so.

    Python hides the first with ``from None``; JavaScript's stacks never tell the ``cause``. The
    first left its span, and at once the function that it came back to threw the other, which the
    span around was the first to see.
    """
    if (cause.shape, thrown.shape) != (Shape.SPAN_EVENT, Shape.SPAN_EVENT):
        return False
    if (cause.short_type, cause.said) == (thrown.short_type, thrown.said):
        return False  # nobody wraps an error to say the same again
    left, seen = cause.span, thrown.span
    if left is None or seen is None or left.parent_span_id != seen.span_id:
        return False
    if cause.status != StatusCode.ERROR or not passes(
        cause.stacktrace, function_of(thrown.innermost)
    ):
        return False
    if raised_from_none(thrown.stacktrace):
        return True
    is_javascript = thrown.innermost.startswith("at ")
    return is_javascript and abs(thrown.time_ns - left.end_time_unix_nano) <= _AT_ONCE_NS


def named_by(thrown: Sighting) -> set[tuple[str, str]]:
    """Return types and messages of everything a sighting may have in its chain: a superset."""
    found = headlines(thrown.stacktrace, _MAX_COMPARED)
    for kind, message in _of_living(thrown):
        found.add((kind, message.partition("\n")[0]))
    return found


def name_of(cause: Sighting) -> tuple[str, str]:
    """Return how a sighting would stand in what ``named_by`` returns."""
    return cause.short_type, cause.said.partition("\n")[0]


def _of_living(thrown: Sighting) -> set[tuple[str, str]]:
    errors = thrown.live.errors[:-1] if thrown.live is not None else ()
    return {(last_component(error.type), error.message[:_MAX_COMPARED]) for error in errors}


def _is_thrown_object(sighting: Sighting) -> bool:
    return sighting.said == _THROWN_OBJECT and not sighting.short_type


def _has_headline(text: str, cause: Sighting) -> bool:
    """Whether a line of a stack text, as a whole, names an exception: no part of a longer one."""
    headline = f"{cause.short_type}: {cause.said}" if cause.said else cause.short_type
    at = -1
    for _ in range(_MAX_HEADLINES):
        at = text.find(headline, at + 1)
        if at < 0:
            return False
        end = at + len(headline)
        ends = end == len(text) or text[end] in "\r\n" or len(cause.said) == _MAX_COMPARED
        if ends and _leads(text[max(text.rfind("\n", 0, at) + 1, at - _MAX_PREFIX) : at]):
            return True
    return False


def _leads(before: str) -> bool:
    """Whether what stands on a line before a type belongs to it: margins, words, its module."""
    rest = before.strip(" \t|+-")
    for words in LEADS:
        rest = rest.removeprefix(words).lstrip()
    return not rest or (" " not in rest and rest[-1] in ".:$\\/")


def _says(one: Sighting, other: Sighting) -> bool:
    """Whether the message of one is the message of the other, with causes added."""
    message = one.said
    if not message:
        return not one.stacktrace
    if other.said.startswith((message + ": ", message + "\n")):
        return True
    text, headline = other.stacktrace, f": {message}"
    return text.endswith(headline) or any(
        part.find(f"{headline}\n") >= 0 for part in (text[:_EDGE], text[-_EDGE:])
    )
