"""The tail sampler against a model of it that is as simple as its description."""

import os
from collections import Counter
from fnmatch import fnmatchcase

from hypothesis import given, settings, strategies as st

from otel_bridge.sample.options import MIB, read_sampling
from otel_bridge.sample.tail import TailSampler
from tests.simulation.spans import attributes_of, batch_of, make_span, span_id, spans_of, trace_id

EXAMPLES = int(os.environ.get("OTEL_BRIDGE_TEST_EXAMPLES", "60"))
GRACE, MAX_WAIT = 2, 20
PLACES = (0.02, 0.3, 0.6, 0.97)
TRACES = [trace_id(number, randomness=place) for number, place in enumerate(PLACES)]
ROUTE = "http.route"
ROUTES = ("/orders", "/health", "/billing/refunds")

# --- what is generated ------------------------------------------------------------------------

conditions = st.recursive(
    st.one_of(
        st.just({"type": "always"}),
        st.just({"type": "never"}),
        st.just({"type": "error"}),
        st.sampled_from(("unset", "ok", "error")).map(
            lambda code: {"type": "status_code", "codes": [code]}
        ),
        st.sampled_from((20, 50)).map(lambda ms: {"type": "latency", "min_ms": ms}),
        st.just({"type": "latency", "min_ms": 30, "routes": {"/billing/*": 10, "/h*": 60}}),
        st.builds(
            lambda glob, on: {"type": "attribute", "key": ROUTE, "values": [glob], "on": on},
            st.sampled_from(("/health", "/billing/*", "*")),
            st.sampled_from(("root", "any")),
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda of: {"type": "and", "of": of}),
        st.lists(inner, min_size=1, max_size=3).map(lambda of: {"type": "or", "of": of}),
        inner.map(lambda of: {"type": "not", "of": of}),
    ),
    max_leaves=4,
)  # fmt: skip

policies = st.lists(
    st.one_of(
        st.builds(
            lambda c, rate: {**c, "rate": rate}, conditions, st.sampled_from((1, 0.5, 0.05))
        ),
        conditions.map(lambda condition: {"type": "drop", "of": condition}),
    ),
    min_size=1,
    max_size=4,
).map(lambda tables: [{"name": f"p{at}", **table} for at, table in enumerate(tables)])

spans = st.fixed_dictionaries(
    {
        "trace": st.integers(0, len(TRACES) - 1),
        "parent": st.sampled_from(("none", "local", "remote")),
        "status": st.sampled_from((0, 0, 0, 1, 2)),
        "exception": st.sampled_from((False, False, True)),
        "start": st.integers(0, 40),
        "duration": st.integers(0, 40),
        "route": st.sampled_from((None, None, *ROUTES)),
    }
)
steps = st.lists(
    st.one_of(
        st.lists(spans, min_size=1, max_size=4).map(lambda batch: ("add", batch)),
        st.integers(0, 15).map(lambda seconds: ("wait", seconds)),
    ),
    max_size=12,
)

# --- the model --------------------------------------------------------------------------------


def fits(condition, seen):
    match condition:
        case {"type": "and", "of": parts}:
            return all(fits(part, seen) for part in parts)
        case {"type": "or", "of": parts}:
            return any(fits(part, seen) for part in parts)
        case {"type": "not", "of": part}:
            return not fits(part, seen)
        case {"type": "latency"}:
            return is_slow(condition, seen)
        case {"type": "attribute"}:
            return has_route(condition, seen)
        case {"type": "status_code", "codes": codes}:
            numbers = {("unset", "ok", "error").index(code) for code in codes}
            return any(span["status"] in numbers for span in seen)
        case {"type": "error"}:
            return any(span["status"] == 2 or span["exception"] for span in seen)
    return condition["type"] == "always"


def is_slow(condition, seen):
    root, minimum = root_of(seen), condition["min_ms"]
    for glob, other in condition.get("routes", {}).items():
        if root and fnmatchcase(root["route"] or "GET /orders/{id}", glob):
            minimum = other
            break
    return duration(seen) >= minimum


def has_route(condition, seen):
    asked = [root_of(seen)] if condition["on"] == "root" else seen
    routes = [span["route"] for span in asked if span and span["route"]]
    return any(fnmatchcase(route, condition["values"][0]) for route in routes)


def duration(seen):
    return max(span["start"] + span["duration"] for span in seen) - min(
        span["start"] for span in seen
    )


def root_of(seen):
    whole = [span for span in seen if span["parent"] == "none"]
    local = [span for span in seen if span["parent"] == "remote"]
    return whole[-1] if whole else local[0] if local else None


def outcome(policy, seen):
    """The rate that a policy gives a trace: None if it does not fit, "drop" if it drops it."""
    if policy["type"] == "drop":
        return "drop" if fits(policy["of"], seen) else None
    return policy.get("rate", 1) if fits(policy, seen) else None


def judged(policies, match, seen):
    """The rate at which a trace is kept, or 0."""
    outcomes = [found for policy in policies if (found := outcome(policy, seen)) is not None]
    if match == "first":
        outcomes = outcomes[:1]
    if not outcomes or "drop" in outcomes:
        return 0
    return max(outcomes)


