from otel_bridge.testing import FakeClock, HandRunners


def test_steps_are_made_as_often_as_the_time_allows():
    clock = FakeClock()
    begin = clock.monotonic()
    runners = HandRunners(clock)
    made = []
    runners("name", lambda: made.append(clock.monotonic() - begin) or 2.0, print)

    runners.run(seconds=5.0)

    assert made == [0.0, 2.0, 4.0]
    assert clock.monotonic() == begin + 5.0


def test_a_step_that_waits_for_news_ends_the_run():
    clock = FakeClock()
    runners = HandRunners(clock)
    runners("name", lambda: None, print)

    runners.run(seconds=5.0)

    assert clock.now() == FakeClock().now() + 5.0


def test_waking_makes_all_steps_once_more():
    runners = HandRunners(FakeClock())
    made = []

    def first():
        made.append("first")

    def second():
        made.append("second")
        if len(made) < 3:
            runner.wake_if_idle()

    runner = runners("first", first, print)
    runners("second", second, print)

    runners.run()

    assert made == ["first", "second", "first", "second"]
    assert runner.start()
    assert runner.stop(1.0)
