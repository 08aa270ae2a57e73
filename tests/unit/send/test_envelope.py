import json

import pytest

from otel_bridge.send.dsn import Dsn
from otel_bridge.send.envelope import encode_event, pack, rfc3339, seal, seal_report

DSN = Dsn.parse("https://aaaa@o7.ingest.example.org/42")
EVENT = {
    "event_id": "f" * 32,
    "platform": "python",
    "release": "1.2",
    "environment": "production",
    "sdk": {"name": "otel_bridge", "version": "0.1"},
    "contexts": {"trace": {"trace_id": "a" * 32, "span_id": "b" * 16}},
    "message": "line one\nline two",
}


def test_an_event_becomes_an_envelope_of_one_item():
    lines = encode_event(EVENT, DSN, 1_700_000_000.5).split(b"\n")

    head, item, payload = (json.loads(line) for line in lines)
    assert head == {
        "event_id": "f" * 32,
        "dsn": "https://aaaa@o7.ingest.example.org/42",
        "sent_at": "2023-11-14T22:13:20.500000Z",
        "sdk": {"name": "otel_bridge", "version": "0.1"},
        "trace": {
            "trace_id": "a" * 32,
            "public_key": "aaaa",
            "org_id": "7",
            "release": "1.2",
            "environment": "production",
        },
    }
    assert item == {"type": "event", "content_type": "application/json", "length": len(lines[2])}
    assert payload == EVENT


def test_a_client_report_rides_behind_the_event():
    report = b'{"timestamp":1,"discarded_events":[]}'

    lines = seal(pack(EVENT), DSN, 0.0, report).split(b"\n")

    assert json.loads(lines[3]) == {"type": "client_report", "length": len(report)}
    assert lines[4] == report


def test_a_client_report_can_travel_alone():
    head, item, report = seal_report(b"{}", DSN, 0.0).split(b"\n")

    assert json.loads(head) == {"dsn": DSN.public_text, "sent_at": "1970-01-01T00:00:00.000000Z"}
    assert json.loads(item)["type"] == "client_report"
    assert report == b"{}"


@pytest.mark.parametrize("contexts", [None, {}, {"trace": None}, {"trace": {"trace_id": ""}}, []])
def test_an_event_without_a_trace_has_no_trace_header(contexts):
    head = json.loads(pack({"event_id": "f" * 32, "contexts": contexts}).split(b"\n")[0])

    assert head == {"event_id": "f" * 32}


def test_text_that_utf8_cannot_hold_is_repaired():
    packed = pack({"event_id": "f" * 32, "extra": {"file \udcff": ["\ud800", float("nan"), 1]}})

    assert json.loads(packed.split(b"\n")[1])["extra"] == {"file ?": ["?", None, 1]}


def test_times_are_utc_with_microseconds():
    assert rfc3339(0.0) == "1970-01-01T00:00:00.000000Z"
