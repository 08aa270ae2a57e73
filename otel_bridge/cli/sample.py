"""``otel-bridge sample``: what the tail policies make of recorded telemetry, and why."""

import argparse
import sys
from collections import Counter
from pathlib import Path

import msgspec

from otel_bridge.config.env import CONFIG_FILE_VARIABLE, environment
from otel_bridge.config.load import load
from otel_bridge.config.options import Options
from otel_bridge.config.stages import scrub_options
from otel_bridge.errors import ConfigError, ReceiveError
from otel_bridge.sample.explain import Explanation, explain
from otel_bridge.sample.options import TailOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import Batch, Signal
from otel_bridge.wire.detect import read_body

MAX_BODY_BYTES = 64 * 1024 * 1024
"""The OTLP specification's default limit of a request after decompression."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "sample",
        help="tell what the tail policies make of OTLP export bodies",
        description="Read OTLP export bodies (several files are one stream), scrub them, and "
        "judge their traces, each as a whole, by the policies of the option sampling. Prints how "
        "many traces each policy decided about; nothing is sent.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, or - for standard input")
    parser.add_argument(
        "--explain", action="store_true", help="print every trace, its decision, policy and rate"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object a trace; implies --explain"
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=f"the configuration file, instead of the one that {CONFIG_FILE_VARIABLE} names",
    )
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    """Judge the files. Nothing is printed unless all of them can be read."""
    environ = environment()
    if parsed.config:
        environ[CONFIG_FILE_VARIABLE] = parsed.config
    options = load({}, environ).options
    tail = _tail(options)
    batches = [batch for name in parsed.files for batch in _read(name)]
    explanations = judge(batches, options, tail)
    if parsed.json:
        for explanation in explanations:
            sys.stdout.buffer.write(msgspec.json.encode(explanation.to_plain()) + b"\n")
        return 0
    if parsed.explain:
        for explanation in explanations:
            print(_line(explanation))
        print()
    _print_sums(explanations)
    return 0


def judge(batches: list[Batch], options: Options, tail: TailOptions) -> list[Explanation]:
    """Return what becomes of the traces in some batches, in the order in which they ended."""
    scrubber = Scrubber(scrub_options(options))
    clean = (scrubber.batch(batch).batch for batch in batches if batch.signal is Signal.TRACES)
    return explain(clean, tail)


def _tail(options: Options) -> TailOptions:
    if options.sampling is None or options.sampling.tail is None:
        raise ConfigError(["sampling.tail: missing, wanted policies to judge by"])
    return options.sampling.tail


def _read(name: str) -> list[Batch]:
    data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    try:
        return read_body(data, max_bytes=MAX_BODY_BYTES)
    except ReceiveError as error:
        shown = "standard input" if name == "-" else name
        raise ReceiveError(f"{shown}: {error}") from None


def _line(found: Explanation) -> str:
    decision = "kept   " if found.kept else "dropped"
    head = (
        f"{found.trace_id}  {decision}  {found.reason}  {_percent(found.rate)}"
        f"  {found.spans} spans  {found.duration_ms:g} ms  {_plain(found.service)}"
        f" {_plain(found.name)}"
    )
    asked = ", ".join(
        f"{policy} {'no' if rate is None else _percent(rate)}" for policy, rate in found.steps
    )
    return f"{head.rstrip()}\n    asked: {asked}; at {_percent(found.randomness)}"


def _print_sums(explanations: list[Explanation]) -> None:
    traces = Counter((found.reason, found.kept) for found in explanations)
    spans: Counter[tuple[str, bool]] = Counter()
    for found in explanations:
        spans[found.reason, found.kept] += found.spans
    print(f"{'reason':<24} {'decision':<8} {'traces':>8} {'spans':>10}")
    for (reason, kept), count in sorted(traces.items()):
        decision = "kept" if kept else "dropped"
        print(f"{reason:<24} {decision:<8} {count:>8} {spans[reason, kept]:>10}")


def _percent(share: float) -> str:
    return f"{share * 100:.4g} %"


def _plain(text: str) -> str:
    """Return text that cannot move the cursor or colour the terminal."""
    return "".join(char if char.isprintable() else "�" for char in text)
