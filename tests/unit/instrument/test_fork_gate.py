import threading
import time

from otel_bridge.instrument.fork_gate import PATIENCE_S, ForkGate


def test_a_fork_waits_until_all_are_out_and_nobody_comes_in_meanwhile():
    gate, steps, entered, waiting = ForkGate(), [], threading.Event(), threading.Event()

    def work():
        with gate.inside():
            entered.set()
            time.sleep(0.1)
            steps.append("worked")

    def come_later():
        waiting.set()
        with gate.inside():
            steps.append("came")

    first, second = threading.Thread(target=work), threading.Thread(target=come_later)
    first.start()
    assert entered.wait(10)
    gate.close_for_fork()
    second.start()
    assert waiting.wait(10)
    time.sleep(0.05)
    steps.append("forked")
    gate.open_after_fork()
    first.join(10)
    second.join(10)

    assert steps == ["worked", "forked", "came"]


def test_a_fork_waits_only_for_so_long_and_its_child_begins_anew():
    gate = ForkGate()
    started = time.monotonic()
    with gate.inside():
        gate.close_for_fork()
        assert PATIENCE_S <= time.monotonic() - started < 10

        gate.after_fork_in_child()
        started = time.monotonic()
        gate.close_for_fork()
        assert time.monotonic() - started < PATIENCE_S
