import pytest

from otel_bridge.config.grouping import fingerprint_rules_from
from otel_bridge.convert.options import FingerprintRule
from otel_bridge.errors import ConfigError

RULE = FingerprintRule(fingerprint=("database",), type="Time*")


@pytest.mark.parametrize(
    "given",
    [
        [{"fingerprint": ["database"], "type": "Time*"}],
        '[{"fingerprint": ["database"], "type": "Time*"}]',
        (RULE,),
    ],
    ids=["tables", "text", "rules"],
)
def test_rules_are_read_from_tables_text_and_rules(given):
    assert fingerprint_rules_from(given) == (RULE,)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("[", "fingerprint_rules: wanted JSON"),
        (7, "fingerprint_rules: wanted a list of tables"),
        ([7], "fingerprint_rules[0]: wanted a table"),
        ([{}], "fingerprint_rules[0].fingerprint: wanted a list of texts"),
        ([{"fingerprint": []}], "fingerprint_rules[0].fingerprint: wanted a list of texts"),
        ([{"fingerprint": ["a"], "typ": "x"}], "fingerprint_rules[0].typ: unknown"),
        ([{"fingerprint": ["a"], "type": 7}], "fingerprint_rules[0].type: wanted text"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(given, problem):
    with pytest.raises(ConfigError) as caught:
        fingerprint_rules_from(given)

    assert caught.value.problems[0].startswith(problem)
