"""``otel-bridge demo``: a real app fails in front of you."""

import argparse
import io
import sys

from otel_bridge.config.env import environment
from otel_bridge.demo.run import run_demo


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "demo",
        help="watch a real app fail, and what becomes of it",
        description="Start a small FastAPI app in its own process, make a good, a failing and a "
        "slow request, and print the error event, the traces and what was redacted. Needs no "
        "account and no network.",
    )
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Run the demonstration."""
    del parsed
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows no box drawing shows question marks, not a traceback.
        sys.stdout.reconfigure(errors="replace")
    print(run_demo(environment(), colour=sys.stdout.isatty()))
    return 0
