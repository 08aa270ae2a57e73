import pytest
from opentelemetry.sdk.trace import TracerProvider

from otel_bridge.config.load import load
from otel_bridge.instrument.bridge import Bridge
from otel_bridge.instrument.processor import BridgeSpanProcessor
from otel_bridge.testing import FakeServer


def fail_with(bridge, times):
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BridgeSpanProcessor(bridge))
    for number in range(times):
        span = provider.get_tracer("shop").start_span("work")
        span.record_exception(ValueError(f"error {number}"))
        span.end()


def reported(server):
    """What client reports have told a server, as counts by reason."""
    entries = [entry for report in server.reports for entry in report["discarded_events"]]
    return {entry["reason"]: entry["quantity"] for entry in entries}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"sample_rate": 0.0}, {"sample_rate": 3}),
        ({"before_send": lambda _event, _hint: None}, {"before_send": 3}),
        ({"ignore_errors": ["ValueError"]}, {"event_processor": 3}),
        ({}, {}),
    ],
    ids=["sample_rate", "before_send", "ignore_errors", "none"],
)
def test_a_tracker_is_told_of_every_error_that_was_given_up(options, expected):
    with FakeServer() as server:
        arguments = {"dsn": server.dsn, "spool_dir": "none", **options}
        bridge = Bridge(load(arguments, {}).options, {})
        fail_with(bridge, 3)
        bridge.shutdown(10.0)

        assert reported(server) == expected
        assert len(server.events) == (0 if options else 3)


def tail(**options):
    return {"sampling": {"tail": {"policies": [{"name": "all"}], **options}, "red": {}}}


@pytest.mark.parametrize(
    ("options", "judged"), [(tail(), {}), (tail(shadow=True), {"shadow:spans:kept": 1})]
)
def test_without_a_receiver_no_span_is_held_and_only_a_shadow_judges(options, judged, tmp_path):
    bridge = Bridge(load({"spool_dir": str(tmp_path), **options}, {}).options, {})
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BridgeSpanProcessor(bridge))
    provider.get_tracer("shop").start_span("work").end()
    bridge.shutdown(10.0)

    counts = bridge.stats()
    found = counts.get("sampling", {})
    assert {name: found[name] for name in judged} == judged
    assert bool(found) is bool(judged)
    assert counts["span"] == {"received": 1, "filtered:no_destination": 1}
