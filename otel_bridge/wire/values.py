"""Protocol values as Python values."""

from collections.abc import Iterable

from otel_bridge.wire.messages import AnyValue, KeyValue


def to_python(value: AnyValue) -> object:
    """Return the plain value; None where nothing is set."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    if kind == "array_value":
        return [to_python(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return attributes(value.kvlist_value.values)
    found: object = getattr(value, kind)
    return found


def attributes(pairs: Iterable[KeyValue]) -> dict[str, object]:
    """Return attributes by name."""
    return {pair.key: to_python(pair.value) for pair in pairs}
