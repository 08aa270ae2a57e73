import pytest

from otel_bridge.sample.conditions import read_condition
from otel_bridge.sample.facts import Facts
from otel_bridge.sample.matching import compile_condition
from otel_bridge.sample.probability import NEVER, threshold_of
from otel_bridge.sample.trace import OpenTrace
from otel_bridge.wire.gather import Places
from otel_bridge.wire.messages import Span
from tests.simulation.spans import ERROR, batch_of, make_span, trace_id

A = trace_id(1)
OK = 1


def facts_of(*spans, service="shop"):
    trace = OpenTrace(A, 0.0)
    for place, records in Places(8).of(batch_of(*spans, service=service)):
        for record in records:
            trace.put(record, place)
    return Facts(trace)


def asked(condition, *spans, now=0.0):
    return compile_condition(read_condition(condition, "test"))(facts_of(*spans), now)


ROOT = make_span(A, 1, http__route="/orders/{id}", http__response__status_code=503, tenant="t1")
CHILD = make_span(A, 2, parent=1, name="SELECT", kind=3, db__rows=17, tenant="t2")

FITS = [
    ({"type": "always"}, True),
    ({"type": "never"}, False),
    ({"type": "error"}, False),
    ({"type": "status_code", "codes": ["unset"]}, True),
    ({"type": "status_code", "codes": ["ok", "error"]}, False),
    ({"type": "latency", "min_ms": 10}, True),
    ({"type": "latency", "min_ms": 10.001}, False),
    ({"type": "latency", "min_ms": 1, "max_ms": 9}, False),
    ({"type": "latency", "min_ms": 1, "max_ms": 10}, True),
    ({"type": "latency", "min_ms": 5, "routes": {"/orders/*": 11}}, False),
    ({"type": "latency", "min_ms": 500, "routes": {"/orders/*": 10, "*": 500}}, True),
    ({"type": "latency", "min_ms": 500, "routes": {"/other": 1}}, False),
    ({"type": "attribute", "key": "http.route"}, True),
    ({"type": "attribute", "key": "http.route", "values": ["/ord*"], "on": "root"}, True),
    ({"type": "attribute", "key": "http.route", "values": ["/x", "/y"]}, False),
    ({"type": "attribute", "key": "db.rows", "on": "root"}, False),
    ({"type": "attribute", "key": "db.rows", "values": ["17"]}, True),
    ({"type": "attribute", "key": "db.rows", "min": 17, "max": 17}, True),
    ({"type": "attribute", "key": "db.rows", "min": 18}, False),
    ({"type": "attribute", "key": "http.route", "min": 0}, False),
    ({"type": "attribute", "key": "tenant", "values": ["t2"]}, True),
    ({"type": "attribute", "key": "tenant", "values": ["t2"], "on": "root"}, False),
    ({"type": "attribute", "key": "service.name", "values": ["shop"]}, True),
    ({"type": "attribute", "key": "service.name", "values": ["sho?"], "on": "resource"}, True),
    ({"type": "attribute", "key": "http.route", "on": "resource"}, False),
    ({"type": "attribute", "key": "name", "values": ["SELECT"]}, True),
    ({"type": "attribute", "key": "name", "values": ["SELECT"], "on": "root"}, False),
    ({"type": "attribute", "key": "name", "values": ["GET *"], "on": "root"}, True),
    ({"type": "and", "of": [{"type": "always"}, {"type": "never"}]}, False),
    ({"type": "and", "of": [{"type": "always"}, {"type": "always"}]}, True),
    ({"type": "or", "of": [{"type": "never"}, {"type": "always"}]}, True),
    ({"type": "or", "of": [{"type": "never"}]}, False),
    ({"type": "not", "of": {"type": "error"}}, True),
    ({"type": "not", "of": {"type": "always"}}, False),
]


@pytest.mark.parametrize(("condition", "fits"), FITS, ids=[str(table) for table, _ in FITS])
def test_a_condition_asks_what_it_says(condition, fits):
    assert asked(condition, ROOT, CHILD) == (0 if fits else NEVER)


@pytest.mark.parametrize(
    ("condition", "span", "fits"),
    [
        ({"type": "error"}, make_span(A, status=ERROR), True),
        ({"type": "error"}, make_span(A, exception=True), True),
        ({"type": "error", "exceptions": False}, make_span(A, exception=True), False),
        ({"type": "error"}, make_span(A, note="Z \x12\x09exception"), False),
        ({"type": "status_code", "codes": ["ok"]}, make_span(A, status=OK), True),
        ({"type": "status_code", "codes": ["unset", "error"]}, make_span(A, status=OK), False),
        ({"type": "status_code", "codes": ["unset", "ok"]}, make_span(A, status=OK), True),
    ],
)
def test_failures_are_seen(condition, span, fits):
    assert asked(condition, span) == (0 if fits else NEVER)


def test_without_the_root_nothing_is_known_about_it():
    spans = [make_span(A, 2, parent=1, name="GET /x", http__route="/x", start_ms=5)]

    assert asked({"type": "attribute", "key": "http.route", "on": "root"}, *spans) == NEVER
    assert asked({"type": "latency", "min_ms": 500, "routes": {"*": 1}}, *spans) == NEVER


def test_values_of_lists_are_compared_one_by_one():
    span = Span.FromString(ROOT.raw)
    values = span.attributes.add(key="colours").value.array_value.values
    values.add(string_value="red")
    values.add(string_value="green")
    values.add(int_value=5)
    record = ROOT._replace(raw=span.SerializeToString())

    def fits(**question):
        return asked({"type": "attribute", "key": "colours", **question}, record) == 0

    assert [fits(values=["green"]), fits(values=["blue"]), fits(min=5), fits(min=6)] == [
        True,
        False,
        True,
        False,
    ]


def test_shares_combine_to_the_lowest_with_and_and_the_highest_with_or():
    parts = [{"type": "probabilistic", "rate": 0.5}, {"type": "probabilistic", "rate": 0.25}]

    assert asked({"type": "and", "of": parts}, ROOT) == threshold_of(0.25)
    assert asked({"type": "or", "of": parts}, ROOT) == threshold_of(0.5)


def test_rare_is_the_first_of_its_signature_in_a_window():
    rare = compile_condition(read_condition({"type": "rare", "window_s": 60}, "test"))
    orders, failed = facts_of(ROOT), facts_of(ROOT._replace(status=ERROR))
    elsewhere = facts_of(ROOT, service="billing")

    answers = [
        rare(facts, now) == 0
        for facts, now in ((orders, 0), (orders, 59), (failed, 59), (elsewhere, 59), (orders, 60))
    ]

    assert answers == [True, False, True, True, True]


def test_rare_can_be_told_what_makes_a_signature():
    by = ["kind", "http_status"]
    rare = compile_condition(read_condition({"type": "rare", "by": by}, "test"))

    old = make_span(A, http__status_code=500)
    answers = [rare(facts_of(span), 0) == 0 for span in (ROOT, CHILD, old, old)]

    assert answers == [True, True, True, False]


def test_what_stands_inside_a_value_is_not_taken_for_an_attribute():
    inside = make_span(A, note="\n\nhttp.route\x12\x09\n\x07/health", http__route="/orders")

    route = {"type": "attribute", "key": "http.route", "on": "root"}

    assert asked({**route, "values": ["/health"]}, inside) == NEVER
    assert asked({**route, "values": ["/orders"]}, inside) == 0
