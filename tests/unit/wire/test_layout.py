from otel_bridge.wire.groups import LogRecord, ResourceGroup, ScopeGroup
from otel_bridge.wire.layout import request_bytes, request_size
from otel_bridge.wire.messages import (
    ExportLogsServiceRequest,
    ExportTraceServiceRequest,
    InstrumentationScope,
    LogRecord as LogMessage,
    Resource,
)
from tests.unit.wire.make import request_of, span_message


def group(raws, *, url="", unknown=b""):
    records = [LogRecord(b"", b"", 0, 0, 0, raw) for raw in raws]
    scope = ScopeGroup(InstrumentationScope(name="s").SerializeToString(), records, url, unknown)
    resource = Resource(dropped_attributes_count=3).SerializeToString()
    return ResourceGroup(resource, [scope], url, unknown)


def test_groups_are_laid_out_as_one_request():
    raws = [LogMessage(severity_text=text).SerializeToString() for text in ("a", "b" * 300)]

    request = ExportLogsServiceRequest.FromString(request_bytes([group(raws, url="https://x/1")]))

    resource_logs = request.resource_logs[0]
    assert resource_logs.resource.dropped_attributes_count == 3
    assert resource_logs.schema_url == "https://x/1"
    assert resource_logs.scope_logs[0].scope.name == "s"
    assert resource_logs.scope_logs[0].schema_url == "https://x/1"
    assert [log.severity_text for log in resource_logs.scope_logs[0].log_records] == [
        "a",
        "b" * 300,
    ]


def test_fields_that_are_not_known_follow_the_ones_that_are():
    unknown = b"\xfa\x01\x02hi"

    body = request_bytes([group([], unknown=unknown)], unknown)

    assert body.endswith(unknown)
    assert body.count(unknown) == 3


def test_the_size_of_a_request_is_known_within_a_few_bytes_a_group():
    message = request_of(*(span_message(n, name="n" * n) for n in range(1, 400)))
    raws = [span.SerializeToString() for span in message.resource_spans[0].scope_spans[0].spans]
    groups = [group(raws, url="u" * 200, unknown=b"\xfa\x01\x02hi")] * 3

    size = len(request_bytes(groups, b"tail"))

    assert size <= request_size(groups, b"tail") <= size + 3 * 2 * 10


def test_nothing_is_an_empty_request():
    assert request_bytes([]) == ExportTraceServiceRequest().SerializeToString() == b""
    assert request_size([]) == 0
