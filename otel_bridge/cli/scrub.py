"""``otel-bridge scrub``: JSON Lines in, the same objects without secrets out."""

import argparse
import sys
from typing import BinaryIO

import msgspec

from otel_bridge.config.env import environment
from otel_bridge.config.load import load
from otel_bridge.config.stages import scrub_options
from otel_bridge.errors import ReceiveError
from otel_bridge.scrub.jsonl import LineScrubber
from otel_bridge.scrub.scrubber import Scrubber

MAX_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is refused: it would have to be held in memory as a whole."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "scrub",
        help="redact secrets in JSON Lines",
        description="Read JSON Lines on standard input and write the same objects, scrubbed, in the "
        "same order, to standard output.",
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
    options = scrub_options(load({}, environment()).options)
    scrub_line = LineScrubber(Scrubber(options))
    findings = open(parsed.findings, "wb") if parsed.findings else None  # noqa: PTH123, SIM115
    try:
        for number, line in enumerate(_lines(sys.stdin.buffer), start=1):
            _one(scrub_line, number, line, findings, dry_run=parsed.dry_run)
    finally:
        if findings is not None:
            findings.close()
        sys.stdout.flush()
    return 0
