"""OTLP ``AnyValue`` messages to plain Python values."""

from collections.abc import Iterable

from otel_bridge.wire.any_value import TOO_DEEP
from otel_bridge.wire.messages import AnyValue, KeyValue

MAX_DEPTH = 100
"""Nested lists and mappings that are followed; the decoder refuses deeper messages before."""


def to_python(value: AnyValue, *, max_depth: int = MAX_DEPTH) -> object:
    """Return None, bool, int, float, str, bytes, a list or a dict with text keys.

    What is nested deeper than ``max_depth`` becomes the text ``TOO_DEEP``.
    """
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        if max_depth == 0:
            return TOO_DEEP
        return [to_python(item, max_depth=max_depth - 1) for item in value.array_value.values]
    if kind == "kvlist_value":
        if max_depth == 0:
            return TOO_DEEP
        return attributes(value.kvlist_value.values, max_depth=max_depth - 1)
    return getattr(value, kind)


def attributes(pairs: Iterable[KeyValue], *, max_depth: int = MAX_DEPTH) -> dict[str, object]:
    """Return attributes by key; of keys that repeat, which OTLP forbids, the last one counts."""
    # Most values are text, and asking for it is cheaper than asking what it is.
    return {
        pair.key: pair.value.string_value or to_python(pair.value, max_depth=max_depth)
        for pair in pairs
    }
