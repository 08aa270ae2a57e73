"""An application in a process of its own does not feel, span by span, that a destination fails."""

import pytest

from tests.benchmarks.delivery_faults import DISK_FULL, FAULTS, run

SECONDS = 1.5
TRIES = 4
NOISE_US = {"p99": 500, "cpu99": 100}
"""Time on the clock shows whether ``on_end`` waits, time of the thread whether it works more."""
KEPT = {"spooled"}
EXPECTED = {
    "healthy": {"delivered"},
    "429, Retry-After": {"rate_limited:http_429", "rate_limited:backoff"},
    "413": {"refused:http_413"},
    DISK_FULL: {"delivered"},
}


def too_long(found, healthy):
    """Return what took more than twice as long as in the healthy run, in µs."""
    return {
        key: (found[key], healthy[key])
        for key, noise in NOISE_US.items()
        if found[key] > 2 * healthy[key] + noise
    }


@pytest.fixture(scope="module")
def healthy():
    return run("healthy", SECONDS)


def measured(fault, healthy):
    """Measure; where it took too long, both runs again, side by side.

    Other work on the machine slows one run or both, and not four times the same one. What waits
    for a destination or does more work because of it, does so every time.
    """
    for attempt in range(TRIES):
        found = run(fault, SECONDS)
        if not too_long(found, healthy):
            break
        if attempt < TRIES - 1:
            healthy = run("healthy", SECONDS)
    return found, too_long(found, healthy)


@pytest.mark.parametrize("fault", FAULTS)
def test_on_end_takes_no_longer_and_every_item_has_one_fate(fault, healthy):
    found, slower = measured(fault, healthy)

    assert slower == {}
    errors, spans = found["stats"]["error"], found["stats"]["span"]
    assert set(errors) - {"received"} == EXPECTED.get(fault, KEPT)
    for counts in (errors, spans):
        assert counts.pop("received") == sum(counts.values()) > 0
    assert ("spool" in found["stats"]["faults"]) == (fault == DISK_FULL)
