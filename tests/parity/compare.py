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
    "django==5.2.8",
    "celery==5.7.0",
    "httpx",
    "msgspec",
    "google-re2",
    "urllib3",
]
WITHOUT_DEPENDENCIES = ["opentelemetry-instrumentation-flask==0.66b1"]
REASONS = {
    "starlette.applications": "the server span ends while the framework still answers, "
    "inside its outermost middleware; the exception passes these frames later",
    "starlette.middleware.errors": "as above: the frame that raises it again comes later",
    "asgiref.sync": "sentry-sdk wraps the view itself; OpenTelemetry sees it further out",
}
"""Why frames of these modules differ."""


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
    equal, frames = summary(live)
    raise SystemExit(0 if equal >= 0.98 * frames else 1)


def page(live: list[Result], text: list[Result]) -> str:
    return "TODO"


if __name__ == "__main__":
    main()
