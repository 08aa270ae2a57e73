import tomllib

import pytest

from otel_bridge.errors import ConfigError
from otel_bridge.sample import conditions as c
from otel_bridge.sample.options import (
    BudgetOptions,
    HeadOptions,
    HeadRule,
    Limit,
    Policy,
    RedOptions,
    SamplingOptions,
    StressOptions,
    TailOptions,
    read_budget,
    read_head,
    read_sampling,
)

FILE = """
[head]
rate = 0.5
rules = [
  { name = "GET /health*", rate = 0 },
  { kind = "server", attributes = { "url.path" = "/pay/*" }, rate = 1, entry = true, label = "p" },
]

[tail]
match = "best"
grace_s = 2
limit = { spans_per_second = 1000 }
policies = [
  { name = "errors", type = "error", exceptions = false },
  { name = "failed", type = "status_code", codes = ["error", "ok"] },
  { name = "slow", type = "latency", min_ms = 500, routes = { "/report*" = 5000 } },
  { name = "billing", type = "attribute", key = "http.route", values = ["/bill*"], rate = 0.25 },
  { name = "health", type = "drop", of = { type = "attribute", key = "http.route" } },
  { name = "rest", rate = 0.05 },
  { name = "some", type = "and", of = [{ type = "rare" }, { type = "always" }] },
  { name = "few", type = "rate_limit", spans_per_second = 5 },
  { name = "others", type = "not", of = { type = "or", of = [{ type = "never" }] } },
]

[red]
"""


def test_a_file_becomes_options():
    read = read_sampling(tomllib.loads(FILE))

    health = c.Attribute(key="http.route")
    assert read == SamplingOptions(
        head=HeadOptions(
            rate=0.5,
            rules=(
                HeadRule(name="GET /health*", rate=0.0),
                HeadRule(
                    kind="server",
                    attributes={"url.path": "/pay/*"},
                    rate=1.0,
                    entry=True,
                    label="p",
                ),
            ),
        ),
        tail=TailOptions(
            match="best",
            grace_s=2.0,
            limit=Limit(spans_per_second=1000.0),
            policies=(
                Policy(name="errors", condition=c.Error(exceptions=False)),
                Policy(name="failed", condition=c.StatusCode(codes=("error", "ok"))),
                Policy(
                    name="slow", condition=c.Latency(min_ms=500.0, routes={"/report*": 5000.0})
                ),
                Policy(
                    name="billing",
                    condition=c.Attribute(key="http.route", values=("/bill*",)),
                    rate=0.25,
                ),
                Policy(name="health", condition=health, drop=True),
                Policy(name="rest", rate=0.05),
                Policy(name="some", condition=c.And(of=(c.Rare(), c.Always()))),
                Policy(name="few", condition=c.RateLimit(spans_per_second=5.0)),
                Policy(name="others", condition=c.Not(of=c.Or(of=(c.Never(),)))),
            ),
        ),
        red=RedOptions(),
    )


def test_options_that_are_options_already_stay_what_they_are():
    tail = TailOptions(policies=(Policy(name="all"),))

    assert read_sampling({"tail": tail}).tail is tail
    assert read_sampling(SamplingOptions(tail=tail)).tail is tail


