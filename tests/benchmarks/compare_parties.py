"""Measures CPU per span, of one thread and of all, and what a busy application manages."""

import json
import statistics
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.parties import NOTHING, PARTIES
from tests.benchmarks.peers import ROOT, environ_of_peers

SPANS = {5: 5000, 15: 5000, 60: 3000}
"""Measured spans by attributes; the fewer, the longer each takes."""

BUSY_S = 3.0
"""How long the application that never waits is watched."""

Results = dict[tuple[str, int], dict[str, float]]


@contextmanager
def sink(python: Path, folder: Path) -> Iterator[tuple[int, Path]]:
    """Run a sink; yield its port and its counts."""
    counts = folder / "counts"
    command = [python, "-m", "tests.benchmarks.sink", counts]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environ_of_peers(folder)
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline()), counts
        finally:
            process.terminate()


def compare(python: Path, repetitions: int) -> Results:
    """Return the medians of every party by number of attributes."""
    samples: dict[tuple[str, int], list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name, sink(python, Path(name)) as (port, counts):
        # Turn by turn, so that what else the machine does falls on all alike.
        for _ in range(repetitions):
            for attributes, spans in SPANS.items():
                for party in PARTIES:
                    task = {"party": party, "port": port, "counts": str(counts),
                            "attributes": attributes, "spans": spans}  # fmt: skip
                    samples[party, attributes].append(_measure(python, task, Path(name)))
    return {key: _median(rows) for key, rows in samples.items()}


def compare_busy(python: Path, repetitions: int) -> dict[str, dict[str, float]]:
    """Return the medians of every party in an application that never waits."""
    samples: dict[str, list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name, sink(python, Path(name)) as (port, counts):
        for _ in range(repetitions):
            for party in PARTIES:
                task = {"party": party, "port": port, "counts": str(counts), "seconds": BUSY_S}
                samples[party].append(_run(python, task, Path(name)))
    return {party: _median(rows) for party, rows in samples.items()}


def _measure(python: Path, task: dict[str, object], state: Path) -> dict[str, float]:
    result = _run(python, task, state)
    if task["party"] != NOTHING and result["received"] != result["sent"]:
        print(f"note: {task['party']} delivered {result['received']} of {result['sent']} spans")
    return result


def _run(python: Path, task: dict[str, object], state: Path) -> dict[str, float]:
    done = subprocess.run(
        [python, "-m", "tests.benchmarks.measure_party", json.dumps(task)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environ_of_peers(state),
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(f"{task['party']}: {done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def _median(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}
