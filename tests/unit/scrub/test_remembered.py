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
    recent = Recent(most=8, most_bytes=100, longest=50)

    for number in range(40):
        news = recent.missing({b"again", b"once %d" % number})
        assert (b"again" in news) is (number == 0)
        recent.add(news)

    assert recent.missing({b"once 0", b"again"}) == {b"once 0"}


def test_two_generations_are_remembered_and_no_long_item():
    recent = Recent(most=8, most_bytes=20, longest=5)

    recent.add([b"x" * 6, b"y"])
    for number in range(8):
        recent.add([b"%d" % number])
    assert recent.missing({b"x" * 6, b"y", b"0", b"7", b"c"}) == {b"x" * 6, b"c"}

    for number in range(100, 120):
        recent.add([b"%05d" % number])
    assert recent.missing({b"0", b"y", b"00119"}) == {b"0", b"y"}
    assert len(recent) <= 2 * 8


def test_a_flood_pushes_nothing_out():
    recent = Recent(most=100, most_bytes=10_000, longest=50)
    recent.add([b"again"])

    for number in range(50):
        recent.add([b"%d %d" % (number, place) for place in range(26)])

    assert recent.missing({b"again", b"49 1"}) == {b"49 1"}


def test_no_more_is_held_than_two_generations_however_much_comes_at_once():
    recent = Recent(most=100, most_bytes=1_000, longest=50)

    for start in range(0, 1_000, 25):
        recent.add([b"%040d" % number for number in range(start, start + 25)])
        recent.add([b"x" * 50 + b"%d" % start, b"%d" % start])

    assert len(recent) <= 2 * 1_000 // 40 + 2
    assert recent.missing({b"975"}) == set()