def test_all_problems_are_reported_at_once_each_with_its_place():
    table = {
        "hed": 1,
        "head": {"rate": 2, "rules": [{"rate": 0.5, "kindd": "x"}, "no table", {}]},
        "tail": {
            "max_bytes": 1,
            "match": "worst",
            "policies": [
                {"name": "a", "type": "sometimes"},
                {"type": "latency", "min_ms": "fast"},
                {"name": "b", "type": "drop", "of": {"type": "latency"}, "rates": 1},
                {"name": "c", "type": "not", "of": {"type": "probabilistic", "rate": 0.5}},
                {"name": "d", "type": "or", "of": [{"type": "rate_limit", "spans_per_second": 1}]},
                {"name": "e", "type": "rate_limit"},
                {"name": "f", "type": "and", "of": []},
                {"name": "g", "type": "and", "of": 3},
                {"name": "h", "type": "probabilistic"},
                7,
            ],
        },
    }

    with pytest.raises(ConfigError) as refusal:
        read_sampling(table)

    assert list(refusal.value.problems) == [
        "sampling.hed: no such option; did you mean head?",
        "sampling.head.rate: found 2, expected `float` <= 1.0",
        "sampling.head.rules[0].kindd: no such option; did you mean kind?",
        "sampling.head.rules[1]: found 'no table', wanted a table",
        "sampling.head.rules[2].rate: missing",
        "sampling.tail.policies[0].type: found 'sometimes', wanted one of always, never, error, "
        "status_code, latency, attribute, probabilistic, rate_limit, rare, and, or, not, drop",
        "sampling.tail.policies[1].min_ms: found 'fast', expected `float`, got `str`",
        "sampling.tail.policies[1].name: missing",
        "sampling.tail.policies[2].rates: no such option of type drop",
        "sampling.tail.policies[2].of.min_ms: missing",
        "sampling.tail.policies[3].of: found a share of traces, wanted a condition that is or is "
        "not",
        "sampling.tail.policies[4].of: found a rate_limit, which can only stand alone or in an "
        "and",
        "sampling.tail.policies[5].spans_per_second: missing, wanted it or bytes_per_second",
        "sampling.tail.policies[6].of: found nothing, wanted at least one condition",
        "sampling.tail.policies[7].of: found 3, wanted a list of tables",
        "sampling.tail.policies[8].rate: missing",
        "sampling.tail.policies[9]: found 7, wanted a table",
        "sampling.tail.match: found 'worst', invalid enum value 'worst'",
        "sampling.tail.max_bytes: found 1, expected `int` >= 1048576",
    ]


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: HeadOptions(rate=float("nan")), "rate: found nan, expected `float` >= 0.0"),
        (lambda: HeadRule(rate=-1), "rate: found -1, expected `float` >= 0.0"),
        (lambda: TailOptions(policies=()), "policies: found none, wanted at least one"),
        (
            lambda: TailOptions(policies=(Policy(name="a"), Policy(name="a"))),
            "policies: found two named 'a', wanted different names",
        ),
        (lambda: Policy(name=""), "name: found '', expected `str` of length >= 1"),
        (
            lambda: Policy(name="a", condition={"type": "error"}),
            "condition: found {'type': 'error'}, wanted a condition",
        ),
        (Limit, "spans_per_second: missing, wanted it or bytes_per_second"),
        (
            lambda: StressOptions(activate=0.5, deactivate=0.6),
            "deactivate: found 0.6, wanted at most activate",
        ),
        (lambda: RedOptions(buckets_ms=(5, 5)), "buckets_ms: found (5, 5), wanted rising numbers"),
        (lambda: BudgetOptions(first=0), "first: found 0, expected `int` >= 1"),
        (
            lambda: c.Latency(min_ms=5, max_ms=4),
            "max_ms: found 4, wanted at least min_ms",
        ),
        (
            lambda: c.Attribute(key="x", values=("a",), min=1),
            "values: found ('a',), wanted values or bounds",
        ),
    ],
)
def test_values_made_in_python_are_checked_too(make, problem):
    with pytest.raises(ConfigError) as refusal:
        make()

    assert refusal.value.problems == (problem,)


def test_the_head_alone_can_be_read():
    assert read_head({"rate": 0.1, "rules": [HeadRule(rate=1)]}) == HeadOptions(
        rate=0.1, rules=(HeadRule(rate=1),)
    )


def test_the_error_budget_can_be_read():
    assert read_budget({"burst": 5, "per_minute": 1}) == BudgetOptions(burst=5, per_minute=1.0)
