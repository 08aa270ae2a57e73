from otel_bridge.send.destination import OtlpDestination
from otel_bridge.send.options import SendOptions
from otel_bridge.send.otlp_endpoint import OtlpEndpoint
from otel_bridge.send.transport import Reply
from otel_bridge.stats import Stats
from otel_bridge.testing import ScriptedTransport
from otel_bridge.wire.batch import Batch, LogRecord, ResourceGroup, ScopeGroup, Signal
from tests.unit.send.by_hand import ByHand, spans


def test_a_batch_is_posted_to_the_path_of_its_signal():
    bridge = ByHand(otlp=True)

    bridge.offer(spans(3))
    bridge.run()

    (posted,) = bridge.transport.posted
    assert posted.url == "http://127.0.0.1:1/v1/traces"
    assert posted.headers["Content-Type"] == "application/x-protobuf"
    assert bridge.fates("span") == {"delivered": 3}


def test_a_large_batch_is_split():
    bridge = ByHand(otlp=True, options=SendOptions(otlp_max_request_bytes=1_100))

    bridge.offer(spans(25, size=100))
    bridge.run()

    assert len(bridge.transport.posted) == 3
    assert bridge.fates("span") == {"delivered": 25}


def test_what_a_receiver_threw_away_is_counted():
    partial = b"\x0a\x07\x08\x02\x12\x03bad"
    bridge = ByHand(Reply(200, {}, partial), otlp=True)

    bridge.offer(spans(5))
    bridge.run()

    assert bridge.fates("span") == {"delivered": 3, "refused:partial_success": 2}


def test_an_otlp_batch_is_refused_for_good_by_a_500():
    bridge = ByHand(500, otlp=True)

    bridge.offer(spans(5))
    bridge.run()

    assert bridge.fates("span") == {"refused:http_500": 5}


def test_an_otlp_batch_waits_as_long_as_the_receiver_asks():
    bridge = ByHand(Reply(429, {"retry-after": "20"}, b""), otlp=True)
    bridge.offer(spans(5))

    bridge.run(seconds=19)
    assert len(bridge.transport.posted) == 1
    bridge.run(seconds=2)

    assert bridge.fates("span") == {"delivered": 5}


def test_after_shutdown_nothing_is_taken_and_everything_has_its_fate():
    bridge = ByHand(otlp=True)
    bridge.offer(spans(5))

    done = bridge.destination.shutdown(0.0)
    bridge.offer(spans(2))

    assert not done
    assert bridge.fates("span") == {"expired:shutdown": 5, "expired:after_shutdown": 2}


def test_a_signal_without_an_address_is_dropped_and_counted():
    stats = Stats()
    endpoint = OtlpEndpoint(logs_url="http://127.0.0.1:1/v1/logs")
    destination = OtlpDestination(endpoint, ScriptedTransport(), None, stats)

    destination.offer(spans(3))

    assert stats.snapshot()["span"] == {"received": 0, "filtered:no_endpoint": 3}


def test_logs_go_to_their_own_address():
    bridge = ByHand(Reply(200, {}, b"<html>not protobuf"), otlp=True)
    record = LogRecord(b"", b"", 0, 0, 0, b"")

    bridge.offer(Batch(Signal.LOGS, [ResourceGroup(b"", [ScopeGroup(b"", [record])])]))
    bridge.run()

    assert bridge.transport.posted[0].url == "http://127.0.0.1:1/v1/logs"
    assert bridge.fates("log") == {"delivered": 1}


def test_otlp_can_be_spooled_too(tmp_path):
    options = SendOptions(spool_dir=tmp_path, spool_otlp=True)
    first = ByHand(*[None] * 50, options=options, otlp=True)
    first.offer(spans(3))
    assert not first.destination.shutdown(0.0)

    second = ByHand(options=options, otlp=True)
    second.run()

    assert first.fates("span") == {"spooled": 3}
    assert second.stats.snapshot()["span"] == {"received": 3, "delivered": 3}
