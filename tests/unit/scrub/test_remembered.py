"""A memory forgets in time."""

from otel_bridge.scrub.remembered import Remembered


def test_a_memory_is_bounded_in_number_and_in_characters():
    by_number: Remembered[int] = Remembered(most=3, most_chars=100, longest=50)
    by_chars: Remembered[int] = Remembered(most=100, most_chars=10, longest=5)

    for item in range(8):
        by_number.add(item, 1)
        by_chars.add(item, 4)
    by_chars.add(99, 6)

    assert by_number.items == {6, 7}
    assert by_chars.items == {6, 7}
