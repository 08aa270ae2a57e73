"""Steps made by hand instead of by threads."""

from otel_bridge.send.worker import OnFault, Step
from otel_bridge.testing.clock import FakeClock


class HandRunners:
    """Makes runners that do nothing until ``run`` is called; give it as ``make_runner``.

    Args:
        clock: Is moved on when every step waits.
    """

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._steps: list[Step] = []
        self._woken = False

    def __call__(self, name: str, step: Step, on_fault: OnFault) -> "_HandRunner":  # noqa: ARG002  # threads have one
        """Make a runner."""
        guarded = self._guarded(step, on_fault)
        self._steps.append(guarded)
        return _HandRunner(self, guarded)

    def wake(self) -> None:
        """Have every step made once more before time passes."""
        self._woken = True

    def run(self, seconds: float = 0.0) -> None:
        """Make the steps that threads would make within a time, and let that time pass."""
        end = self._clock.monotonic() + seconds
        while (wait := self._round()) is not None and self._clock.monotonic() + wait <= end:
            self._clock.advance(wait)
        self._clock.advance(max(0.0, end - self._clock.monotonic()))

    def _round(self) -> float | None:
        self._woken = False
        waits = [wait for step in self._steps if (wait := step()) is not None]
        return 0.0 if self._woken else min(waits, default=None)

    def _guarded(self, step: Step, on_fault: OnFault) -> Step:
        def guarded() -> float | None:
            try:
                return step()
            except Exception as error:  # noqa: BLE001  # as the thread does
                on_fault(error)
                return 1.0

        return guarded


class _HandRunner:
    def __init__(self, runners: HandRunners, step: Step) -> None:
        self._runners = runners
        self._step = step

    def start(self) -> bool:
        return True

    def wake(self) -> None:
        self._runners.wake()

    def wake_if_idle(self) -> None:
        self._runners.wake()

    def stop(self, timeout: float) -> bool:  # noqa: ARG002  # a thread would need it
        return True

    def finish(self, timeout: float) -> bool:  # noqa: ARG002  # as above
        self._step()
        return True

    def after_fork_in_child(self) -> None:
        pass
