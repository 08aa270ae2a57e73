"""Run the benchmarks of sampling and write their section of ``docs/benchmarks.md``."""

import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- sampling: begin -->", "<!-- sampling: end -->"

PARTS = (
    (
        "tests.benchmarks.sample_tail",
        "What the tail sampler adds to a span that was received: buffering, five policies "
        "(errors, latency, two by route, a rate), decisions. Of each batch the best of twelve "
        "rounds. The cost of a trace is shared by its spans.",
    ),
    (
        "tests.benchmarks.sample_collector",
        "The same requests and equal policies for us and for the Collector's `tail_sampling` "
        "0.158, turn by turn. Ours reads the bodies from a file, so compare with what the "
        "Collector needs beyond receiving. Memory is the peak above the idle process; all traces "
        "wait five seconds. The Collector spreads its work over cores, which one Python process "
        "does not: so spans are counted by the second of CPU.",
    ),
    (
        "tests.benchmarks.sample_head",
        "What a head decision costs on the application's thread, and what it costs to record the "
        "spans of unsampled traces so that no error is lost. Nearly all of the latter is the "
        "SDK's own recording.",
    ),
)


def _setting() -> str:
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores; load averages {load} before "
        "the run, other work included."
    )


def main() -> None:
    """Measure, and put the section in the place of the last one."""
    parts = ["## Sampling", _setting()]
    for module, text in PARTS:
        done = subprocess.run(
            [sys.executable, "-m", module], stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT
        )
        parts.append(
            f"{text} Printed by `python -m {module}`.\n\n```\n{done.stdout.rstrip()}\n```"
        )
        print(done.stdout, flush=True)
    section = f"{BEGIN}\n{chr(10).join(f'{part}{chr(10)}' for part in parts)}{END}\n"
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Benchmarks\n"
    if BEGIN in page:
        before, rest = page.split(BEGIN, 1)
        page = before + section + rest.split(END, 1)[1].lstrip("\n")
    else:
        page = f"{page.rstrip()}\n\n{section}"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
