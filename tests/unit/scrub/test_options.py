"""What the scrubber may be told, and what it refuses to be told."""

import pytest

from otel_bridge.errors import ConfigError
from otel_bridge.scrub.options import MIN_HMAC_KEY_BYTES, ScrubOptions, Style
from otel_bridge.scrub.scrubber import Scrubber

KEY = "k" * MIN_HMAC_KEY_BYTES

BAD_ID = (
    "scrub.hmac_key_id: wanted a name for the key of 1 to 64 letters, digits, dots, dashes and "
    "underscores, found "
)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"preset": "all"}, "scrub.preset: wanted off, keys, default or strict, found 'all'"),
        ({"style": "hash"}, "scrub.style: wanted drop, hmac, marker, mask, found 'hash'"),
        ({"rule_styles": {"email": "x"}}, "scrub.style: wanted drop, hmac, marker, mask, found"),
        ({"style": "hmac"}, "scrub.hmac_key: wanted at least 32 bytes, found 0"),
        ({"path_styles": {"a": "hmac"}}, "scrub.hmac_key: wanted at least 32 bytes, found 0"),
        ({"style": "hmac", "hmac_key": KEY}, "scrub.hmac_key_id: wanted a name for the key"),
        ({"style": "hmac", "hmac_key": KEY[1:]}, "scrub.hmac_key: wanted at least 32 bytes"),
        ({"style": "hmac", "hmac_key": KEY, "hmac_key_id": "k:1"}, f"{BAD_ID}'k:1'"),
        ({"style": "hmac", "hmac_key": KEY, "hmac_key_id": "k 1"}, f"{BAD_ID}'k 1'"),
        ({"style": "hmac", "hmac_key": KEY, "hmac_key_id": "k" * 65}, f"{BAD_ID}65 of them"),
        ({"style": "hmac", "hmac_key": KEY, "hmac_key_id": "k1\n"}, "scrub.hmac_key_id: wanted"),
        ({"extra_patterns": {"a b": "x"}}, "scrub.extra_patterns: wanted ids of 1 to 64 letters"),
        ({"extra_patterns": {"a]": "x"}}, "scrub.extra_patterns: wanted ids of 1 to 64 letters"),
        ({"extra_patterns": {"a": "("}}, "scrub.extra_patterns.a: wanted an RE2 pattern, found: "),
        ({"extra_patterns": {"a": "(?=x)"}}, "scrub.extra_patterns.a: wanted an RE2 pattern"),
        ({"extra_patterns": {"a": r"(x)\1"}}, "scrub.extra_patterns.a: wanted an RE2 pattern"),
        ({"max_depth": 0}, "scrub.max_depth: wanted a whole number above 0, found 0"),
        ({"max_value_bytes": "1"}, "scrub.max_value_bytes: wanted a whole number above 0"),
        ({"max_record_bytes": -1}, "scrub.max_record_bytes: wanted a whole number above 0"),
    ],
    ids=str,
)
def test_what_cannot_work_is_refused_at_start(options, problem):
    with pytest.raises(ConfigError) as refused:
        ScrubOptions(**options)

    assert any(told.startswith(problem) for told in refused.value.problems)


def test_all_problems_are_told_together():
    with pytest.raises(ConfigError) as refused:
        ScrubOptions(preset="all", style="hmac", max_depth=0)

    assert len(refused.value.problems) == 4


def test_a_key_is_never_shown():
    assert KEY not in repr(ScrubOptions(style="hmac", hmac_key=KEY, hmac_key_id="k1"))


def test_styles_are_all_that_can_be_used():
    options = ScrubOptions(rule_styles={"a": Style.MASK}, path_styles={"b": Style.DROP})

    assert options.styles() == {"marker", "mask", "drop"}


@pytest.mark.parametrize(
    ("preset", "clean"),
    [
        ("off", {"password": "x1y2z3", "a": "ghp_", "note": "password=hunter22"}),
        ("keys", {"password": "[Filtered:password]", "a": "ghp_", "note": "password=hunter22"}),
        (
            "default",
            {
                "password": "[Filtered:password]",
                "a": "ghp_",
                "note": "password=[Filtered:password]",
            },
        ),
    ],
)
def test_presets(preset, clean):
    value = {"password": "x1y2z3", "a": "ghp_", "note": "password=hunter22"}

    assert Scrubber(ScrubOptions(preset=preset)).value(value)[0] == clean


def test_strict_is_content_with_less():
    value = {"client_id": "shop-17"}

    assert Scrubber().value(value)[0] == value
    assert Scrubber(ScrubOptions(preset="strict")).value(value)[0] == {
        "client_id": "[Filtered:client-id]"
    }


def test_rules_of_your_own_replace_their_first_group():
    scrubber = Scrubber(ScrubOptions(extra_patterns={"order": r"ORD-([0-9]+)", "zoo": "zebra"}))

    assert scrubber.text("see ORD-17 and a zebra") == (
        "see ORD-[Filtered:order] and a [Filtered:zoo]"
    )


def test_rules_are_switched_on_and_off_by_name():
    text = "call +49 30 901820 or bob@example.org"

    assert Scrubber().text(text) == "call +49 30 901820 or [Filtered:email]"
    assert Scrubber(ScrubOptions(deny_rules=("ph*",), allow_rules=("email",))).text(text) == (
        "call [Filtered:phone] or bob@example.org"
    )


def test_personal_data_may_pass_but_numbers_of_cards_never():
    scrubber = Scrubber(ScrubOptions(send_default_pii=True))

    assert scrubber.text("bob@example.org at 8.8.8.8 paid with 4111 1111 1111 1111.") == (
        "bob@example.org at 8.8.8.8 paid with [Filtered:card-number]."
    )


def test_paths_are_allowed_and_denied():
    scrubber = Scrubber(ScrubOptions(allow_paths=("a.*",), deny_paths=("b.note", "c")))
    value = {"a": {"password": "x"}, "b": {"note": "fine", "n": 1}, "c": [1, 2]}

    assert scrubber.value(value)[0] == {
        "a": {"password": "x"},
        "b": {"note": "[Filtered:denied-path]", "n": 1},
        "c": ["[Filtered:denied-path]"],
    }


def test_statements_may_be_left_alone():
    statement = {"db.statement": "SELECT a FROM t WHERE b = 17"}

    assert Scrubber(ScrubOptions(parameterise_sql=False)).value(statement)[0] == statement
