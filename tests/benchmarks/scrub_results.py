"""Judge scrubbers by the corpus and write the section of ``docs/benchmarks.md``.

``python -m tests.benchmarks.scrub_results``; ends within two minutes.
"""

import json
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.peers import PINS, ROOT, environ_of_peers, python_of_peers

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- scrub: begin -->", "<!-- scrub: end -->"
_INTRODUCTION = (
    "Every text of the corpus in `tests/benchmarks/scrub_corpus.py` stands under the neutral key "
    "`note`: each vendor format alone and in a line of code or configuration, keys without a mark "
    "of their own, passwords, commands and statements; and what only looks like one of them. The "
    "corpus was made together with the rules, so it shows what they were meant to find and guards "
    "against losing it: it says nothing about formats that nobody thought of. *Gone* means that "
    "neither the secret nor its second half is left; *kept* is the share of the text around it "
    "that is unchanged. sentry-sdk's `EventScrubber` judges names only, which here are neutral."
)


def section(results: Mapping[str, Any]) -> str:
    """Return the section in Markdown."""
    judged, cost = results["judged"], results["cost"]
    parties = list(judged)
    pins = ", ".join(
        line.replace("==", " ")
        for line in PINS.read_text().splitlines()
        if line.startswith(("logfire", "sentry-sdk", "google-re2"))
    )
    return "\n\n".join(
        [
            "## Scrubbing",
            f"Python {platform.python_version()}, {pins}. Printed by "
            "`python -m tests.benchmarks.scrub_results` (`make bench-scrub`).",
            _INTRODUCTION,
            _families(judged, parties),
            _alarms(judged, parties),
            f"Spans of {cost['bytes']:.0f} bytes in which nothing is secret, µs of CPU a span, "
            "medians, turn by turn: spans that were never seen, with ids, numbers, paths and "
            "addresses of their own, and spans whose attributes come again. Here the whole "
            "serialized span is proven clean; the others are given its attributes as a dict, and "
            "do not look at the name, events, links and status.",
            _table(
                ["Clean span", *parties],
                [
                    [title, *(f"{cost[kind][name]:.1f}" for name in parties)]
                    for kind, title in (("new", "never seen"), ("again", "seen before"))
                ],
            ),
        ]
    )


def _families(judged: Mapping[str, Any], parties: list[str]) -> str:
    head = ["Secrets", "texts", *(f"{name}, gone / kept" for name in parties)]
    rows = [
        [name, str(family["texts"]), *(_share(judged[p]["families"][name]) for p in parties)]
        for name, family in judged[parties[0]]["families"].items()
    ]
    totals = {p: _total(judged[p]["families"].values()) for p in parties}
    count = sum(family["texts"] for family in judged[parties[0]]["families"].values())
    rows.append(["**all**", str(count), *(_share(totals[p]) for p in parties)])
    return _table(head, rows)


def _total(families: Any) -> dict[str, float]:
    rows = list(families)
    count = sum(row["texts"] for row in rows)
    return {
        what: sum(row[what] * row["texts"] for row in rows) / count for what in ("recall", "kept")
    }


def _share(family: Mapping[str, float]) -> str:
    return f"{family['recall']:.1%} / {family['kept']:.0%}"


def _alarms(judged: Mapping[str, Any], parties: list[str]) -> str:
    kinds = judged[parties[0]]["alarms"]
    rows = [
        [kind, str(total), *(str(judged[p]["alarms"][kind][0]) for p in parties)]
        for kind, (_, total) in kinds.items()
    ]
    count = sum(total for _, total in kinds.values())
    altered = [str(sum(n for n, _ in judged[p]["alarms"].values())) for p in parties]
    rows.append(["**all**", str(count), *altered])
    return _table(["Look-alikes", "texts", *(f"{name}, altered" for name in parties)], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(text: str) -> None:
    """Put the section into the page, in the place of the last one."""
    page = PAGE.read_text(encoding="utf-8")
    if BEGIN in page:
        before, rest = page.split(BEGIN, 1)
        after = rest.split(END, 1)[1]
    else:
        before, after = page.rstrip("\n") + "\n\n", "\n"
    PAGE.write_text(f"{before}{BEGIN}\n{text.strip()}\n{END}{after}", encoding="utf-8")


def main() -> None:
    python = python_of_peers()
    with TemporaryDirectory() as state:
        done = subprocess.run(
            [python, "-m", "tests.benchmarks.scrub_parties"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            cwd=ROOT,
            env=environ_of_peers(Path(state)),
        )
    text = section(json.loads(done.stdout.splitlines()[-1]))
    write(text)
    print(text)


if __name__ == "__main__":
    main()
