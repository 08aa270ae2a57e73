"""Memories forget in time."""

from otel_bridge.scrub.remembered import Recent, Remembered


def test_a_memory_is_bounded_in_number_and_in_characters():
    by_number: Remembered[int] = Remembered(most=3, most_chars=100, longest=50)
    by_chars: Remembered[int] = Remembered(most=100, most_chars=10, longest=5)

    for item in range(8):
        by_number.add(item, 1)
        by_chars.add(item, 4)
    by_chars.add(99, 6)

    assert by_number.items == {6, 7}
    assert by_chars.items == {6, 7}


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
