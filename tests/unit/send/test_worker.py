import threading

from otel_bridge.send.worker import Worker


class Steps:
    """Counts steps; each may raise or say how long to wait."""

    def __init__(self, *script):
        self.script = list(script)
        self.done = threading.Semaphore(0)
        self.faults = []

    def __call__(self):
        step = self.script.pop(0) if self.script else None
        self.done.release()
        if isinstance(step, Exception):
            raise step
        return step

    def worker(self):
        return Worker("test", self, self.faults.append)


def test_a_worker_steps_when_started_and_when_woken():
    steps = Steps()
    worker = steps.worker()

    assert worker.start()
    assert steps.done.acquire(timeout=5)
    worker.wake()
    assert steps.done.acquire(timeout=5)

    assert worker.stop(5.0)


def test_a_worker_goes_on_at_once_when_there_is_more_to_do():
    steps = Steps(0.0, 0.0)
    worker = steps.worker()

    worker.start()

    assert all(steps.done.acquire(timeout=5) for _ in range(3))
    assert worker.stop(5.0)


def test_a_worker_outlives_a_fault():
    steps = Steps(RuntimeError("bug"))
    worker = steps.worker()

    worker.start()
    assert steps.done.acquire(timeout=5)
    worker.wake()
    assert steps.done.acquire(timeout=5)

    assert worker.stop(5.0)
    assert [str(fault) for fault in steps.faults] == ["bug"]


def test_a_stopped_worker_does_not_start_again():
    steps = Steps()
    worker = steps.worker()

    assert worker.stop(0.0)
    worker.start()

    assert not steps.done.acquire(timeout=0.05)


def test_stopping_tells_whether_the_step_ended_in_time():
    hold = threading.Event()
    worker = Worker("test", lambda: hold.wait(5) and None, print)
    worker.start()

    assert not worker.stop(0.01)
    hold.set()
    assert worker.stop(5.0)


def test_after_a_fork_the_child_starts_a_thread_of_its_own():
    steps = Steps()
    worker = steps.worker()
    worker.start()
    assert steps.done.acquire(timeout=5)

    worker.after_fork_in_child()
    worker.start()

    assert steps.done.acquire(timeout=5)
    assert worker.stop(5.0)


def test_a_worker_that_is_to_finish_makes_one_more_step_after_the_one_it_is_in():
    released, entered, steps = threading.Event(), threading.Event(), []

    def step():
        steps.append(len(steps))
        entered.set()
        released.wait(10)

    worker = Worker("test", step, print)
    worker.start()
    assert entered.wait(10)

    assert worker.finish(0.0) is False
    released.set()
    assert worker.finish(10.0)
    assert steps == [0, 1]


def test_without_a_thread_the_one_that_asks_makes_the_last_step():
    steps = Steps()

    assert steps.worker().finish(0.0)
    assert steps.done.acquire(timeout=0)
