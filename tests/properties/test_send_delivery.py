"""Whatever a server answers and however a process ends: one fate each, and nothing is lost."""

import os
import random
import tempfile
from pathlib import Path

from hypothesis import given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from otel_bridge.errors import ConfigError
from otel_bridge.send.destination import SentryDestination
from otel_bridge.send.dsn import Dsn
from otel_bridge.send.options import RetryOptions, SendOptions
from otel_bridge.send.rate_limits import KNOWN_CATEGORIES, RateLimits, parse_rate_limits
from otel_bridge.send.retry import backoff, parse_retry_after
from otel_bridge.send.spool.records import Entry, decode_body, encode_record, read_segment
from otel_bridge.send.transport import Reply
from otel_bridge.stats import Kind, Stats
from otel_bridge.testing import FakeClock, HandRunners, ScriptedTransport

EXAMPLES = settings(max_examples=int(os.environ.get("SEND_EXAMPLES", "15")), deadline=None)
DSN = Dsn.parse("http://aaaa@127.0.0.1:1/1")

statuses = st.sampled_from([200, 202, 301, 400, 403, 404, 408, 413, 429, 500, 502, 503, 504, 599])
header_values = st.one_of(
    st.text(max_size=30),
    st.integers(-5, 10**6).map(str),
    st.tuples(
        st.integers(0, 100), st.sampled_from(["", "error", "transaction", "x", "error;span"])
    ).map(lambda pair: f"{pair[0]}:{pair[1]}:org"),
)
headers = st.dictionaries(st.sampled_from(["retry-after", "x-sentry-rate-limits"]), header_values)
steps = st.one_of(st.none(), statuses, st.builds(Reply, statuses, headers, st.just(b"")))
parcels = st.tuples(
    st.sampled_from(list(Kind)),
    st.integers(0, 2**32 - 1),
    st.floats(0, 4e9),
    st.text("0123456789abcdef", max_size=32),
    st.binary(max_size=2_000),
)


@EXAMPLES
@given(
    script=st.lists(steps, max_size=30),
    bursts=st.lists(st.tuples(st.integers(0, 8), st.floats(0, 100)), max_size=10),
    rate_limited=st.sampled_from(["drop", "hold"]),
)
def test_every_event_has_one_fate(script, bursts, rate_limited):
    clock, stats = FakeClock(), Stats()
    runners = HandRunners(clock)
    options = SendOptions(
        max_queue_items=10,
        event_max_age_s=200,
        retry=RetryOptions(rate_limited=rate_limited),
    )
    transport = ScriptedTransport(*script)
    destination = SentryDestination(DSN, transport, options, stats, clock, make_runner=runners)
    offered = 0
    for size, pause in bursts:
        for _ in range(size):
            destination.offer({"event_id": f"{offered:032x}"})
            offered += 1
        runners.run(pause)

    destination.shutdown(0.0)

    assert sum(stats.snapshot()["error"].values()) == offered


@EXAMPLES
@given(parcels)
def test_a_parcel_comes_back_from_its_record_as_it_went(parcel):
    kind, items, accepted_at, key, body = parcel
    record = encode_record(kind, items, accepted_at, key, body)

    (entry,) = read_segment(record)

    assert decode_body(record) == body
    assert (entry.kind, entry.items, entry.key) == (kind, items, key)
    assert abs(entry.accepted_at - accepted_at) < 0.002


@EXAMPLES
@given(st.lists(parcels, min_size=1, max_size=6), st.data())
def test_damage_loses_what_it_hits_and_invents_nothing(contents, data):
    records = [encode_record(*parcel) for parcel in contents]
    content = bytearray(b"".join(records))
    begin = data.draw(st.integers(0, len(content) - 1))
    garbage = data.draw(st.binary(min_size=1, max_size=100))
    if data.draw(st.booleans()):
        content[begin : begin + len(garbage)] = garbage
    else:
        del content[begin:]

    found = [
        bytes(content[each.offset : each.offset + each.size])
        for each in read_segment(bytes(content))
        if isinstance(each, Entry)
    ]

    bodies = [decode_body(record) for record in found]
    assert set(bodies) <= {parcel[-1] for parcel in contents}
    begins = [sum(map(len, records[:n])) for n in range(len(records))]
    untouched = [
        record for record, at in zip(records, begins, strict=True) if at + len(record) <= begin
    ]
    assert found[: len(untouched)] == untouched


@EXAMPLES
@given(st.binary(max_size=3_000))
def test_any_bytes_can_be_read_as_a_segment(content):
    covered = 0
    for each in read_segment(content):
        assert each.offset >= covered
        covered = each.offset + each.size
    assert covered == len(content)


