import threading
import time
from itertools import count

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Decision, Sampler, SamplingResult

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.instrument.engine import Engine
from otel_bridge.instrument.guard import Guard
from otel_bridge.instrument.handover import QUEUE_LIMIT
from otel_bridge.instrument.live import LiveReader
from otel_bridge.instrument.log_sink import BridgeLogs
from otel_bridge.instrument.processor import BridgeSpanProcessor
from otel_bridge.pipeline import Pipeline
from otel_bridge.sample.options import read_sampling
from otel_bridge.sample.sampling import make_sampling
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Stats


class Sink:
    """A destination that keeps what it is offered."""

    def __init__(self):
        self.items = []
        self.stopped = False
        self.keeps = True

    def discarded(self, fate, reason, items=1, event=None):
        """Nobody to tell."""

    def offer(self, item):
        self.items.append(item)

    def start(self):
        """Nothing to start."""

    def flush(self, timeout):
        return timeout >= 0

    def shutdown(self, timeout):
        self.stopped = True
        return timeout >= 0


class RecordOnly(Sampler):
    def should_sample(self, *_args, **_kwargs):
        return SamplingResult(Decision.RECORD_ONLY)

    def get_description(self):
        return "RecordOnly"


class Holder:
    """Stands where a bridge stands for the processor."""

    def __init__(self, engine, live=None):
        self.engine = engine
        self.live = live or LiveReader()
        self.logs = BridgeLogs(lambda: engine, self.live, forward=True)

    def front_of(self, _processor):
        return None


def build(*, forward=True, before_send=None, sampling=None, clock=time.monotonic):
    stats = Stats()
    events, batches = Sink(), Sink()
    pipeline = Pipeline(Scrubber(), Converter(ConvertOptions()), stats, before_send, sampling)
    engine = Engine(
        pipeline, events, batches if forward else None, stats, Guard(stats, lambda: 0.0), clock
    )
    return engine, events, batches, stats


def provider_for(engine, sampler=ALWAYS_ON, live=None):
    provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
    provider.add_span_processor(BridgeSpanProcessor(Holder(engine, live)))
    return provider


def make_spans(provider, count, error=None):
    tracer = provider.get_tracer("test")
    for number in range(count):
        span = tracer.start_span(f"span {number}")
        if error is not None:
            span.record_exception(error)
        span.end()


def test_spans_are_forwarded_and_errors_become_events():
    engine, events, batches, _stats = build()
    engine.start()
    make_spans(provider_for(engine), 3)
    make_spans(provider_for(engine), 1, ValueError("no"))

    assert engine.shutdown(timeout=5.0)
    assert sum(len(batch) for batch in batches.items) == 4
    assert [event["exception"]["values"][0]["value"] for event in events.items] == ["no"]
    assert events.stopped
    assert batches.stopped


def test_without_a_destination_for_spans_their_fate_is_filtered():
    engine, _events, _batches, stats = build(forward=False)
    engine.start()
    make_spans(provider_for(engine), 2)
    engine.shutdown(timeout=5.0)

    assert stats.snapshot()["span"] == {"received": 2, "filtered:no_destination": 2}


def test_a_span_that_was_not_sampled_is_not_forwarded_but_its_error_is_an_event():
    engine, events, batches, stats = build()
    engine.start()
    make_spans(provider_for(engine, RecordOnly()), 1, ValueError("no"))
    engine.shutdown(timeout=5.0)

    assert batches.items == []
    assert len(events.items) == 1
    assert stats.snapshot()["span"] == {"received": 1, "sampled_out:head": 1}


def test_a_full_queue_drops_spans_and_counts_them_but_keeps_errors():
    engine, events, batches, stats = build()  # not started: nobody empties the queue
    provider = provider_for(engine)
    make_spans(provider, QUEUE_LIMIT + 5)
    make_spans(provider, 1, ValueError("kept"))
    engine.start()
    engine.shutdown(timeout=20.0)

    assert stats.snapshot()["span"]["queue_full"] == 5
    assert sum(len(batch) for batch in batches.items) == QUEUE_LIMIT + 1
    assert len(events.items) == 1


