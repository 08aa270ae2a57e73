"""The parts of a batch: records, and the resource and scope that they belong to.

Records stay the bytes they were encoded to. What every stage needs rides beside them.
"""

from enum import Enum
from typing import NamedTuple


class Signal(Enum):
    """The kinds of telemetry that a batch can hold, with the last part of their OTLP/HTTP path."""

    TRACES = "traces"
    LOGS = "logs"


class SpanKind:
    """The numbers of ``opentelemetry.proto.trace.v1.Span.SpanKind``."""

    UNSPECIFIED = 0
    INTERNAL = 1
    SERVER = 2
    CLIENT = 3
    PRODUCER = 4
    CONSUMER = 5


class StatusCode:
    """The numbers of ``opentelemetry.proto.trace.v1.Status.StatusCode``."""

    UNSET = 0
    OK = 1
    ERROR = 2


class SpanRecord(NamedTuple):
    """One span: the serialized ``Span`` message and the few fields that every stage looks at."""

    trace_id: bytes
    span_id: bytes
    parent_span_id: bytes
    """Empty for a root."""
    flags: int
    """OTLP span flags: W3C flags, 0x100 has-is-remote, 0x200 is-remote."""
    kind: int
    status: int
    start_ns: int
    end_ns: int
    raw: bytes
    has_events: bool = True
    """Also true where nobody has looked."""

    @property
    def is_local_root(self) -> bool:
        """Whether no parent of this span lives in the same process."""
        return not self.parent_span_id or self.flags & 0x300 == 0x300


class LogRecord(NamedTuple):
    """One log record: the serialized ``LogRecord`` message and what every stage looks at."""

    trace_id: bytes
    """Empty when the record was written outside any span."""
    span_id: bytes
    flags: int
    severity: int
    """SeverityNumber, 0 (unset) to 24."""
    time_ns: int
    """``time_unix_nano``, or the observed time where that is not set."""
    raw: bytes


Record = SpanRecord | LogRecord


class ScopeGroup:
    """The records of one instrumentation scope."""

    __slots__ = ("records", "schema_url", "scope", "unknown")

    def __init__(
        self, scope: bytes, records: list[Record], schema_url: str = "", unknown: bytes = b""
    ) -> None:
        self.scope = scope
        """A serialized ``InstrumentationScope``."""
        self.records = records
        self.schema_url = schema_url
        self.unknown = unknown
        """Fields of the enclosing message that we do not know, kept verbatim."""


class ResourceGroup:
    """The scopes of one resource."""

    __slots__ = ("resource", "schema_url", "scopes", "unknown")

    def __init__(
        self, resource: bytes, scopes: list[ScopeGroup], schema_url: str = "", unknown: bytes = b""
    ) -> None:
        self.resource = resource
        """A serialized ``Resource``."""
        self.scopes = scopes
        self.schema_url = schema_url
        self.unknown = unknown
