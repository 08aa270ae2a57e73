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


def of_stack(stacktrace, language="nodejs", **facts):
    entry = make_entry(1, exception("SyntaxError", "x", stacktrace), **facts)
    return event_of(entry, resource={"telemetry.sdk.language": language}).get("fingerprint")


PARSE = "SyntaxError: x\n    at JSON.parse (<anonymous>)\n    at {} (/srv/shop/app.js:3:4)"
ANONYMOUS = PARSE.replace("{} (/srv/shop/app.js:3:4)", "/srv/shop/app.js:3:4")
CUT = """Traceback (most recent call last):
  File "/srv/venv/lib/python3.11/site-packages/flask/app.py", line 9, in wsgi_app
    x"""


def test_the_route_tells_anonymous_handlers_apart():
    assert of_stack(ANONYMOUS) == ["{{ default }}", "/orders/{id}"]
    assert of_stack(ANONYMOUS, http__route="/other") == ["{{ default }}", "/other"]


@pytest.mark.parametrize(
    "stack",
    [PARSE.format("load"), "SyntaxError: x\n    at connect (node:net:1:2)", ""],
    ids=["a name", "no frame of the application", "no stack"],
)
def test_a_stack_that_says_more_is_grouped_by_the_tracker(stack):
    assert of_stack(stack) is None


def test_the_route_tells_stacks_apart_that_lost_the_application():
    assert of_stack(CUT, "python") == ["{{ default }}", "/orders/{id}"]


def test_a_rule_comes_before_the_route():
    entry = make_entry(1, exception("SyntaxError", "x", ANONYMOUS))
    rule = FingerprintRule(fingerprint=("mine",))

    assert event_of(entry, fingerprint_rules=(rule,))["fingerprint"] == ["mine"]
