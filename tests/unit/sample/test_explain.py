from otel_bridge.sample.explain import Explanation, explain
from otel_bridge.sample.options import read_sampling
from tests.simulation.spans import ERROR, batch_of, make_span, trace_id

A, B = trace_id(1, randomness=0.5), trace_id(2, randomness=0.75)


def explained(*batches, policies, **others):
    return explain(batches, read_sampling({"tail": {"policies": policies, **others}}).tail)


ERRORS = {"name": "errors", "type": "error"}
QUARTER = {"name": "rest", "rate": 0.25}


def test_each_trace_is_explained_as_a_whole_in_the_order_in_which_they_ended():
    found = explained(
        batch_of(make_span(B, 1, http__route="/b", start_ms=20, duration_ms=30)),
        batch_of(make_span(A, 2, parent=1, duration_ms=5)),
        batch_of(make_span(A, 1, name="job", duration_ms=10)),
        policies=[ERRORS, QUARTER],
    )

    steps = (("errors", None), ("rest", 0.25))
    assert found == [
        Explanation(
            A.hex(), kept=False, reason="rest", rate=0.25, spans=2, duration_ms=10.0,
            service="shop", name="job", randomness=0.5, steps=steps,
        ),
        Explanation(
            B.hex(), kept=True, reason="rest", rate=0.25, spans=1, duration_ms=30.0,
            service="shop", name="/b", randomness=0.75, steps=steps,
        ),
    ]  # fmt: skip


def test_an_explanation_is_plain_data():
    (found,) = explained(batch_of(make_span(A, status=ERROR)), policies=[ERRORS])

    assert found.to_plain() == {
        "trace_id": A.hex(), "kept": True, "reason": "errors", "rate": 1.0, "spans": 1,
        "duration_ms": 10.0, "service": "shop", "name": "GET /orders/{id}", "randomness": 0.5,
        "steps": [{"policy": "errors", "rate": 1.0}],
    }  # fmt: skip


def test_budgets_see_the_time_of_the_telemetry():
    spans = [make_span(trace_id(number, randomness=0.9999), start_ms=10_000 * number)
             for number in range(5)]  # fmt: skip
    limited = {"name": "some", "type": "rate_limit", "spans_per_second": 1}

    found = explained(batch_of(*spans), policies=[limited])

    assert [one.kept for one in found] == [True] * 5
