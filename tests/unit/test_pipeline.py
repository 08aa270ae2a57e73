from types import SimpleNamespace

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from otel_bridge.convert.converter import Converter
from otel_bridge.convert.options import ConvertOptions
from otel_bridge.pipeline import Pipeline
from otel_bridge.sample.options import BudgetOptions, read_sampling
from otel_bridge.sample.sampling import Sampling, make_sampling
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Fate, Stats
from otel_bridge.wire.batch import Batch, ResourceGroup, ScopeGroup, Signal, SpanRecord
from otel_bridge.wire.messages import Span as SpanMessage

TRACE = bytes(15) + b"\x07"
SECRET = "hunter2-" + "x" * 8


def failed_span(message="no such order"):
    span = Span(
        trace_id=TRACE,
        span_id=b"\x01" * 8,
        name="GET /orders/{id}",
        kind=2,
        start_time_unix_nano=1_700_000_000_000_000_000,
        end_time_unix_nano=1_700_000_001_000_000_000,
        status=Status(code=2),
        flags=0x100,
    )
    span.attributes.add(key="db.password").value.string_value = SECRET
    event = span.events.add(name="exception", time_unix_nano=1_700_000_000_500_000_000)
    event.attributes.add(key="exception.type").value.string_value = "LookupError"
    event.attributes.add(key="exception.message").value.string_value = message
    return SpanRecord(
        TRACE, b"\x01" * 8, b"", 0x100, 2, 2, span.start_time_unix_nano,
        span.end_time_unix_nano, span.SerializeToString(),
    )  # fmt: skip


def waiting_span():
    """A span whose request is not over yet."""
    return failed_span()._replace(kind=3, span_id=b"\x02" * 8, parent_span_id=b"\x09" * 8)


def batch_of(*records):
    return Batch(Signal.TRACES, [ResourceGroup(b"", [ScopeGroup(b"", list(records))])])


def pipeline(stats, **options):
    return Pipeline(Scrubber(), Converter(ConvertOptions(**options)), stats)


def with_before_send(stats, before_send):
    return Pipeline(Scrubber(), Converter(ConvertOptions()), stats, before_send)


def test_a_failed_span_becomes_one_event_and_a_clean_batch():
    stats = Stats()
    stages = pipeline(stats, release="shop@1")

    output = stages.accept(batch_of(failed_span()), now=1.0)
    (event,) = output.events + stages.drain()

    (value,) = event["exception"]["values"]
    assert (value["type"], value["value"], event["release"]) == (
        "LookupError",
        "no such order",
        "shop@1",
    )
    (record,) = output.batch.records()
    assert SECRET.encode() not in record.raw
    assert SpanMessage.FromString(record.raw).name == "GET /orders/{id}"
    assert SECRET not in repr(event)


def test_what_comes_in_is_counted():
    stats = Stats()
    stages = pipeline(stats)

    stages.accept(batch_of(failed_span()), now=1.0)
    stages.drain()

    counts = stats.snapshot()
    assert counts["span"]["received"] == 1
    assert counts["error"]["received"] == 1
    assert sum(counts["redactions"].values()) >= 1


def test_a_repeat_and_an_expected_error_are_counted_and_become_no_event():
    stats = Stats()
    stages = pipeline(stats)
    assert len(drained(stages)) == 1
    assert drained(stages) == []
    assert stats.snapshot()["error"] == {"received": 2, "duplicate": 1}

    stats = Stats()
    assert drained(pipeline(stats, ignore_errors=("LookupError",))) == []
    assert stats.snapshot()["error"] == {"received": 1, "filtered:ignore_errors": 1}


def drained(stages):
    return stages.accept(batch_of(failed_span()), now=1.0).events + stages.drain()


def test_before_send_may_change_the_event_and_its_answer_is_scrubbed_again():
    def add_secret(event, _hint):
        event["extra"] = {"password": SECRET}
        event["tags"] = {"area": "payments"}
        return event

    (event,) = drained(with_before_send(Stats(), add_secret))

    assert event["tags"]["area"] == "payments"
    assert SECRET not in repr(event)


@pytest.mark.parametrize(
    ("before_send", "reason"),
    [
        (lambda _event, _hint: None, "before_send"),
        (lambda _event, _hint: 1 / 0, "before_send_failed"),
        (lambda _event, _hint: "not an event", "before_send_failed"),
    ],
    ids=["drops", "raises", "returns nonsense"],
)
def test_before_send_that_drops_or_fails_is_a_counted_fate(before_send, reason):
    stats = Stats()

    assert drained(with_before_send(stats, before_send)) == []
    assert stats.snapshot()["error"] == {"received": 1, f"filtered:{reason}": 1}


