"""Serialized records as the parts in which text may stand: nothing is decoded.

Messages that follow one another merge when they are parsed together: repeated fields are appended
(https://protobuf.dev/programming-guides/encoding/#last-one-wins). So, with every field that may
hold text declared as repeated bytes, the parts of hundreds of records are in a few lists after one
call. Marks between the records say afterwards which part came from which.

The bytes of a part are not all that a decoder may see in it: protobuf allows any order of fields,
each more than once, and longer numbers than needed. So every part has a usual form as well: how it
is written by an encoder that has just read it. Nearly always these are the same bytes.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise
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
from otel_bridge.wire.varint import delimited, varint

ATTRIBUTES = "attributes"
"""The field whose parts can be changed one by one."""
_MARK = b"\x00"
"""Stands between the parts of two records. No message is this: no field has the number 0."""
_ID_SIZES = {"trace_id": 16, "span_id": 8, "parent_span_id": 8}
_MAY_HOLD_TEXT = (Field.TYPE_STRING, Field.TYPE_BYTES, Field.TYPE_MESSAGE)
_LENGTH_DELIMITED = 2


class Parts:
    """The parts of many records."""

    __slots__ = ("_lists", "distinct")

    def __init__(self, lists: Mapping[str, list[bytes]]) -> None:
        self._lists = lists
        self.distinct: dict[str, set[bytes]] = {}
        """Each part once, by the field that it stands in, which says how its bytes are read."""
        for field, parts in lists.items():
            distinct = self.distinct[field] = set(parts)
            distinct.discard(_MARK)

    def holders(self, wanted: Collection[bytes]) -> set[int]:
        """Return the places of the records that have one of these parts in any field."""
        of_interest = {*wanted, _MARK}
        found: set[int] = set()
        for parts in self._lists.values():
            place = 0
            for part in [part for part in parts if part in of_interest]:
                if part == _MARK:
                    place += 1
                else:
                    found.add(place)
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
        self._fields = [field.name for field in texts]
        kinds = {field.name: field.message_type for field in official.DESCRIPTOR.fields}
        self._kinds = {
            field: GetMessageClass(kind)
            for field in self._fields
            if (kind := kinds[field]) is not None
        }
        self._merged = [
            field.name
            for field in texts
            if field.type == Field.TYPE_MESSAGE and field.label != Field.LABEL_REPEATED
        ]
        self._separator = b"".join(
            delimited(varint(field.number << 3 | _LENGTH_DELIMITED), _MARK) for field in texts
        )
        self._many, self._one, self._read = _messages(official, described)

    def read(self, records: Sequence[bytes]) -> Parts | None:
        """Return the parts of records; None where these are not all that may hold text.

        Then there are fields that are not known here, ids that cannot be any, a name that is a
        mark, messages in several pieces, which a decoder merges, or bytes that are no records.
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
        lists = {field: getattr(many, field)[:] for field in self._fields}
        if any(parts.count(_MARK) != len(records) - 1 for parts in lists.values()):
            return None
        if any(_come_in_pieces(lists[field]) for field in self._merged):
            return None
        return Parts(lists)

    def unusual(
        self, parts: Mapping[str, Collection[bytes]]
    ) -> Iterator[tuple[bytes, bytes | None]]:
        """Iterate over the parts whose bytes are not their usual form, each with that form.

        Args:
            parts: Parts by field.

        Yields:
            A part, and its usual form; None for one that cannot be read.
        """
        many = self._many()
        for field in self._kinds:
            getattr(many, field).extend(parts[field])
        raw = many.SerializeToString()
        try:
            if self._read.FromString(raw).SerializeToString() == raw:
                return
        except DecodeError:
            pass
        for field in self._kinds:
            for part in parts[field]:
                usual = self.usual(field, part)
                if usual != part:
                    yield part, usual

    def usual(self, field: str, part: bytes) -> bytes | None:
        """Return the usual form of a part that stands in a field; None if it cannot be read."""
        kind = self._kinds.get(field)
        return part if kind is None else usual_form(part, kind)

    def with_attributes(
        self,
        raw: bytes,
        doubtful: Collection[bytes],
        change: Callable[[bytes], bytes | None],
        is_open: Callable[[str, bytes], bool],
    ) -> bytes | None:
        """Return a record with some of its attributes changed.

        Args:
            raw: A record whose parts were read.
            doubtful: The parts that may have to change.
            change: What becomes of an attribute; None leaves it out.
            is_open: Tells whether a part in a field other than the attributes has to change.

        Returns:
            None where another part than an attribute has to change.
        """
        one = self._one.FromString(raw)
        for field in self._fields:
            if field != ATTRIBUTES and any(
                part in doubtful and is_open(field, part) for part in getattr(one, field)
            ):
                return None
        old = one.attributes[:]
        new = [change(pair) if pair in doubtful else pair for pair in old]
        if new == old:
            return raw
        one.attributes[:] = [pair for pair in new if pair is not None]
        return one.SerializeToString()  # type: ignore[no-any-return] # bytes


