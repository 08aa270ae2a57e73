"""Memories forget in time."""

from otel_bridge.scrub.engine import MAX_REMEMBERED_IN_ALL, Engine
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.remembered import Recent, Remembered
from otel_bridge.scrub.scrubber import Scrubber


def test_a_memory_is_bounded_in_number_and_in_characters():
    by_number: Remembered[int] = Remembered(most=3, most_chars=100, longest=50)
    by_chars: Remembered[int] = Remembered(most=100, most_chars=10, longest=5)

    for item in range(8):
        by_number.add(item, 1)
        by_chars.add(item, 4)
    by_chars.add(99, 6)

    assert by_number.items == {6, 7}
    assert by_chars.items == {6, 7}


def test_the_memories_of_an_engine_hold_no_more_than_they_may_whatever_comes():
    engine = Engine(ScrubOptions())

    for number in range(3_000):
        engine.remember_clean(f"{number}" + "x" * 100)
        engine.remember_field("n" * 100_000, f"{number}")
        engine.remember_field("name", f"{number}" * 1_000)
        engine.remember_field("name", f"{number}")
        engine.remember_lines(f"{number}" + "x" * 1_900)

    assert sum(map(len, engine.clean_texts)) <= MAX_REMEMBERED_IN_ALL
    assert sum(map(len, engine.clean_lines)) <= MAX_REMEMBERED_IN_ALL
    assert max(len(name) + len(text) for name, text in engine.clean_fields) < 300


def test_what_one_set_of_options_lets_pass_another_does_not():
    allowing = Scrubber(ScrubOptions(allow_keys=("password",), allow_rules=("password",)))
    hiding = Scrubber()

    for _ in range(2):
        assert allowing.value({"password": "hunter22"})[0] == {"password": "hunter22"}
        assert hiding.value({"password": "hunter22"})[0] == {"password": "[Filtered:password]"}


def test_what_comes_again_outlives_what_came_once():
    recent = Recent(most=3, most_bytes=100, longest=50)

    for number in range(20):
        news = recent.missing({b"again", b"once %d" % number})
        assert (b"again" in news) is (number == 0)
        recent.add(news)

    assert recent.missing({b"once 0", b"again"}) == {b"once 0"}


def test_two_generations_are_remembered_and_no_long_item():
    recent = Recent(most=3, most_bytes=20, longest=5)

    recent.add([b"x" * 6])
    recent.add([b"%d" % number for number in range(4)])
    recent.add([b"a", b"b"])
    assert recent.missing({b"x" * 6, b"0", b"a", b"c"}) == {b"x" * 6, b"c"}

    for number in range(100, 120):
        recent.add([b"%05d" % number])
    assert recent.missing({b"0", b"a", b"00119"}) == {b"0", b"a"}
    assert len(recent) <= 2 * 3


def test_no_more_is_held_than_two_generations_however_much_comes_at_once():
    recent = Recent(most=100, most_bytes=1_000, longest=50)

    recent.add([b"%040d" % number for number in range(1_000)])

    assert len(recent) <= 2 * 1_000 // 40
