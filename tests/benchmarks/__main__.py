"""Run all benchmarks of spans and write ``docs/benchmarks.md``: ``python -m tests.benchmarks``.

Ends within five minutes on two cores. Needs the network once, for the peers.
"""

import argparse
import json
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import report
from tests.benchmarks.compare_parties import compare, compare_busy
from tests.benchmarks.peers import ROOT, environ_of_peers, python_of_peers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=3)
    repetitions = parser.parse_args().repetitions
    began = time.monotonic()
    python = python_of_peers()
    parties = compare(python, repetitions)
    busy = compare_busy(python, repetitions)
    wire = json.loads(_printed(python, "measure_wire"))
    memory = {how: float(_printed(python, "measure_memory", how)) for how in ("objects", "bytes")}
    section = report.section(parties, busy, wire, memory, repetitions)
    report.write(section)
    print(f"{section}\n\ntook {time.monotonic() - began:.0f} s; written to {report.PAGE}")


def _printed(python: Path, module: str, *arguments: str) -> str:
    with TemporaryDirectory() as state:
        done = subprocess.run(
            [python, "-m", f"tests.benchmarks.{module}", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            cwd=ROOT,
            env=environ_of_peers(Path(state)),
        )
    return done.stdout.splitlines()[-1]


if __name__ == "__main__":
    main()