@EXAMPLES
@given(st.text(max_size=60), st.integers(100, 599), st.text(max_size=30))
def test_no_header_of_a_server_breaks_us(limits_text, status, retry_text):
    limits = RateLimits()
    limits.learn(
        status,
        {"x-sentry-rate-limits": limits_text, "retry-after": retry_text},
        monotonic=5.0,
        now=1e9,
    )
    wait = parse_retry_after(retry_text, 1e9)

    assert wait is None or 0 <= wait < float("inf")
    assert 0 <= limits.wait("error", 5.0) < float("inf")
    assert all(name in KNOWN_CATEGORIES or not name for name, _ in parse_rate_limits(limits_text))


@EXAMPLES
@given(
    st.integers(1, 10**12),
    st.builds(
        RetryOptions,
        initial_s=st.floats(0, 100),
        max_s=st.floats(0, 1_000),
        multiplier=st.floats(1, 10),
        jitter=st.floats(0, 1),
    ),
    st.floats(0, 1, exclude_max=True),
)
def test_a_wait_is_never_longer_than_the_limit(attempt, options, dice):
    assert 0 <= backoff(attempt, options, lambda: dice) <= options.max_s


@EXAMPLES
@given(st.text(max_size=40), st.text(max_size=20))
def test_a_dsn_is_read_or_refused_without_being_shown(prefix, rest):
    secret = "0badc0de" * 4
    text = f"{prefix}{secret}@{rest}"
    try:
        shown = repr(Dsn.parse(text))
    except ConfigError as error:
        shown = str(error)

    assert secret not in shown


class SpooledProcesses(RuleBasedStateMachine):
    """Processes that share a spool, offer, deliver, end well and end badly."""

    def __init__(self):
        super().__init__()
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        self.clock = FakeClock()
        self.offered = 0
        self.arrived = []
        self.lost = 0
        self.is_up = True
        self.dice = random.Random(0)
        self.processes = [self.launch()]

    def launch(self):
        stats = Stats()
        runners = HandRunners(self.clock)
        options = SendOptions(spool_dir=self.folder, spool_segment_bytes=4_096, max_queue_items=50)
        transport = ScriptedTransport(otherwise=self.answer)
        destination = SentryDestination(
            DSN, transport, options, stats, self.clock, make_runner=runners
        )
        return destination, stats, runners

    def answer(self, posted):
        if not self.is_up:
            # Some of what failed did arrive.
            if self.dice.random() < 0.2:
                self.arrived.append(posted.content.split(b'"', 4)[3])
            return None
        self.arrived.append(posted.content.split(b'"', 4)[3])
        return 200

    @rule(number=st.integers(0, 5), size=st.integers(0, 3_000), which=st.integers(0, 9))
    def offer(self, number, size, which):
        destination, *_ = self.processes[which % len(self.processes)]
        for _ in range(number):
            destination.offer({"event_id": f"{self.offered:032x}", "x": "y" * size})
            self.offered += 1
        # What was offered is on disk within the flush interval.
        destination._lane.keeper.step()

    @rule(seconds=st.floats(0, 30))
    def run_all(self, seconds):
        for _, _, runners in self.processes:
            runners.run(seconds / len(self.processes))

    @rule()
    def toggle_server(self):
        self.is_up = not self.is_up

    @rule(which=st.integers(0, 9))
    def kill(self, which):
        destination, _, _ = self.processes.pop(which % len(self.processes))
        for segment in destination._lane.keeper._spool._segments():
            segment.leave_to_parent()
        self.replace()

    @rule(which=st.integers(0, 9))
    def shut_down(self, which):
        destination, stats, _ = self.processes.pop(which % len(self.processes))
        destination.shutdown(0.0)
        counts = dict(stats.snapshot()["error"])
        recovered = counts.pop("received")
        assert set(counts) <= {"delivered", "spooled"}
        assert sum(counts.values()) >= recovered
        self.replace()

    @rule()
    def start_another(self):
        if len(self.processes) < 3:
            self.processes.append(self.launch())

    def replace(self):
        if not self.processes:
            self.processes.append(self.launch())

    @invariant()
    def nothing_is_invented(self):
        assert len(set(self.arrived)) <= self.offered

    def teardown(self):
        self.is_up = True
        for destination, _, _ in self.processes:
            destination.shutdown(0.0)
        destination, _, runners = self.launch()
        runners.run(3_600)
        destination.shutdown(0.0)
        assert len(set(self.arrived)) == self.offered
        assert not any(self.folder.rglob("*.seg"))
        self.scratch.cleanup()


def test_processes_that_share_a_spool_lose_nothing_however_they_end():
    examples = int(os.environ.get("SEND_EXAMPLES", "10"))
    run_state_machine_as_test(
        SpooledProcesses,
        settings=settings(max_examples=examples, stateful_step_count=20, deadline=None),
    )
