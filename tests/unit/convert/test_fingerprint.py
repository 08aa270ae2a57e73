import pytest

from otel_bridge.convert.fingerprint import matches
from otel_bridge.convert.options import FingerprintRule
from tests.unit.convert.telemetry import event_of, exception, make_entry


def fingerprint(*rules, **facts):
    entry = make_entry(1, exception("shop.Timeout", "no answer from db-7"), **facts)
    return event_of(entry, fingerprint_rules=rules).get("fingerprint")


def test_the_first_rule_that_fits_counts():
    rules = (
        FingerprintRule(type="Other", fingerprint=("no",)),
        FingerprintRule(type="Time*", message="*from db-*", fingerprint=("database",)),
        FingerprintRule(fingerprint=("everything",)),
    )

    assert fingerprint(*rules) == ["database"]


def test_without_a_rule_the_tracker_groups():
    assert fingerprint() is None
    assert fingerprint(FingerprintRule(function="other", fingerprint=("x",))) is None


@pytest.mark.parametrize(
    ("part", "filled"),
    [
        ("{{ default }}", "{{ default }}"),
        ("{{default}}-x", "{{ default }}-x"),
        ("{{ error.type }}/{{ function }}", "Timeout/charge"),
        ("{{ transaction }}", "/orders/{id}"),
        ("{{ tags.http.response.status_code }}", "500"),
        ("{{ level }}:{{ message }}", "error:no answer from db-7"),
        ("{{ unknown }}", "{{ unknown }}"),
        ("{{ open", "{{ open"),
    ],
)
def test_variables_are_filled_in(part, filled):
    assert fingerprint(FingerprintRule(fingerprint=(part,))) == [filled]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("a*", "abc", True),
        ("*c", "abc", True),
        ("a*c", "abc", True),
        ("a*b*c", "axxbyyc", True),
        ("a*a", "a", False),
        ("ab", "abc", False),
        ("a*b*c", "acb", False),
        ("*" * 50 + "x", "y" * 1000, False),
    ],
)
def test_a_star_stands_for_anything(pattern, text, expected):
    assert matches(pattern, text) is expected