def test_whoever_wants_to_know_hears_of_every_error_that_is_given_up():
    heard = []

    def hear(fate, reason, items, event):
        heard.append((fate, reason, items, event and event["exception"]["values"][0]["type"]))

    for options, before_send in (
        ({}, lambda _event, _hint: None),
        ({"ignore_errors": ("LookupError",)}, None),
    ):
        converter = Converter(ConvertOptions(**options))
        stages = Pipeline(Scrubber(), converter, Stats(), before_send, on_loss=hear)
        assert drained(stages) == []

    assert heard == [
        (Fate.FILTERED, "before_send", 1, "LookupError"),
        (Fate.FILTERED, "ignore_errors", 1, None),
    ]


def test_what_before_send_changes_in_place_is_nowhere_else():
    told = []

    def before_send(event, hint):
        event["contexts"]["otel"].clear()
        event["exception"]["values"][0]["mechanism"].clear()

    def on_loss(fate, reason, items, event):
        told.append((event["contexts"]["otel"], event["exception"]["values"][0]["mechanism"]))

    stages = Pipeline(
        Scrubber(), Converter(ConvertOptions()), Stats(), before_send, on_loss=on_loss
    )
    for number in range(3):
        stages.accept(batch_of(failed_span(f"no such order {number}")), now=number)
        stages.drain()

    assert len(told) == 3
    assert all(otel and mechanism for otel, mechanism in told)


def sampled_pipeline(stats, sampling, before_send=None):
    return Pipeline(Scrubber(), Converter(ConvertOptions()), stats, before_send, sampling)


NONE_KEPT = read_sampling({"tail": {"policies": [{"name": "none", "type": "never"}]}})


def test_an_error_leaves_although_its_trace_is_dropped():
    stats = Stats()
    stages = sampled_pipeline(stats, make_sampling(NONE_KEPT))

    output = stages.accept(batch_of(failed_span()), now=1.0)
    events = output.events + stages.drain()

    assert len(events) == 1
    assert (output.batch, stages.due_batch(1.5), stages.drain_batch(2.0)) == (None, None, None)
    assert stats.snapshot()["span"] == {"received": 1, "sampled_out:tail:no_policy": 1}


def test_spans_of_a_trace_that_is_kept_come_out_when_it_is_judged():
    keep_all = read_sampling({"tail": {"policies": [{"name": "all"}], "grace_s": 1}})
    stages = sampled_pipeline(Stats(), make_sampling(keep_all))

    output = stages.accept(batch_of(failed_span()), now=1.0)

    assert output.batch is None
    assert len(stages.due_batch(2.0)) == 1


def test_spans_of_unsampled_traces_pass_by_the_sampler_and_mark_their_errors():
    stages = sampled_pipeline(Stats(), make_sampling(NONE_KEPT))

    output = stages.accept(batch_of(failed_span()), now=1.0, sampled=False)
    (event,) = output.events + stages.drain()

    assert len(output.batch) == 1
    assert event["contexts"]["trace"]["sampled"] is False


def test_requests_are_summed_up_before_anything_is_dropped():
    red = read_sampling({"red": {}, "tail": {"policies": [{"name": "none", "type": "never"}]}})
    sampling = make_sampling(red)
    stages = sampled_pipeline(Stats(), sampling)

    stages.accept(batch_of(failed_span()), now=1.0)

    (series,) = sampling.red.series()
    assert (stages.counts_requests, series.requests, series.key.failed) == (True, 1, True)


class BrokenSampler:
    def add(self, *_arguments):
        raise ValueError

    due = flush = add


def test_a_sampler_that_fails_loses_no_span():
    stats = Stats()
    stages = sampled_pipeline(stats, Sampling(batches=BrokenSampler()))

    output = stages.accept(batch_of(failed_span()), now=1.0)

    assert len(output.batch) == 1
    assert (stages.due_batch(2.0), stages.drain_batch(2.0)) == (None, None)
    assert stats.snapshot()["faults"] == {"sample": 3}


def failures(stages, count):
    batches = (batch_of(failed_span(f"no order {number}")) for number in range(count))
    found = [event for batch in batches for event in stages.accept(batch, now=1.0).events]
    return found + stages.drain()


def test_error_events_of_one_kind_have_a_budget():
    stats = Stats()
    budget = BudgetOptions(burst=1, per_minute=0, first=1)
    stages = sampled_pipeline(stats, make_sampling(budget=budget))

    events = failures(stages, 6)

    errors = stats.snapshot()["error"]
    assert (len(events), errors["received"]) == (4, 6)
    assert errors["sampled_out:error_budget"] == 2


