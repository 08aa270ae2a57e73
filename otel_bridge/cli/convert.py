"""``otel-bridge convert``: OTLP export bodies in, Sentry events out, one JSON a line."""

import argparse
import math
import sys
from dataclasses import replace
from pathlib import Path

import msgspec

from otel_bridge.config.env import environment
from otel_bridge.config.load import load
from otel_bridge.config.stages import convert_options, scrub_options
from otel_bridge.convert.converter import Converter
from otel_bridge.errors import ReceiveError, TooLarge
from otel_bridge.pipeline import Pipeline
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.stats import Stats
from otel_bridge.wire.batch import Batch
from otel_bridge.wire.clean import CleanEvent
from otel_bridge.wire.detect import read_body

MAX_FILE_BYTES = 256 * 1024 * 1024
"""A larger file, before or after decompression, is refused: it is held in memory as a whole."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "convert",
        help="print the error events of OTLP export bodies",
        description="Read OTLP export bodies (traces or logs, protobuf or JSON, compressed or "
        "not; several files are one stream) and print one Sentry event a line: deduplicated, "
        "scrubbed, exactly what would be sent.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, or - for standard input")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Convert the files. Nothing is printed unless all of them can be read."""
    batches = [batch for name in parsed.files for batch in _read(name)]
    for event in convert(batches):
        sys.stdout.buffer.write(msgspec.json.encode(event) + b"\n")
    sys.stdout.flush()
    return 0


def convert(batches: list[Batch]) -> list[CleanEvent]:
    """Return the events of some batches, with the options of environment and file."""
    options = load({}, environment()).options
    # All files are one moment: everything is known before the first event is made. The telemetry
    # is from elsewhere: what this machine is called says nothing about it.
    stream = replace(
        convert_options(options),
        settle_s=math.inf,
        found_server_name=None,
        # What was read is bounded already: nothing of it has to be let go early.
        max_waiting=sys.maxsize,
        max_waiting_bytes=sys.maxsize,
        max_recent=sys.maxsize,
        max_recent_bytes=sys.maxsize,
        max_recent_age_s=math.inf,
        max_remembered=sys.maxsize,
    )
    pipeline = Pipeline(
        Scrubber(scrub_options(options)), Converter(stream), Stats(), send_meta=options.send_meta
    )
    events = [event for batch in batches for event in pipeline.accept(batch, now=0.0).events]
    return events + pipeline.drain()


def _read(name: str) -> list[Batch]:
    shown = "standard input" if name == "-" else name
    try:
        return read_body(_bytes_of(name), max_bytes=MAX_FILE_BYTES)
    except ReceiveError as error:
        raise ReceiveError(f"{shown}: {error}") from None


def _bytes_of(name: str) -> bytes:
    """Return what a file holds; no more is read than could be used, however long it is."""
    if name == "-":
        data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    else:
        with Path(name).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise TooLarge(f"wanted at most {MAX_FILE_BYTES} bytes in one file")
    return data