def test_flush_of_an_engine_that_is_not_running_does_not_wait_and_does_not_lie():
    engine, *_ = build()

    assert engine.flush(timeout=60.0) is False


def test_two_threads_may_flush_at_once():
    engine, _events, batches, _stats = build()
    engine.start()
    make_spans(provider_for(engine), 10)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(engine.flush(timeout=5.0)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.shutdown(timeout=5.0)

    assert answers == [True, True]
    assert sum(len(batch) for batch in batches.items) == 10


def test_a_span_that_cannot_be_encoded_does_not_spoil_the_others_or_stop_the_worker():
    engine, _events, batches, stats = build()
    engine.start()
    engine.put(object())
    engine.flush(timeout=5.0)
    make_spans(provider_for(engine), 1)
    engine.shutdown(timeout=5.0)

    assert sum(len(batch) for batch in batches.items) == 1
    assert stats.snapshot()["faults"] == {"encode": 1}
    assert stats.snapshot()["span"] == {"received": 2, "refused:not_encodable": 1}


def test_before_send_may_end_in_any_way_and_the_worker_goes_on():
    def leave(_event, _hint):
        raise SystemExit(3)

    engine, events, batches, stats = build(before_send=leave)
    engine.start()
    make_spans(provider_for(engine), 1, ValueError("first"))
    assert engine.flush(timeout=5.0)
    make_spans(provider_for(engine), 1)
    assert engine.shutdown(timeout=5.0)

    assert events.items == []
    assert sum(len(batch) for batch in batches.items) == 2
    assert stats.snapshot()["error"] == {"received": 1, "filtered:before_send_failed": 1}


def test_half_a_character_in_one_error_does_not_take_the_others_with_it():
    engine, events, _batches, stats = build()
    engine.start()
    provider = provider_for(engine)
    for error in (KeyError("before"), ValueError("half \ud800 a character"), KeyError("after")):
        try:
            with provider.get_tracer("test").start_as_current_span("work"):
                raise error
        except (LookupError, ValueError):
            pass
    assert engine.shutdown(timeout=5.0)

    assert len(events.items) == 3
    assert stats.snapshot()["error"]["received"] == 3
    assert stats.snapshot()["faults"] == {}


def test_spans_with_ordinary_events_leave_the_reserve_to_errors():
    engine, events, _batches, stats = build()  # not started: nobody empties the queue
    provider = provider_for(engine)
    tracer = provider.get_tracer("test")
    for _ in range(QUEUE_LIMIT + 3):
        with tracer.start_as_current_span("work") as span:
            span.add_event("cache.miss")
    make_spans(provider, 1, ValueError("kept"))
    engine.start()
    engine.shutdown(timeout=20.0)

    assert len(events.items) == 1
    assert stats.snapshot()["span"]["queue_full"] == 3


def test_a_worker_that_hangs_leaves_nothing_uncounted_in_the_queue():
    release, entered = threading.Event(), threading.Event()

    def hang(event, _hint):
        entered.set()
        release.wait(10.0)
        return event

    engine, _events, _batches, stats = build(before_send=hang)
    engine.start()
    make_spans(provider_for(engine), 1, ValueError("hangs"))
    assert entered.wait(5.0)
    make_spans(provider_for(engine), 40)

    assert engine.shutdown(timeout=0.2) is False
    counted = stats.snapshot()
    release.set()
    engine._thread.join(10.0)

    assert counted["span"] == {"received": 41, "expired:at_shutdown": 41}
    # It is looked at twice: its span is still in hand, and its event is begun with.
    assert counted["error"] == {"received": 2, "duplicate": 1, "expired:at_shutdown": 1}
    assert stats.snapshot() == counted


def test_before_send_that_flushes_gets_an_answer_at_once():
    answers = []

    def flush(event, _hint):
        answers.append(engine.flush(timeout=60.0))
        return event

    engine, events, _batches, _stats = build(before_send=flush)
    engine.start()
    make_spans(provider_for(engine), 1, ValueError("asks"))
    assert engine.shutdown(timeout=5.0)

    assert answers == [False]
    assert len(events.items) == 1


def test_before_send_is_handed_the_living_exception():
    seen = []

    def keep(event, hint):
        seen.append(hint)
        return event

    engine, _events, _batches, _stats = build(before_send=keep)
    engine.start()
    provider = provider_for(engine, live=LiveReader(keep_exception=True))
    error = ValueError("alive")
    try:
        with provider.get_tracer("test").start_as_current_span("work"):
            raise error
    except ValueError:
        pass
    engine.shutdown(timeout=5.0)

    (hint,) = seen
    assert hint["exc_info"][1] is error


def fail_in_a_request_that_goes_on(provider):
    tracer = provider.get_tracer("test")
    context = trace.set_span_in_context(tracer.start_span("the request"))
    span = tracer.start_span("the query", context)
    span.record_exception(ValueError("no"))
    span.end()


def test_a_queue_that_is_never_empty_does_not_keep_errors_and_traces_waiting():
    seconds = count()
    sampling = make_sampling(read_sampling({"tail": {"policies": [{"name": "all"}]}}))
    engine, events, batches, stats = build(sampling=sampling, clock=lambda: next(seconds) / 4)
    provider = provider_for(engine)
    original, rounds, over = engine._encoding.spans, [], threading.Event()

    def encode_while_the_next_span_ends(spans):
        rounds.append(len(spans))
        if len(rounds) == 500 or (events.items and batches.items):
            over.set()
        else:
            another = threading.Thread(target=make_spans, args=(provider, 1))
            another.start()
            another.join()
        return original(spans)

    engine._encoding.spans = encode_while_the_next_span_ends
    fail_in_a_request_that_goes_on(provider)
    engine.start()
    assert over.wait(30.0)
    engine.shutdown(timeout=60.0)

    assert len(rounds) < 500
    assert stats.snapshot()["faults"] == {}


@pytest.mark.parametrize("forward", [True, False])
def test_what_ends_while_destinations_are_flushed_is_not_forgotten(forward):
    sampling = make_sampling(read_sampling({"tail": {"policies": [{"name": "all"}]}}))
    engine, events, batches, stats = build(forward=forward, sampling=sampling)
    provider = provider_for(engine)
    engine.start()

    def flush(_timeout):
        fail_in_a_request_that_goes_on(provider)
        while not stats.snapshot()["span"].get("received"):
            time.sleep(0.001)
        return True

    events.flush = flush
    assert engine.shutdown(timeout=10.0)

    assert [event["exception"]["values"][0]["value"] for event in events.items] == ["no"]
    assert sum(len(batch) for batch in batches.items) == int(forward)
    spans = dict(stats.snapshot()["span"])
    assert spans.pop("received") == 1 == sum(spans.values()) + forward


def test_a_fork_waits_until_the_worker_has_put_its_work_down():
    entered, steps = threading.Event(), []

    def before_send(event, _hint):
        entered.set()
        time.sleep(0.2)
        steps.append("worked")
        return event

    engine, *_ = build(before_send=before_send)
    engine.start()
    make_spans(provider_for(engine), 1, ValueError("no"))
    assert entered.wait(10)

    engine.pause_for_fork()
    steps.append("forked")
    engine.resume_after_fork()

    assert steps == ["worked", "forked"]
    assert engine.shutdown(timeout=10.0)


def test_a_worker_that_hangs_delays_a_fork_only_for_so_long():
    entered, released = threading.Event(), threading.Event()

    def before_send(event, _hint):
        entered.set()
        released.wait(60)
        return event

    engine, *_ = build(before_send=before_send)
    engine.start()
    make_spans(provider_for(engine), 1, ValueError("no"))
    assert entered.wait(10)

    started = time.monotonic()
    engine.pause_for_fork()
    engine.resume_after_fork()

    assert time.monotonic() - started < 10
    released.set()
    assert engine.shutdown(timeout=10.0)
