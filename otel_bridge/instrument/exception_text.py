"""What the text of a traceback says about exceptions whose own words must not be asked for."""

from collections.abc import Mapping

from otel_bridge.convert.event import Mechanism
from otel_bridge.convert.numbering import numbered
from otel_bridge.convert.stacktrace.python import PYTHON


def messages_of(recorded: Mapping[str, object], types: list[str]) -> list[str]:
    """Return the messages of exceptions, in the order in which an event numbers them.

    Args:
        recorded: ``exception.stacktrace``, as ``traceback.format_exception`` writes it.
        types: Their qualified names without module. Where the text does not agree, the message is
            empty.
    """
    text = recorded.get("exception.stacktrace")
    chain = PYTHON.parse(text, "") if isinstance(text, str) else []
    said = [error for error, _ in numbered(chain, Mechanism(""), PYTHON)] if chain else []
    if len(said) != len(types):
        return [""] * len(types)
    return [
        error.message if error.type.endswith(name) else ""
        for error, name in zip(said, types, strict=True)
    ]
