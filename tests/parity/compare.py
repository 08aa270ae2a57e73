"""Compare the bridge's events with sentry-sdk's for the same failures, field by field.

    python tests/parity/compare.py [--write] [--python 3.11]

Every failure runs in processes of its own. The environment with sentry-sdk and the frameworks is
made once, in the user's cache folder. ``--write`` renews docs/parity.md.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "parity.md"
PACKAGES = [
    "sentry-sdk==2.75.0",
    "opentelemetry-sdk==1.45.2",
    "opentelemetry-proto==1.45.2",
    "opentelemetry-exporter-otlp==1.45.2",
    "opentelemetry-instrumentation-fastapi==0.66b2",
    "opentelemetry-instrumentation-django==0.66b2",
    "opentelemetry-instrumentation-wsgi==0.66b2",
    "opentelemetry-instrumentation-celery==0.66b2",
    "fastapi==0.165.0",
    "flask==3.1.3",
    "django==5.2.19",
    "celery==5.7.0",
    "httpx",
    "msgspec",
    "google-re2",
    "urllib3",
]
DEEP = ("recursion", "mutual_recursion")
WITHOUT_DEPENDENCIES = ["opentelemetry-instrumentation-flask==0.66b1"]
EVAL = (
    "For code made by `eval` sentry-sdk shows the line of that number of the module's own file, "
    "which is another line; the bridge shows none"
)
REASONS = [
    (
        "'starlette.",
        "The span of a FastAPI request ends while the outermost middleware still answers. It "
        "raises the exception again only afterwards, which adds a second frame of that "
        "middleware; a text lacks the frames around it, too. None of them is the application's",
    ),
    (
        "'asgiref.sync'",
        "sentry-sdk wraps the view itself; OpenTelemetry's middleware stands further out and sees "
        "the frames in between",
    ),
    (
        "'<module>', '",
        EVAL,
    ),
    (
        "('tests.parity.scenarios', '<module>', None",
        EVAL,
    ),
    (
        "'__init__', ",
        "The same for the `__init__` that `dataclasses` makes",
    ),
    ("('<string>'", "From text alone nothing tells the module of generated code"),
    ("'made_here'", "From text alone nothing tells the module of generated code"),
]
"""What a difference contains, and why it is there."""


@dataclass
class Result:
    """What came of one failure."""

    name: str
    frames: int = 0
    equal: int = 0
    types_equal: bool = False
    own_equal: bool = False
    differences: list[str] = field(default_factory=list)


def environment() -> Path:
    """Return the interpreter with sentry-sdk, made on first use."""
    given = os.environ.get("OTEL_BRIDGE_PARITY_PYTHON")
    if given:
        return Path(given)
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "otel_bridge" / f"parity-{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PACKAGES], check=True)
        subprocess.run([*pip, "--no-deps", *WITHOUT_DEPENDENCIES], check=True)
        (folder / "ready").touch()
    return python


def events_of(python: Path, module: str, *more: str) -> dict[str, list[dict]]:
    """Return the events of all failures, by name."""
    done = subprocess.run(
        [python, "-m", f"tests.parity.{module}", *more],
        capture_output=True, text=True, timeout=300, cwd=ROOT, check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    events: dict[str, list[dict]] = {}
    for line in done.stdout.splitlines():
        if line.startswith("# "):
            name = line[2:]
            events[name] = []
        elif line.startswith("{"):
            events[name].append(json.loads(line))
    missing = [name for name, found in events.items() if not found]
    if missing:
        raise SystemExit(f"{module}: no event for {missing}\n{done.stderr[-2000:]}")
    return events


def grouping_frame(frame: dict) -> tuple:
    """Return the fields of a frame that feed the grouping."""
    line = frame.get("context_line")
    return (
        frame.get("module") or (frame.get("filename") or "").rsplit("/", 1)[-1].lower(),
        frame.get("function"),
        " ".join(line.split()) if line and len(line) <= 120 else None,
        bool(frame.get("in_app")),
    )


def frames_of(value: dict) -> list[tuple]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return [
        grouping_frame(frame)
        for frame in frames
        if not (frame.get("module") or "").startswith(("sentry_sdk.", "opentelemetry."))
    ]


def compare(name: str, native: dict, own: dict) -> Result:
    result = Result(name)
    pairs = native["exception"]["values"], own["exception"]["values"]
    kinds = [[(v["type"], v.get("module")) for v in values] for values in pairs]
    numbers = [
        [
            tuple(v["mechanism"].get(key) for key in ("exception_id", "parent_id", "source"))
            for v in values
        ]
        for values in pairs
    ]
    result.types_equal = kinds[0] == kinds[1] and numbers[0] == numbers[1]
    if not result.types_equal:
        result.differences.append(f"types {kinds[0]} and {kinds[1]}, {numbers[0]} {numbers[1]}")
    result.own_equal = True
    for theirs, ours in zip(*pairs, strict=False):
        compare_frames(result, frames_of(theirs), frames_of(ours))
    return result


def compare_frames(result: Result, theirs: list[tuple], ours: list[tuple]) -> None:
    result.frames += max(len(theirs), len(ours))
    for tag, a, b, c, d in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
        if tag == "equal":
            result.equal += b - a
            continue
        result.differences += [f"only sentry-sdk: {frame}" for frame in theirs[a:b]]
        result.differences += [f"only the bridge: {frame}" for frame in ours[c:d]]
    if [f for f in theirs if f[3]] != [f for f in ours if f[3]]:
        result.own_equal = False


def run_all(python: Path, *more: str) -> list[Result]:
    native, own = events_of(python, "under_sentry"), events_of(python, "under_otel", *more)
    results = []
    for name, events in native.items():
        result = compare(name, events[0], own[name][0])
        if len(own[name]) != 1:
            result.differences.append(f"{len(own[name])} events")
        results.append(result)
    return results


def summary(results: list[Result]) -> tuple[int, int]:
    return sum(r.equal for r in results), sum(r.frames for r in results)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parsed = parser.parse_args()
    python = environment()
    live, text = run_all(python), run_all(python, "--text")
    for title, results in (("living exceptions", live), ("text only", text)):
        equal, frames = summary(results)
        print(f"{title}: {equal} of {frames} frames equal, {equal / frames:.2%}")
        for result in results:
            for difference in result.differences:
                print(f"  {result.name}: {difference}")
    if parsed.write:
        PAGE.write_text(page(live, text), encoding="utf-8")
    print(f"without deep recursion: {share(flat(live))} alive, {share(flat(text))} from text")
    raise SystemExit(
        0 if all(e >= 0.98 * f for e, f in (summary(live), summary(flat(live)))) else 1
    )


HEAD = """# Parity with sentry-sdk