def _come_in_pieces(parts: list[bytes]) -> bool:
    """Tell whether a record has more than one part of a field that it should have once."""
    return any(first != _MARK != second for first, second in pairwise(parts))


def usual_form(raw: bytes, kind: Any) -> bytes | None:  # noqa: ANN401 - any generated message class
    """Return a message as its encoder writes it; None if it cannot be read.

    Fields that are not known here are in it, behind the others.
    """
    try:
        return kind.FromString(raw).SerializeToString()  # type: ignore[no-any-return] # bytes
    except DecodeError:
        return None


def _messages(official: Any, described: DescriptorProto) -> tuple[Any, Any, Any]:  # noqa: ANN401
    """Make messages with the fields of an official one, those that may hold text repeated.

    In the first, for many records together, these are bytes. So they are in the second, which is
    for one record and has its ids once; it writes what it has read, tells a field that is empty
    from none (proto2), and keeps the pieces of one that came in several. The third has the
    messages among them with their own types.
    """
    file = FileDescriptorProto(name=f"otel_bridge_{described.name}.proto", syntax="proto2")
    many = file.message_type.add(name=f"Many{described.name}")
    one = file.message_type.add(name=f"One{described.name}")
    read = file.message_type.add(name=f"Read{described.name}")
    for field in described.field:
        holds_text = field.type in _MAY_HOLD_TEXT
        kind = Field.TYPE_BYTES if holds_text else field.type
        kind = Field.TYPE_INT32 if kind == Field.TYPE_ENUM else kind
        for message, repeats in (
            (many, holds_text),
            (one, holds_text and field.name not in _ID_SIZES),
        ):
            label = Field.LABEL_REPEATED if repeats else Field.LABEL_OPTIONAL
            message.field.add(name=field.name, number=field.number, type=kind, label=label)
        if field.type == Field.TYPE_MESSAGE:
            read.field.add(
                name=field.name, number=field.number, type=field.type, type_name=field.type_name,
                label=Field.LABEL_REPEATED,
            )  # fmt: skip
    pool = DescriptorPool()  # our own: nothing of ours appears among the application's messages
    _add(pool, official.DESCRIPTOR.file)
    file.dependency.append(official.DESCRIPTOR.file.name)
    file.dependency.extend(each.name for each in official.DESCRIPTOR.file.dependencies)
    pool.Add(file)
    find = pool.FindMessageTypeByName
    return tuple(GetMessageClass(find(each.name)) for each in (many, one, read))  # type: ignore[return-value]


def _add(pool: DescriptorPool, file: Any) -> None:  # noqa: ANN401 - a descriptor has no static type
    """Add the description of a file to a pool, after those that it needs."""
    for needed in file.dependencies:
        _add(pool, needed)
    pool.AddSerializedFile(file.serialized_pb)


SPAN_PARTS = PartReader(Span)
LOG_PARTS = PartReader(LogRecord)
