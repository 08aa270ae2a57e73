"""Writes what was measured into ``docs/benchmarks.md``: one section, between two marks."""

import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.compare_parties import SPANS, Results
from tests.benchmarks.parties import BRIDGE, LOGFIRE, NOTHING, PARTIES, STOCK
from tests.benchmarks.peers import PINS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- spans: begin -->", "<!-- spans: end -->"
_HEAD = """# Benchmarks

What telemetry costs a process, measured by programs in `tests/benchmarks`. `make bench` runs them
and writes this page. Every comparison is between parties in one run on one machine: read the
ratios, not the microseconds.
"""


def write(section: str) -> None:
    """Put the section into the page, in the place of the last one."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else _HEAD
    if BEGIN in page:
        before, rest = page.split(BEGIN, 1)
        after = rest.split(END, 1)[1]
    else:
        before, after = page.rstrip("\n") + "\n\n", "\n"
    PAGE.write_text(f"{before}{BEGIN}\n{section.strip()}\n{END}{after}", encoding="utf-8")


def section(
    parties: Results,
    busy: Mapping[str, Mapping[str, float]],
    wire: Mapping[str, Mapping[str, float]],
    memory: Mapping[str, float],
    repetitions: int,
) -> str:
    """Return the section in Markdown."""
    return "\n\n".join(
        [
            "## Spans",
            _setting(repetitions),
            "### The whole process",
            "Requests of ten spans; one span in 100 carries a token, one in 200 an exception. CPU "
            "time in µs a span, medians, after a warm-up of 5,000 spans; making the span is "
            "included everywhere. Every party exports to a receiver on loopback in another "
            "process that reads and parses each body, and waits for it, so that no queue "
            "overflows.",
            _cpu_table("Application thread", "thread_us", parties),
            _cpu_table("Whole process", "process_us", parties),
            _ratios(parties),
            "### An application that never waits",
            "One thread that works all the time, some 200 µs for each span, for three seconds. "
            "What the exporter's thread takes is missing here, and what it cannot keep up with is "
            "dropped.",
            _busy_table(busy),
            "### The wire alone",
            _wire_text(wire),
            "### Memory",
            f"100,000 spans with 15 attributes that wait take {memory['objects']:.0f} MiB as SDK "
            f"objects, which is how the stock processor keeps them, and {memory['bytes']:.0f} MiB "
            f"as bytes: {memory['objects'] / memory['bytes']:.1f} times less.",
        ]
    )


def _setting(repetitions: int) -> str:
    pins = [line for line in PINS.read_text(encoding="utf-8").splitlines() if "==" in line]
    return (
        f"Python {platform.python_version()}, {_cores()} cores ({_cpu()}), "
        f"{', '.join(pin.replace('==', ' ') for pin in pins)}. {repetitions} repetitions, each "
        "party in a process of its own, turn by turn. Printed by `python -m tests.benchmarks`."
    )


def _cpu_table(title: str, measure: str, parties: Results) -> str:
    rows = [[name, *(f"{parties[name, size][measure]:.0f}" for size in SPANS)] for name in PARTIES]
    return _table([title, *(f"{size} attributes" for size in SPANS)], rows)


def _busy_table(busy: Mapping[str, Mapping[str, float]]) -> str:
    alone = busy[NOTHING]["per_second"]
    rows = []
    for name in PARTIES:
        each = busy[name]
        received = "–" if name == NOTHING else f"{each['received']:.0%}"
        rows.append(
            [name, f"{each['per_second']:.0f}", f"{each['per_second'] / alone:.2f}", received]
        )
    return _table(["With", "Spans/s", "Beside the SDK alone", "Spans received"], rows)


def _ratios(parties: Results) -> str:
    def cost(name: str, size: int, measure: str) -> float:
        return parties[name, size][measure]

    rows = []
    for size in SPANS:
        bridge, stock = cost(BRIDGE, size, "process_us"), cost(STOCK, size, "process_us")
        logfire, alone = cost(LOGFIRE, size, "process_us"), cost(NOTHING, size, "process_us")
        thread = cost(BRIDGE, size, "thread_us") / cost(STOCK, size, "thread_us")
        rows.append(
            [
                str(size),
                f"{thread:.2f}",
                f"{bridge / stock:.2f}",
                f"{bridge / logfire:.2f}",
                f"{(bridge - alone) / (stock - alone):.2f}",
            ]
        )
    return _table(
        [
            "Attributes",
            "Thread, bridge / stock",
            "Process, bridge / stock",
            "Process, bridge / Logfire",
            "Process without making spans, bridge / stock",
        ],
        rows,
    )


def _wire_text(wire: Mapping[str, Mapping[str, float]]) -> str:
    encode, receive, flat = wire["encode"], wire["receive"], wire["flat"]
    encoding = _table(
        ["Attributes", "Official encoder, µs a span", "Here", "Times faster"],
        [
            [
                str(size),
                f"{encode[f'official {size}']:.1f}",
                f"{encode[f'ours {size}']:.1f}",
                f"{encode[f'official {size}'] / encode[f'ours {size}']:.1f}",
            ]
            for size in SPANS
        ],
    )
    full = receive["decode_and_encode"]
    forwarding = _table(
        ["Parse, read, forward", "µs a span", "Spans/s", "Times faster"],
        [
            [
                name,
                f"{receive[key]:.2f}",
                f"{1e6 / receive[key]:,.0f}",
                f"{full / receive[key]:.1f}",
            ]
            for name, key in (
                ("full decode to Python, encode again", "decode_and_encode"),
                ("full decode to Python, parsed message forwarded", "decode_only"),
                ("here, everything checked", "forward"),
                ("here, trusted body", "forward_trusted"),
            )
        ],
    )
    stream = ", ".join(f"{cost:.1f} ({int(number):,} spans)" for number, cost in flat.items())
    return "\n\n".join(
        [
            encoding,
            f"Received spans with 15 attributes and {receive['bytes']:.0f} bytes:",
            forwarding,
            f"OTLP/JSON to a batch: {receive['json']:.0f} µs a span.",
            f"Encode, frame, receive and forward, in chunks of 512, by length of the stream, µs a "
            f"span: {stream}.",
        ]
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if "model name" in line), "?")


def _cores() -> str:
    done = subprocess.run(["nproc"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "?"
