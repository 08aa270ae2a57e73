"""Messages with the field numbers of OTLP that declare only what is needed of a received body.

A part that need not be looked into is declared ``bytes`` and comes out as it came in; what is not
declared stays with its message as an unknown field. Both signals have the same outer layout.
A message field that comes twice is merged by concatenation, so such fields are repeated here.
Fields of records have their official names: one function reads a skeleton and the whole message.
"""

from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

_PACKAGE = "otel_bridge.skeleton"
_ONE = Field.LABEL_OPTIONAL
_MANY = Field.LABEL_REPEATED

_Fields = list[tuple[str, int, "Field.Type.ValueType | str", "Field.Label.ValueType"]]

_LAYOUT: dict[str, _Fields] = {
    "Request": [("groups", 1, Field.TYPE_BYTES, _MANY)],
    "ResourceGroup": [
        ("resource", 1, Field.TYPE_BYTES, _MANY),
        ("scopes", 2, Field.TYPE_BYTES, _MANY),
        ("schema_url", 3, Field.TYPE_STRING, _ONE),
    ],
    "ScopeGroup": [
        ("scope", 1, Field.TYPE_BYTES, _MANY),
        ("records", 2, Field.TYPE_BYTES, _MANY),
        ("schema_url", 3, Field.TYPE_STRING, _ONE),
    ],
    "Spans": [("spans", 2, "Span", _MANY)],
    "Span": [
        ("trace_id", 1, Field.TYPE_BYTES, _ONE),
        ("span_id", 2, Field.TYPE_BYTES, _ONE),
        ("parent_span_id", 4, Field.TYPE_BYTES, _ONE),
        ("kind", 6, Field.TYPE_INT32, _ONE),
        ("start_time_unix_nano", 7, Field.TYPE_FIXED64, _ONE),
        ("end_time_unix_nano", 8, Field.TYPE_FIXED64, _ONE),
        ("events", 11, Field.TYPE_BYTES, _MANY),
        ("status", 15, "Status", _ONE),
        ("flags", 16, Field.TYPE_FIXED32, _ONE),
    ],
    "Status": [("code", 3, Field.TYPE_INT32, _ONE)],
    "Logs": [("log_records", 2, "Log", _MANY)],
    "Log": [
        ("time_unix_nano", 1, Field.TYPE_FIXED64, _ONE),
        ("severity_number", 2, Field.TYPE_INT32, _ONE),
        ("flags", 8, Field.TYPE_FIXED32, _ONE),
        ("trace_id", 9, Field.TYPE_BYTES, _ONE),
        ("span_id", 10, Field.TYPE_BYTES, _ONE),
        ("observed_time_unix_nano", 11, Field.TYPE_FIXED64, _ONE),
    ],
}


def _describe() -> FileDescriptorProto:
    file = FileDescriptorProto(
        name="otel_bridge_skeleton.proto", package=_PACKAGE, syntax="proto3"
    )
    for message, fields in _LAYOUT.items():
        described = file.message_type.add(name=message)
        for name, number, kind, label in fields:
            field = described.field.add(name=name, number=number, label=label)
            if isinstance(kind, str):
                field.type = Field.TYPE_MESSAGE
                field.type_name = f".{_PACKAGE}.{kind}"
            else:
                field.type = kind
    return file


_pool = DescriptorPool()  # our own: nothing of ours appears among the application's messages
_pool.Add(_describe())


def _message(name: str) -> Any:  # noqa: ANN401 - a class made at run time has no static type
    return GetMessageClass(_pool.FindMessageTypeByName(f"{_PACKAGE}.{name}"))


Request = _message("Request")
ResourceGroup = _message("ResourceGroup")
ScopeGroup = _message("ScopeGroup")
Spans = _message("Spans")
Logs = _message("Logs")
Span = _message("Span")
Log = _message("Log")
