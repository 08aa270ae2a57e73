import pytest

from otel_bridge.config.scrubbing import scrub_from
from otel_bridge.errors import ConfigError
from otel_bridge.scrub.options import ScrubOptions, Style


def problems_of(value):
    with pytest.raises(ConfigError) as caught:
        scrub_from(value)
    return caught.value.problems


@pytest.mark.parametrize("preset", ["off", "keys", "default", "strict"])
def test_the_name_of_a_preset_is_kept(preset):
    assert scrub_from(preset) == preset


def test_a_bare_off_of_yaml_is_the_preset():
    assert scrub_from(False) == "off"


def test_options_are_kept():
    own = ScrubOptions(preset="keys")

    assert scrub_from(own) is own


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_table_becomes_options(form):
    table = {"preset": "strict", "deny_keys": ["*.note"], "rule_styles": {"email": "mask"}}
    text = '{"preset": "strict", "deny_keys": ["*.note"], "rule_styles": {"email": "mask"}}'
    found = scrub_from(table if form == "table" else text)

    assert found == ScrubOptions(
        preset="strict", deny_keys=("*.note",), rule_styles={"email": Style.MASK}
    )


def test_every_problem_of_a_table_is_told_with_its_place():
    problems = problems_of({"preset": 7, "deny_key": ["x"], "max_depth": "deep"})

    assert [problem.partition(":")[0] for problem in problems] == [
        "scrub.deny_key", "scrub.preset", "scrub.max_depth",
    ]  # fmt: skip
    assert problems[0].endswith("did you mean deny_keys?")


def test_problems_that_only_the_options_know_are_told_with_their_place():
    (problem,) = problems_of({"extra_patterns": {"mine": "(open"}})

    assert problem.startswith("scrub.extra_patterns.mine: ")


def test_a_key_is_not_echoed():
    assert problems_of({"hmac_key": ["topsecret"]}) == ("scrub.hmac_key: wanted text",)


@pytest.mark.parametrize("value", ["sometimes", "{not json", 7, ["strict"]])
def test_anything_else_is_one_problem(value):
    (problem,) = problems_of(value)

    assert problem.startswith("scrub: ")
