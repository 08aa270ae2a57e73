from collections import Counter

from otel_bridge.sample.budget import ErrorBudget, ErrorRate
from otel_bridge.sample.error_gate import ErrorGate
from otel_bridge.sample.options import BudgetOptions
from tests.simulation.spans import batch_of, make_span, trace_id

A, B = trace_id(1), trace_id(2)
TIGHT = BudgetOptions(burst=1, per_minute=0, first=1)


def event(trace=A, kind="ValueError"):
    return {
        "event_id": "0" * 32,
        "exception": {"values": [{"type": kind}]},
        "contexts": {"trace": {"trace_id": trace.hex()}},
    }


def test_without_a_budget_everything_passes_unchanged():
    gate, found = ErrorGate(), event()

    assert [gate.admit(found, 0.0) for _ in range(500)] == [True] * 500
    assert found == event()
    assert gate.keeps(found)


def test_an_event_of_an_unsampled_trace_says_so():
    gate = ErrorGate()
    gate.note_unsampled(batch_of(make_span(A)), 0.0)
    unsampled, sampled = event(A), event(B)

    for found in (unsampled, sampled):
        gate.admit(found, 1.0)

    assert unsampled["contexts"]["trace"]["sampled"] is False
    assert "sampled" not in sampled["contexts"]["trace"]


def test_an_event_tells_how_many_like_it_were_suppressed():
    gate = ErrorGate(ErrorBudget(TIGHT))

    events = [event() for _ in range(5)]
    admitted = [found for found in events if gate.admit(found, 0.0)]

    assert [found["contexts"].get("error_budget") for found in admitted] == [
        None,
        None,
        None,
        {"type": "error_budget", "suppressed_events": 1},
    ]


def test_a_count_whose_event_does_not_leave_is_told_by_the_next():
    gate = ErrorGate(ErrorBudget(TIGHT))
    for _ in range(4):
        gate.admit(event(), 0.0)
    stopped = event()
    assert gate.admit(stopped, 0.0)
    gate.give_back(stopped, 0.0)

    events = [event() for _ in range(4)]
    admitted = [found for found in events if gate.admit(found, 0.0)]

    assert admitted[0]["contexts"]["error_budget"]["suppressed_events"] == 4


def test_events_without_contexts_pass():
    gate = ErrorGate(ErrorBudget(TIGHT))
    bare = [{"exception": {"values": [{"type": "E"}]}} for _ in range(5)]

    admitted = [found for found in bare if gate.admit(found, 0.0)]

    assert admitted[-1]["contexts"]["error_budget"]["suppressed_events"] == 1
    gate.give_back({}, 0.0)


def test_the_rate_is_asked():
    assert ErrorGate(rate=ErrorRate(0.0)).keeps(event()) is False


class Unhashable:
    def __str__(self):
        raise ValueError


def test_a_fault_in_the_budget_costs_no_error():
    faults = Counter()
    gate = ErrorGate(ErrorBudget(TIGHT), on_fault=lambda name: faults.update([name]))

    assert gate.admit({"fingerprint": [Unhashable()]}, 0.0)
    assert faults == {"error_budget": 1}