def test_the_rate_over_all_errors_comes_after_before_send():
    seen, stats = [], Stats()

    def note(event, _hint):
        seen.append(event["event_id"])
        return event

    stages = sampled_pipeline(stats, make_sampling(sample_rate=0.0), note)

    assert failures(stages, 1) == []
    assert len(seen) == 1
    assert stats.snapshot()["error"] == {"received": 1, "sampled_out:sample_rate": 1}


@pytest.mark.parametrize("wanted", [False, True])
def test_notes_on_redactions_go_with_an_event_only_when_asked_for(wanted):
    stages = Pipeline(
        Scrubber(), Converter(ConvertOptions()), Stats(), _with_a_password, send_meta=wanted
    )

    (event,) = drained(stages)

    assert SECRET not in repr(event)
    assert ("_meta" in event) is wanted


def _with_a_password(event, _hint):
    event["extra"] = {"password": SECRET}
    return event


def test_a_successor_goes_on_with_what_waits_and_what_was_seen():
    stages = pipeline(Stats())
    stages.accept(batch_of(waiting_span()), now=1.0)
    remains = stages.succeed()
    stats = Stats()
    remains.pipeline.count_in(stats)

    (event,) = [event for events in remains.pipeline.drain_each() for event in events]
    assert (remains.stranded, remains.unfinished, remains.pipeline.waiting) == (0, [], 0)
    assert remains.pipeline.errors_of(batch_of(waiting_span()), 2.0, {}) == []
    assert list(remains.pipeline.drain_each()) == [[]]
    assert event["exception"]["values"][0]["value"] == "no such order"
    assert stats.snapshot()["error"] == {"received": 2, "duplicate": 1}
    assert stats.snapshot()["span"] == {"received": 0}


def test_who_has_a_successor_gives_nothing_out_any_more():
    stages = pipeline(Stats())
    stages.succeed()

    assert stages.accept(batch_of(failed_span()), now=1.0).events == []
    assert stages.drain() == []


def test_a_successor_gets_the_event_that_the_owner_is_in_the_middle_of():
    successors = []

    def before_send(event, _hint):
        successors.append(stages.succeed())
        return event

    stages = with_before_send(Stats(), before_send)
    assert stages.accept(batch_of(failed_span()), now=1.0).events + stages.drain() == []

    (remains,) = successors
    (event,) = remains.unfinished
    assert event.exception.values[0].value == "no such order"


def test_what_the_owner_is_converting_is_stranded():
    class Hanging(Converter):
        def add(self, batch, now, live=None):
            remains.append(stages.succeed())
            return super().add(batch, now, live)

    remains = []
    converter = Hanging(ConvertOptions())
    converter._waiting.add(SimpleNamespace(trace_id=TRACE, size=1))
    stages = Pipeline(Scrubber(), converter, Stats())
    stages.accept(batch_of(failed_span()), now=1.0)

    assert remains[0].stranded == 1
    assert remains[0].pipeline.waiting == 0


def test_one_odd_event_does_not_keep_the_others_from_leaving():
    stats, asked = Stats(), []

    class Odd:
        def admit(self, _plain, _now):
            asked.append(1)
            return 1 / 0 if len(asked) == 1 else True

        def keeps(self, _event):
            return True

    stages = sampled_pipeline(stats, Sampling(errors=Odd()))
    one, other = failed_span("one"), failed_span("other")
    events = stages.accept(batch_of(one), 1.0).events + stages.drain()
    events += stages.accept(batch_of(other), 1.0).events + stages.drain()

    assert len(asked) == 2
    assert len(events) == 1
    assert stats.snapshot()["error"] == {"received": 2, "refused:internal_error": 1}


def test_what_the_host_changes_after_before_send_is_not_sent_unseen():
    state = {"mode": "blue"}

    def attach(event, _hint):
        event["extra"] = {"state": state}
        event["contexts"] = {"mine": state}
        return event

    stages = with_before_send(Stats(), attach)
    for span in range(1, 4):  # what is known to be clean is not copied by the scrubber
        record = failed_span(f"order {span}")._replace(trace_id=bytes(15) + bytes([span]))
        events = stages.accept(batch_of(record), now=1.0).events + stages.drain()
    state["password"] = SECRET

    assert [event["extra"] for event in events] == [{"state": {"mode": "blue"}}]
    assert SECRET not in repr(events)


def test_an_event_that_holds_itself_is_cut_and_sent():
    def attach(event, _hint):
        event["extra"] = {"deep": (event, [1, 2])}
        return event

    stages = with_before_send(Stats(), attach)
    (event,) = stages.accept(batch_of(failed_span()), now=1.0).events + stages.drain()

    assert event["extra"]["deep"][1] == [1, 2]
