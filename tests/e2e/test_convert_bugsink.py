"""Events of every capture and kind are taken by a strict tracker and shown under their name."""

import time
import uuid
from pathlib import Path

import pytest

from otel_bridge.cli.convert import convert
from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import SendOptions
from otel_bridge.stats import Stats
from otel_bridge.wire.detect import read_body
from tests.unit.convert.telemetry import (
    batch_of,
    events_of,
    exception,
    exception_log,
    make_entry,
    make_log,
)

BODIES = Path(__file__).parents[1] / "captures" / "bodies"
JAVA = """java.lang.IllegalStateException: order 7 is paid
\tat com.example.shop.Orders.pay(Orders.java:30)
Caused by: java.io.IOException: disk full
\tat com.example.shop.Store.save(Store.java:12)
\t... 1 more
"""
KINDS = {
    "TypeError": batch_of(exception_log(1)),
    "The import was late": batch_of(
        make_log(1, event_name="otel_bridge.message", body="The import was late", severity=13)
    ),
    "IllegalStateException": batch_of(
        make_entry(1, exception("java.lang.IllegalStateException", "order 7 is paid", JAVA)),
        resource={"telemetry.sdk.language": "java"},
    ),
    "HTTP 503": batch_of(make_entry(1, http__response__status_code=503)),
    "*errors.errorString": batch_of(
        make_entry(1, exception("*errors.errorString", "no stock", "")),
        resource={"telemetry.sdk.language": "go"},
    ),
}


def captured(name):
    files = sorted((BODIES / name).iterdir())
    return convert([b for file in files for b in read_body(file.read_bytes(), max_bytes=1 << 26)])


def stored(bugsink, events):
    """What the tracker has after it was sent these events, now."""
    destination = SentryDestination(
        Dsn.parse(bugsink.dsn()), None, SendOptions(timeout_s=5.0), Stats()
    )
    for event in events:
        destination.offer({**event, "event_id": uuid.uuid4().hex, "timestamp": time.time()})
    assert destination.flush(60.0)
    destination.shutdown(5.0)
    return bugsink.wait_for_events(len(events))


@pytest.mark.parametrize("name", sorted(folder.name for folder in BODIES.iterdir()))
def test_every_event_of_a_capture_arrives_whole(name, start_bugsink):
    bugsink = start_bugsink(validate="strict")
    events = captured(name)

    thrown = [event["exception"]["values"][-1]["type"] for event in stored(bugsink, events)]
    assert sorted(thrown) == sorted(e["exception"]["values"][-1]["type"] for e in events)


def test_every_kind_of_event_is_shown_under_its_name(start_bugsink):
    bugsink = start_bugsink(validate="strict")
    events = [event for batch in KINDS.values() for event in events_of(batch, failed_spans=True)]
    stored(bugsink, events)

    shown = {
        issue["calculated_value"]
        if issue["calculated_type"] == "Log Message"
        else issue["calculated_type"]
        for issue in bugsink.issues()
    }
    assert shown == set(KINDS)
