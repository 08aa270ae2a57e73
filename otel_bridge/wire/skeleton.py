"""Messages with the field numbers of OTLP that declare only what is needed of a received body.

A part that need not be looked into is declared ``bytes`` and comes out as it came in; what is not
declared at all stays with the message as an unknown field. Both signals share the outer layout.
"""

from functools import cache
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

_BYTES = FieldDescriptorProto.TYPE_BYTES
_INT32 = FieldDescriptorProto.TYPE_INT32
_FIXED32 = FieldDescriptorProto.TYPE_FIXED32
_FIXED64 = FieldDescriptorProto.TYPE_FIXED64
_MESSAGE = FieldDescriptorProto.TYPE_MESSAGE
_ONE = FieldDescriptorProto.LABEL_OPTIONAL
_MANY = FieldDescriptorProto.LABEL_REPEATED

_Field = tuple[str, int, "FieldDescriptorProto.Type", "FieldDescriptorProto.Label"]
