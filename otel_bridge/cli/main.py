"""Read the command line and run one command; turn what we expect to go wrong into one line."""

import argparse
import os
import sys
from collections.abc import Sequence

from otel_bridge.cli import check_config, completion, convert, demo, sample, scrub
from otel_bridge.errors import OtelBridgeError
from otel_bridge.version import __version__

BAD_INPUT = 2
"""Exit status for input or options that cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``otel-bridge``.

    Args:
        arguments: Words after the program's name; the process's own by default.

    Returns:
        The exit status: 0 done, 1 the command found something wrong, 2 unusable input or options.
    """
    parsed = _parser().parse_args(arguments)
    if sys.stdin is None or sys.stdout is None:
        os.write(2, b"otel-bridge: standard input and output must be open\n")
        return BAD_INPUT
    try:
        status: int = parsed.run(parsed)
    except OtelBridgeError as error:
        sys.stderr.write(f"otel-bridge: {_one_line(str(error))}\n")
        return BAD_INPUT
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            return _reader_left()
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"otel-bridge: {_one_line(f'{where}{error.strerror or error}')}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="otel-bridge",
        description="Sentry-style error events from the OpenTelemetry data you already have.",
    )
    parser.add_argument("--version", action="version", version=f"otel-bridge {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (demo, convert, scrub, sample, check_config, completion):
        command.add_to(commands)
    return parser


def _reader_left() -> int:
    # The reader of our output (`head`, a pager) has closed it: that is its right, not an error.
    # Point stdout elsewhere, or the interpreter complains when it flushes at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _one_line(text: str) -> str:
    return " ".join(text.split())
