"""Look into a serialized span for the few things that are asked of many: no message is built.

Encoders write fields in the order of their numbers and each once, so ids and tracestate stand at
fixed places; what comes from others is written anew where they do not (``receive``).
"""

from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass

from otel_bridge.wire.messages import KeyValue, Span
from otel_bridge.wire.values import to_python
from otel_bridge.wire.varint import delimited, varint

_IDS = 28
"""Bytes that a trace id of 16 and a span id of 8 take with their tags."""
_TRACE_STATE = 0x1A
_PARENT_TAG = b"\x22\x08"
_PARENT = 10
"""Bytes that a parent's span id takes with its tag."""


def trace_state_of(raw: bytes) -> bytes:
    """Return the ``trace_state`` of a span, empty if it has none."""
    if not _ids_lead(raw):
        return Span.FromString(raw).trace_state.encode()
    if raw[_IDS] != _TRACE_STATE:
        return b""
    start, size = _length(raw, _IDS + 1)
    return raw[start : start + size]


def with_trace_state(raw: bytes, state: bytes) -> bytes:
    """Return a span with another ``trace_state``."""
    if not _ids_lead(raw):
        span = Span.FromString(raw)
        span.trace_state = state.decode("utf-8", "replace")
        return span.SerializeToString()
    end = _IDS
    if raw[_IDS] == _TRACE_STATE:
        start, size = _length(raw, _IDS + 1)
        end = start + size
    return raw[:_IDS] + (delimited(b"\x1a", state) if state else b"") + raw[end:]


def as_usual(raw: bytes, span: Any) -> bytes:  # noqa: ANN401 - an official ``Span``
    """Return a span such that its tracestate stands where this module looks for it.

    One that is repeated with the same content or none, which no encoder does, goes unnoticed.

    Args:
        raw: The span as it came.
        span: What it says.
    """
    state = span.trace_state
    if not state and raw[_IDS : _IDS + 1] != b"\x1a":
        return raw
    return raw if trace_state_of(raw) == state.encode() else span.SerializeToString()


def behind_ids(raw: bytes) -> bytes:
    """Return a span's bytes without the ids at its front: random bytes, and never text."""
    if not _ids_lead(raw):
        return raw
    return raw[_IDS + _PARENT :] if raw.startswith(_PARENT_TAG, _IDS) else raw[_IDS:]


def _ids_lead(raw: bytes) -> bool:
    """Return whether a trace id of 16 and a span id of 8 bytes come first, and more after them."""
    return len(raw) > _IDS and raw[0] == 10 and raw[1] == 16 and raw[18] == 18 and raw[19] == 8


def _length(raw: bytes, at: int) -> tuple[int, int]:
    """Return where the payload after a length starts, and the length."""
    size = shift = 0
    while True:
        byte = raw[at]
        at += 1
        size |= (byte & 127) << shift
        if byte < 128:
            return at, size
        shift += 7


class AttributeProbe:
    """Finds an attribute in serialized spans by its key."""

    __slots__ = ("head", "name")

    def __init__(self, key: str) -> None:
        self.name = key.encode()
        """Bytes without which a span has no such attribute."""
        self.head = b"\x0a" + varint(len(self.name)) + self.name + b"\x12"
        """What every ``KeyValue`` with this key starts with, if its encoder is usual."""


class SpanParts:
    """The name and the attributes of a span, not decoded until they are asked for."""

    __slots__ = ("_found", "_guesses", "_raw", "_span")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._span: Any = None
        self._found: dict[AttributeProbe, bytes] = {}
        self._guesses: dict[AttributeProbe, tuple[bytes, bool]] = {}

    @property
    def name(self) -> str:
        """The span's name."""
        name: bytes = self._parsed().name
        return name.decode("utf-8", "replace")

    def guess(self, probe: AttributeProbe) -> tuple[bytes, bool]:
        """Return what looks like an attribute, and whether nothing else in the span does.

        Much faster than ``pair``, but the same bytes could stand inside of something else. If they
        do and nothing else looks like the attribute, there is none.
        """
        guess = self._guesses.get(probe)
        if guess is None:
            guess = self._guesses[probe] = self._guess(probe)
        return guess

    def pair(self, probe: AttributeProbe) -> bytes:
        """Return an attribute, serialized, by the probe of its key; empty if there is none."""
        found = self._found.get(probe)
        if found is None:
            found = self._found[probe] = self._find(probe)
        return found

    def value(self, probe: AttributeProbe) -> object | None:
        """Return an attribute's value by the probe of its key; None if there is none."""
        pair = self.pair(probe)
        return value_of(pair, probe) if pair else None

    def _guess(self, probe: AttributeProbe) -> tuple[bytes, bool]:
        raw, name, head = self._raw, probe.name, probe.head
        at = raw.find(name)
        if at < 0:
            return b"", True
        at += len(name) + 1 - len(head)
        end = at + len(head)
        size = raw[end] if end < len(raw) else 128
        if at < 0 or size > 127 or raw[at:end] != head:  # a long length, or nothing of the kind
            return b"", False
        return raw[at : end + 1 + size], raw.find(name, end) < 0

    def _find(self, probe: AttributeProbe) -> bytes:
        pair, single = self.guess(probe)
        if single and not pair:
            return b""
        pairs = self._parsed().attributes
        if single and pair in pairs:
            return pair
        # Of repeated keys the last one counts, as it does for those who decode all of them.
        return next((pair for pair in reversed(pairs) if _has_key(pair, probe)), b"")

    def _parsed(self) -> Any:  # noqa: ANN401 - its class is made at run time
        if self._span is None:
            self._span = _Part.FromString(self._raw)
        return self._span


def _has_key(pair: bytes, probe: AttributeProbe) -> bool:
    return probe.name in pair and KeyValue.FromString(pair).key.encode() == probe.name


def value_of(pair: bytes, probe: AttributeProbe) -> object | None:
    """Return the value of a serialized ``KeyValue`` that has the key of a probe."""
    start = len(probe.head)
    # Nearly all are short texts; those need no message.
    if (
        pair[start + 1 : start + 2] == b"\x0a"
        and pair[start] == pair[start + 2] + 2 == len(pair) - start - 1 < 128
        and pair.startswith(probe.head)
    ):
        return pair[start + 3 :].decode("utf-8", "replace")
    try:
        return to_python(KeyValue.FromString(pair).value)
    except DecodeError:  # only a guess can be wrong
        return None


_EXCEPTION = b"\x12\x09exception"


def has_exception(raw: bytes) -> bool:
    """Return whether a span has an event named ``exception``."""
    return _EXCEPTION in raw and any(
        event.name == "exception" for event in Span.FromString(raw).events
    )


def _describe() -> Any:  # noqa: ANN401 - a class made at run time has no static type
    file = FileDescriptorProto(
        name="otel_bridge_peek.proto", package="otel_bridge", syntax="proto3"
    )
    part = file.message_type.add(name="Part")
    part.field.add(name="name", number=5, type=Field.TYPE_BYTES, label=Field.LABEL_OPTIONAL)
    part.field.add(name="attributes", number=9, type=Field.TYPE_BYTES, label=Field.LABEL_REPEATED)
    pool = DescriptorPool()
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("otel_bridge.Part"))


_Part = _describe()
