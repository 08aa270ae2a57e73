"""What is known from other events is bounded, and true."""

import pytest

from otel_bridge.scrub.known import MAX_IN_ALL, Known
from otel_bridge.scrub.names.keys import KeyRules
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber


def test_the_memories_hold_no_more_than_they_may_whatever_comes():
    known = Known(KeyRules(ScrubOptions()), has_paths=False)

    for number in range(3_000):
        known.add_text(f"{number}" + "x" * 100)
        known.add_field("n" * 100_000, f"{number}")
        known.add_field("name", f"{number}" * 1_000)
        known.add_field("name", f"{number}")
        known.add_lines(f"{number}" + "x" * 1_900)
        known.parts("frame", [f"{number}" + "x" * 9_000, "x" * 99_000], lambda each, _: each)

    assert sum(map(len, known.texts)) <= MAX_IN_ALL
    assert sum(map(len, known.lines)) <= MAX_IN_ALL
    assert sum(len(text) for _, text in known.part_texts) <= MAX_IN_ALL
    assert max(len(text) for _, text in known.part_texts) < 10_000
    assert max(len(name) + len(text) for name, text in known.fields) < 300


def test_what_one_set_of_options_lets_pass_another_does_not():
    allowing = Scrubber(ScrubOptions(allow_keys=("password",), allow_rules=("password",)))
    hiding = Scrubber()

    for _ in range(2):
        assert allowing.value({"password": "hunter22"})[0] == {"password": "hunter22"}
        assert hiding.value({"password": "hunter22"})[0] == {"password": "[Filtered:password]"}


def test_a_part_is_looked_at_until_it_comes_out_as_it_went_in():
    known = Known(KeyRules(ScrubOptions()), has_paths=False)
    remarks, asked = [], []

    def scrub(part, place):
        asked.append((part, place))
        if part == "bad":
            remarks.append(part)
        return {"bad": "bad", "cut": "c"}.get(part, part)

    for _ in range(3):
        assert known.parts("a", ["good", "bad", "cut"], scrub, remarks) == ["good", "bad", "c"]
    known.parts("b", ["good"], scrub, remarks)

    assert asked == [
        ("good", 0), ("bad", 1), ("cut", 2),
        ("bad", 1), ("cut", 2), ("bad", 1), ("cut", 2),
        ("good", 0),
    ]  # fmt: skip


def test_nothing_is_known_of_parts_where_paths_matter():
    known = Known(KeyRules(ScrubOptions()), has_paths=True)
    asked = []
    for _ in range(2):
        known.parts("a", ["good"], lambda part, place: asked.append(place) or part)
    known.add_field("note", "good")

    assert asked == [0, 0]
    assert not known.stays("note", "good")
    assert not known.holds_nothing({"note": "good"})


@pytest.mark.parametrize(
    "value",
    [
        {"note": "unknown"}, {"unknown": 1}, {"password": 1}, {"password": 1.5}, {"note": 10**12},
        {"note": ["good"]}, {"note": b"good"}, {"name": "note", "value": "good"},
        {"value": "good"},
        {1: 1}, ["good"], None, {"note": {"note": "bad"}}, {"note": {"stringValue": "good"}},
        {"cookies": {"note": "good"}}, {"note": {"note": {"note": {"note": {"note": 1}}}}},
    ],
)  # fmt: skip
def test_an_object_is_known_only_if_all_of_it_is(value):
    known = Known(KeyRules(ScrubOptions()), has_paths=False)
    known.add_field("note", "good")
    known.add_field("value", "good")
    known.add_field("name", "note")
    known.add_field("stringValue", "good")
    for text in ("note", "password", "cookies"):
        known.add_text(text)

    assert known.holds_nothing({"note": "good", "n": 1, "password": None})
    assert known.holds_nothing({"note": {"note": {"note": "good"}, "n": 1.5}})
    assert known.holds_nothing({"name": "note", "note": "good"})
    assert not known.holds_nothing(value)
    assert not known.stays("note", value)
    assert not known.stays("cookies", {"note": "good"})