def decided_early(policies, match, seen):
    """Whether a policy is met that nothing later can change."""
    if match == "best" and any(policy["type"] == "drop" for policy in policies):
        return False
    for policy in policies:
        certain = policy["type"] != "drop" and policy.get("rate", 1) == 1
        if certain and is_final(policy, seen):
            return True
        if not certain and match == "first":
            return False
    return False


def is_final(policy, seen):
    match policy["type"]:
        case "error":
            return any(span["status"] == 2 for span in seen)
        case "status_code":
            return policy["codes"] != ["unset"] and fits(policy, seen)
        case "latency":
            return duration(seen) >= max([policy["min_ms"], *policy.get("routes", {}).values()])
    return False


class Model:
    def __init__(self, policies, match):
        self.policies, self.match = policies, match
        self.open, self.first, self.rooted, self.rates = {}, {}, {}, {}
        self.kept, self.dropped = Counter(), 0

    def add(self, span, now):
        trace = span["trace"]
        if trace in self.rates:
            self.late(span)
            return
        seen = self.open.setdefault(trace, [])
        self.first.setdefault(trace, now)
        seen.append(span)
        if span["parent"] != "local":
            self.rooted.setdefault(trace, now)
        if decided_early(self.policies, self.match, seen):
            self.decide(trace, 1)

    def late(self, span):
        if decided_early(self.policies, self.match, [span]):
            self.kept[span["id"], 1] += 1
        elif rate := self.rates[span["trace"]]:
            self.kept[span["id"], rate] += 1
        else:
            self.dropped += 1

    def due(self, now):
        for trace in list(self.open):
            rooted = self.rooted.get(trace)
            if (rooted is not None and now >= rooted + GRACE) or now >= self.first[
                trace
            ] + MAX_WAIT:
                self.judge(trace)

    def judge(self, trace):
        rate = judged(self.policies, self.match, self.open[trace])
        self.decide(trace, rate if PLACES[trace] >= 1 - rate else 0)

    def decide(self, trace, rate):
        self.rates[trace] = rate
        seen = self.open.pop(trace)
        if rate:
            self.kept.update((span["id"], rate) for span in seen)
        else:
            self.dropped += len(seen)


# --- the comparison ---------------------------------------------------------------------------


def record_of(span):
    parent = 0 if span["parent"] == "none" else 999
    route = {"http__route": span["route"]} if span["route"] else {}
    return make_span(
        TRACES[span["trace"]],
        span["id"],
        parent=parent,
        remote=span["parent"] == "remote",
        status=span["status"],
        exception=span["exception"],
        start_ms=span["start"],
        duration_ms=span["duration"],
        **route,
    )


def run(policies, match, steps, **bounds):
    """Put the steps to sampler and model; return what each has kept and dropped."""
    table = {"policies": policies, "match": match, "grace_s": GRACE, "max_wait_s": MAX_WAIT}
    tail = TailSampler(read_sampling({"tail": {**table, **bounds}}).tail)
    model = Model(policies, match)
    results, now, number = [], 0, 0
    for kind, value in steps:
        if kind == "wait":
            now += value
            results.append(tail.due(now))
            model.due(now)
            continue
        batch = [{**span, "id": number + at} for at, span in enumerate(value, 1)]
        number += len(batch)
        results.append(tail.add(batch_of(*map(record_of, batch)), now))
        for span in batch:
            model.add(span, now)
        yield tail, model, results, number
    results.append(tail.flush(now))
    for trace in list(model.open):
        model.judge(trace)
    yield tail, model, results, number


def kept_by(results):
    return [span for result in results for span in spans_of(result.kept)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies, st.sampled_from(("first", "best")), steps)
def test_the_sampler_keeps_what_the_model_keeps(policies, match, steps):
    *_, (tail, model, results, _) = run(policies, match, steps)

    kept = Counter(
        (span.span_id, round(attributes_of(span)["sampling.rate"], 3)) for span in kept_by(results)
    )
    assert kept == {(span_id(number), rate): n for (number, rate), n in model.kept.items()}
    assert sum(result.dropped.total() for result in results) == model.dropped
    assert (tail.open_traces, tail.open_bytes) == (0, 0)


@settings(max_examples=EXAMPLES, deadline=None)
@given(policies, steps, st.integers(1, 3), st.integers(1, 5))
def test_within_any_bounds_every_span_is_kept_dropped_or_waiting(policies, steps, traces, spans):
    states = run(policies, "first", steps, max_traces=traces, max_spans_per_trace=spans,
                 max_bytes=MIB, stress={"rate": 0.5, "activate": 1.0})  # fmt: skip
    for tail, _, results, received in states:
        assert tail.open_traces <= traces
        done = len(kept_by(results)) + sum(result.dropped.total() for result in results)
        open_traces = tail._open.values()
        assert done + sum(len(trace.records) for trace in open_traces) == received
        places = {place for trace in open_traces for place in trace.places()}
        weight = sum(trace.size for trace in open_traces) + sum(place.size for place in places)
        assert tail.open_bytes == weight
