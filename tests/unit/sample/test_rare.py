from otel_bridge.sample.rare import Signatures


def test_a_signature_is_first_once_in_a_window():
    signatures = Signatures(window_s=10, limit=8)

    assert [signatures.is_first("a", now) for now in (0, 9.9, 10, 19.9, 20)] == [
        True, False, True, False, True,
    ]  # fmt: skip


def test_of_too_many_signatures_the_oldest_are_forgotten():
    signatures = Signatures(window_s=100, limit=2)
    for number, name in enumerate("abc"):
        signatures.is_first(name, number)

    assert [signatures.is_first(name, 5) for name in "cba"] == [False, False, True]
