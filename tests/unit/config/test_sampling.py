import pytest

from otel_bridge.config.load import load
from otel_bridge.config.sampling import budget_from, resource_attributes, sampling_from
from otel_bridge.errors import ConfigError
from otel_bridge.sample.options import (
    BudgetOptions,
    HeadOptions,
    SamplingOptions,
)

HALF = SamplingOptions(head=HeadOptions(rate=0.5))


@pytest.mark.parametrize("value", [{"head": {"rate": 0.5}}, '{"head": {"rate": 0.5}}', HALF])
def test_sampling_is_a_table_its_json_or_a_value(value):
    assert sampling_from(value) == HALF


@pytest.mark.parametrize("value", [None, False, "off", " Off ", "none", "false", "no", "0"])
def test_the_error_budget_can_be_switched_off(value):
    assert budget_from(value) is None


@pytest.mark.parametrize("value", [{"burst": 5}, '{"burst": 5}', BudgetOptions(burst=5)])
def test_the_error_budget_is_a_table_its_json_or_a_value(value):
    assert budget_from(value) == BudgetOptions(burst=5)


def test_what_is_no_json_is_told_with_its_place():
    with pytest.raises(ConfigError) as refusal:
        sampling_from("{head: 1}")

    (problem,) = refusal.value.problems
    assert problem.startswith("sampling: not JSON: ")
    assert problem.endswith("at character 1")


@pytest.mark.parametrize(
    ("arguments", "environ", "budget"),
    [
        ({}, {}, BudgetOptions()),
        ({"error_budget": None}, {}, None),
        ({}, {"OTEL_BRIDGE_ERROR_BUDGET": "off"}, None),
        (
            {"error_budget": {"burst": 7}},
            {"OTEL_BRIDGE_ERROR_BUDGET": "off"},
            BudgetOptions(burst=7),
        ),
        ({}, {"OTEL_BRIDGE_ERROR_BUDGET": '{"burst": 9}'}, BudgetOptions(burst=9)),
    ],
)
def test_the_error_budget_is_loaded_from_everywhere(arguments, environ, budget):
    assert load(arguments, environ).options.error_budget == budget


def test_sampling_is_loaded_from_a_file(tmp_path):
    file = tmp_path / "bridge.toml"
    file.write_text("sample_rate = 0.25\n[sampling.head]\nrate = 0.5\n")

    options = load({}, {"OTEL_BRIDGE_CONFIG": str(file)}).options

    assert (options.sampling, options.sample_rate) == (HALF, 0.25)


def test_problems_are_told_with_the_others_and_where_they_came_from():
    environ = {"OTEL_BRIDGE_SAMPLING": '{"head": {"rate": 2}}', "OTEL_BRIDGE_SAMPLE_RATE": "3"}

    with pytest.raises(ConfigError) as refusal:
        load({"error_budget": {"bursts": 1}, "traces_sampler": 5}, environ)

    assert sorted(refusal.value.problems) == [
        "error_budget.bursts: no such option; did you mean burst?",
        "sample_rate (from OTEL_BRIDGE_SAMPLE_RATE): found '3'; Expected `float` <= 1.0",
        "sampling.head.rate: found 2, expected `float` <= 1.0 (from OTEL_BRIDGE_SAMPLING)",
        "traces_sampler: found 5; wanted something to call",
    ]


def test_resource_attributes_are_read_as_the_sdk_reads_them():
    environ = {"OTEL_RESOURCE_ATTRIBUTES": "service.name=a%20b, x = y ,odd,="}

    assert resource_attributes(environ) == {"service.name": "a b", "x": "y"}
