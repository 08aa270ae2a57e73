"""``otel-bridge scrub``: JSON Lines in, the same objects without secrets out."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec

from otel_bridge.cli.progress import Progress, size_of
from otel_bridge.config.env import environment
from otel_bridge.config.load import load
from otel_bridge.config.stages import scrub_options
from otel_bridge.errors import ReceiveError
from otel_bridge.scrub.jsonl import scrub_line
from otel_bridge.scrub.rule import Finding
from otel_bridge.scrub.scrubber import Scrubber

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is refused: it would have to be held in memory as a whole."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "scrub",
        help="redact secrets in JSON Lines",
        description="Read JSON Lines on standard input and write the same objects, scrubbed, in "
        "the same order, to standard output.",
    )
    parser.add_argument(
        "--findings", metavar="FILE", help="write rule, path and range of each redaction there"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="write the input unchanged; only report"
    )
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Stream standard input through the scrubber."""
    scrubber = Scrubber(scrub_options(load({}, environment()).options))
    output = sys.stdout.buffer
    with ExitStack() as stack:
        # Made first: a findings file that cannot be written must not be noticed after the output.
        findings_file = (
            stack.enter_context(Path(parsed.findings).open("wb")) if parsed.findings else None
        )
        progress = stack.enter_context(Progress(sys.stderr, size_of(sys.stdin.buffer)))
        for number, line in _lines(sys.stdin.buffer):
            try:
                clean, findings = scrub_line(line, scrubber)
            except ReceiveError as error:
                output.flush()
                raise ReceiveError(f"standard input, line {number}: {error}") from None
            output.write((line if parsed.dry_run else clean) + b"\n")
            progress.add(len(line) + 1, len(findings))
            if findings_file is not None:
                for finding in findings:
                    findings_file.write(
                        msgspec.json.encode({"line": number, **_plain(finding)}) + b"\n"
                    )
    output.flush()
    return 0


def _plain(finding: Finding) -> dict[str, object]:
    # A name in the input may hold half of a surrogate pair, which cannot be written.
    path = finding.path.encode("utf-8", "backslashreplace").decode()
    return {"rule": finding.rule, "path": path, "start": finding.start, "end": finding.end}


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield numbered lines without their ends; blank ones are passed over."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            raise ReceiveError(
                f"standard input, line {number}: wanted at most {MAX_LINE_BYTES} bytes"
            )
        if stripped := line.strip():
            yield number, stripped