What the bridge makes of plain OpenTelemetry, beside what sentry-sdk {version} makes of the same
failure. Every failure runs in fresh processes, once under each. Compared is every field that feeds
the tracker's grouping: the types of the exceptions with their modules, numbers and order, and of
each frame the module (or file name), function, line of source and `in_app`, in order. Frames of
the two libraries themselves do not count; sentry-sdk hides its own, too.

This page is written by `python tests/parity/compare.py --write` (Python {python}).

| exceptions read | frames equal | types equal |
|---|---|---|
| alive, in the process | {live} | {live_types} |
| from their text alone | {text} | {text_types} |
| alive, without {deep} | {live_flat} | |
| from their text alone, without {deep} | {text_flat} | |

The two scenarios of deep recursion have {deep_frames} of the frames, nearly all alike, so the
figures stand with and without them.

## By failure

Frames equal / frames; *own* says whether the application's own frames, which decide the grouping
where there are any, are all equal.

| failure | alive | own | from text | own |
|---|---|---|---|---|
"""

TAIL = """
## What differs, and why

{differences}
"""


def page(live: list[Result], text: list[Result]) -> str:
    """Return the page of the documentation."""
    rows = [
        f"| {a.name.replace('_', ' ')} | {a.equal} / {a.frames} | {'yes' if a.own_equal else 'no'} "  # noqa: E501
        f"| {b.equal} / {b.frames} | {'yes' if b.own_equal else 'no'} |"
        for a, b in zip(live, text, strict=True)
    ]
    live_flat, text_flat = flat(live), flat(text)
    head = HEAD.format(
        deep=" and ".join(name.replace("_", " ") for name in DEEP),
        deep_frames=sum(r.frames for r in live if r.name in DEEP),
        live_flat=share(live_flat),
        text_flat=share(text_flat),
        version=PACKAGES[0].partition("==")[2],
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        live=share(live),
        text=share(text),
        live_types=f"{sum(r.types_equal for r in live)} of {len(live)}",
        text_types=f"{sum(r.types_equal for r in text)} of {len(text)}",
    )
    return head + "\n".join(rows) + "\n" + TAIL.format(differences=differences(live, text))


def flat(results: list[Result]) -> list[Result]:
    """Leave out the scenarios whose many equal frames say the same many times."""
    return [result for result in results if result.name not in DEEP]


def share(results: list[Result]) -> str:
    equal, frames = summary(results)
    return f"{equal} of {frames}, {equal / frames:.1%}"


def differences(live: list[Result], text: list[Result]) -> str:
    """Return a list of reasons, each with the failures that show it."""
    shown: dict[str, dict[str, None]] = {}
    for mode, results in (("alive", live), ("from text", text)):
        for result in results:
            for difference in result.differences:
                reason = next((why for mark, why in REASONS if mark in difference), difference)
                shown.setdefault(reason, {})[f"{result.name.replace('_', ' ')} ({mode})"] = None
    return "\n".join(f"- {reason}: {', '.join(names)}." for reason, names in shown.items())


if __name__ == "__main__":
    main()
