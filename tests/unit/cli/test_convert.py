import gzip
import json

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from otel_bridge.cli.main import main

SECRET = "hunter2-" + "y" * 10


def body(number=1, message="no such order"):
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add()
    group.resource.attributes.add(key="service.name").value.string_value = "shop"
    span = group.scope_spans.add().spans.add(
        trace_id=bytes([number]) * 16,
        span_id=bytes([number]) * 8,
        name="GET /orders/{id}",
        kind=2,
        start_time_unix_nano=1_700_000_000_000_000_000,
        end_time_unix_nano=1_700_000_001_000_000_000,
    )
    span.status.code = 2
    event = span.events.add(name="exception", time_unix_nano=1_700_000_000_500_000_000 + number)
    for key, text in (
        ("exception.type", "LookupError"),
        ("exception.message", message),
        ("db.password", SECRET),
    ):
        event.attributes.add(key=key).value.string_value = text
    return request.SerializeToString()


def converted(capsys, *files):
    assert main(["convert", *map(str, files)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("wrap", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_each_failure_is_one_line_of_json(wrap, tmp_path, capsys):
    file = tmp_path / "body.bin"
    file.write_bytes(wrap(body()))

    (event,) = converted(capsys, file)

    (value,) = event["exception"]["values"]
    assert (value["type"], value["value"]) == ("LookupError", "no such order")
    assert event["contexts"]["trace"]["trace_id"] == "01" * 16
    assert SECRET not in json.dumps(event)


def test_several_files_are_one_stream_in_which_a_repeat_is_not_a_second_event(tmp_path, capsys):
    for name, content in (("a", body(1)), ("b", body(2)), ("again", body(1))):
        (tmp_path / name).write_bytes(content)

    events = converted(capsys, tmp_path / "a", tmp_path / "b", tmp_path / "again")

    assert [e["contexts"]["trace"]["trace_id"] for e in events] == ["01" * 16, "02" * 16]


def test_the_same_body_twice_gives_the_same_event_id(tmp_path, capsys):
    (tmp_path / "a").write_bytes(body())

    assert converted(capsys, tmp_path / "a") == converted(capsys, tmp_path / "a")


@pytest.mark.parametrize(
    "garbage",
    [b"\xff\xfe garbage", b"{", b"\x1f\x8b\x08 not gzip", b"plain words"],
    ids=["bytes", "json", "gzip", "text"],
)
def test_garbage_is_one_line_that_names_the_file_and_nothing_is_printed(garbage, tmp_path, capsys):
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(body())
    bad.write_bytes(garbage)

    assert main(["convert", str(good), str(bad)]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"otel-bridge: {bad}: ")
    assert captured.err.count("\n") == 1
