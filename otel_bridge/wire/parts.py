"""Serialized records as the parts in which text may stand: nothing is decoded.

Messages that follow one another merge when they are parsed together: repeated fields are appended
(https://protobuf.dev/programming-guides/encoding/#last-one-wins). So, with every field that may
hold text declared as repeated bytes, the parts of hundreds of records are in a few lists after one
call. Marks between the records say afterwards which part came from which.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto as Field,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.unknown_fields import UnknownFieldSet

from otel_bridge.wire.messages import LogRecord, Span

_MARK = b"\x00"
"""Stands between the parts of two records. No ``KeyValue`` is this: no field has the number 0."""
_ATTRIBUTES = "attributes"
_ID_SIZES = {"trace_id": 16, "span_id": 8, "parent_span_id": 8}
_MAY_HOLD_TEXT = (Field.TYPE_STRING, Field.TYPE_BYTES, Field.TYPE_MESSAGE)
_LENGTH_DELIMITED = 2


class Parts:
    """The parts of many records."""

    __slots__ = ("_attributes", "_lists", "_records", "distinct")

    def __init__(
        self, attributes: list[bytes], others: Sequence[list[bytes]], records: int
    ) -> None:
        self._attributes = attributes
        self._lists = lists = [attributes, *others]
        self._records = records
        self.distinct: set[bytes] = set().union(*lists)
        """Each part once: attributes, names, events, links, bodies, all of them serialized."""
        self.distinct.discard(_MARK)

    def is_attribute(self, part: bytes) -> bool:
        """Tell whether a part is an attribute of one of the records."""
        return part in self._attributes

    def holders(self, wanted: Collection[bytes]) -> set[int]:
        """Return the places of the records that have one of these parts, at the least."""
        of_interest = {*wanted, _MARK}
        found: set[int] = set()
        for parts in self._lists:
            place = 0
            for part in [part for part in parts if part in of_interest]:
                if part == _MARK:
                    place += 1
                else:
                    found.add(place)
            if place != self._records - 1:  # a name that is a mark itself
                return set(range(self._records))
        return found


class PartReader:
    """Takes records of one kind apart.

    Args:
        official: The message that the records are.
    """

    def __init__(self, official: type[Span | LogRecord]) -> None:
        described = DescriptorProto()
        official.DESCRIPTOR.CopyToProto(described)
        held = [field for field in described.field if field.type in _MAY_HOLD_TEXT]
        self._ids = {f.name: _ID_SIZES[f.name] for f in held if f.name in _ID_SIZES}
        texts = [field for field in held if field.name not in self._ids]
        self._texts = [field.name for field in texts if field.type != Field.TYPE_MESSAGE]
        self._messages = [f.name for f in texts if f.name not in {*self._texts, _ATTRIBUTES}]
        self._separator = b"".join(
            bytes((field.number << 3 | _LENGTH_DELIMITED, len(_MARK))) + _MARK for field in texts
        )
        self._many, self._one = _messages(described)

    def read(self, records: Sequence[bytes]) -> Parts | None:
        """Return the parts of records; None where these are not all that may hold text.

        Then there are fields that are not known here, ids that cannot be any, or bytes that are no
        records at all.
        """
        try:
            many = self._many.FromString(self._separator.join(records))
        except DecodeError:
            return None
        if len(UnknownFieldSet(many)):
            return None
        for name, size in self._ids.items():
            if not {*map(len, getattr(many, name))} <= {0, size}:
                return None
        others = [getattr(many, name)[:] for name in (*self._texts, *self._messages)]
        return Parts(many.attributes[:], others, len(records))

    def with_attributes(
        self,
        raw: bytes,
        doubtful: Collection[bytes],
        change: Callable[[bytes], bytes | None],
        is_open: Callable[[bytes], bool],
    ) -> bytes | None:
        """Return a record with some of its attributes changed.

        Args:
            raw: A record whose parts were read.
            doubtful: The parts that may have to change.
            change: What becomes of an attribute; None leaves it out.
            is_open: Tells whether a part that is no attribute has to change.

        Returns:
            None where another part than an attribute has to change.
        """
        one = self._one.FromString(raw)
        if any(part in doubtful and is_open(part) for part in self._others(one)):
            return None
        pairs = one.attributes
        gone = []
        is_same = True
        for place in [place for place, pair in enumerate(pairs) if pair in doubtful]:
            pair = pairs[place]
            changed = change(pair)
            if changed is None:
                gone.append(place)
            elif changed is not pair:
                pairs[place] = changed
                is_same = False
        for place in reversed(gone):
            del pairs[place]
        return raw if is_same and not gone else one.SerializeToString()

    def _others(self, one: Any) -> list[bytes]:  # noqa: ANN401 - its class is made at run time
        parts = [getattr(one, name) for name in self._texts]
        for name in self._messages:
            parts += getattr(one, name)
        return parts


def _messages(described: DescriptorProto) -> tuple[Any, Any]:
    """Make messages with the fields of an official one whose texts and messages are bytes.

    The first is for many records together: each field that may hold text is repeated. The second
    is for one record, and writes what it has read: it tells a field that is empty from none
    (proto2), and a message that came in several parts keeps them.
    """
    file = FileDescriptorProto(name=f"otel_bridge_{described.name}.proto", syntax="proto2")
    many = file.message_type.add(name=f"Many{described.name}")
    one = file.message_type.add(name=f"One{described.name}")
    for field in described.field:
        holds_text = field.type in _MAY_HOLD_TEXT
        kind = Field.TYPE_BYTES if holds_text else field.type
        kind = Field.TYPE_INT32 if kind == Field.TYPE_ENUM else kind
        is_message = field.type == Field.TYPE_MESSAGE
        for message, repeats in ((many, holds_text), (one, is_message)):
            label = Field.LABEL_REPEATED if repeats else Field.LABEL_OPTIONAL
            message.field.add(name=field.name, number=field.number, type=kind, label=label)
    pool = DescriptorPool()  # our own: nothing of ours appears among the application's messages
    pool.Add(file)
    find = pool.FindMessageTypeByName
    return GetMessageClass(find(many.name)), GetMessageClass(find(one.name))


SPAN_PARTS = PartReader(Span)
LOG_PARTS = PartReader(LogRecord)
