from otel_bridge.testing import FakeClock


def test_time_passes_on_both_clocks_when_it_is_told_to():
    clock = FakeClock(now=100.0)
    before = clock.monotonic()

    clock.advance(5.0)

    assert clock.now() == 105.0
    assert clock.monotonic() == before + 5.0


def test_only_the_wall_clock_jumps():
    clock = FakeClock(now=100.0)
    before = clock.monotonic()

    clock.jump(-50.0)

    assert clock.now() == 50.0
    assert clock.monotonic() == before
