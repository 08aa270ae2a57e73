import threading
import time

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind

from otel_bridge import BridgeSpanProcessor, ConfigError
from otel_bridge.config.load import load
from otel_bridge.instrument.bridge import Bridge
from otel_bridge.logs import trace_fields


def started(tmp_path):
    return Bridge(load({"local_dir": str(tmp_path)}, {}).options, {})


def test_the_processor_starts_a_bridge_with_the_options_it_is_given(tmp_path):
    processor = BridgeSpanProcessor(local_dir=str(tmp_path), release="shop@1")
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(processor)
    with provider.get_tracer("test").start_as_current_span("work"):
        pass

    assert provider.force_flush()
    assert processor.bridge.stats()["span"]["received"] == 1
    provider.shutdown()
    assert processor.bridge.closed


def test_a_running_bridge_and_options_exclude_each_other(tmp_path):
    bridge = started(tmp_path)
    with pytest.raises(TypeError, match="not both"):
        BridgeSpanProcessor(bridge, release="x")
    bridge.shutdown()


def test_wrong_options_are_an_error_at_start():
    with pytest.raises(ConfigError, match="dsn"):
        BridgeSpanProcessor(dsn="nonsense")


def test_a_fault_in_the_door_is_counted_and_not_raised(tmp_path):
    bridge = started(tmp_path)
    BridgeSpanProcessor(bridge).on_end(object())
    bridge.shutdown()

    assert bridge.stats()["faults"] == {"on_end": 1}


def test_the_request_id_of_a_server_span_is_in_the_fields_of_the_spans_below_it(tmp_path):
    bridge = started(tmp_path)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BridgeSpanProcessor(bridge))
    tracer = provider.get_tracer("test")
    with tracer.start_as_current_span("GET /", kind=SpanKind.SERVER) as server:
        server.set_attribute("http.request.header.x_request_id", ["req-7"])
        with tracer.start_as_current_span("load"):
            assert trace_fields()["request_id"] == "req-7"
    provider.shutdown()


def test_a_fork_waits_for_a_thread_that_scrubs_for_another_exporter(tmp_path):
    bridge = started(tmp_path)
    steps, entered = [], threading.Event()

    class Slow:
        def batch(self, batch):
            entered.set()
            time.sleep(0.2)
            steps.append("scrubbed")
            raise ValueError

    scrubbing = bridge.others()._scrubbing
    scrubbing._scrubber = Slow
    span = TracerProvider(shutdown_on_exit=False).get_tracer("test").start_span("work")
    thread = threading.Thread(target=scrubbing.spans, args=([span],))
    thread.start()
    assert entered.wait(10)
    bridge.before_fork()
    steps.append("forked")
    bridge.after_fork_in_parent()
    thread.join(10)
    bridge.shutdown()

    assert steps == ["scrubbed", "forked"]
