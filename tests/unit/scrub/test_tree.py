import pytest

from otel_bridge.scrub.scrubber import Scrubber


@pytest.mark.parametrize("name", ["cookie", "?a=1&cookie=abcdef0123456789abcdef0123456789"])
@pytest.mark.parametrize("value", [7, 1.5])
def test_a_marker_names_the_rule_and_never_repeats_the_name(name, value):
    clean, findings = Scrubber().value({name: value})

    assert list(clean.values()) == ["[Filtered:cookie]"]
    assert {finding.rule for finding in findings} == {"cookie"}


def test_containers_beyond_the_depth_under_a_sensitive_name_are_replaced_as_a_whole():
    value = {"cookie": "x"}
    for _ in range(40):
        value = {"cookie": [value]}

    clean, _ = Scrubber().value(value)

    assert "x" not in str(clean).replace("[Filtered:", "")
