"""Reads the captured stacks, and tells in few words what a parser made of them."""

import json
from pathlib import Path

CAPTURES = Path(__file__).parents[3] / "captures" / "stacks"


def captured(name):
    """The texts that a runtime printed, by the way it failed."""
    return json.loads((CAPTURES / f"{name}.json").read_text(encoding="utf-8"))


def told(chain):
    """One line for each exception: type, message, and the names of its calls."""
    return [
        f"{error.type}: {error.message} | {' > '.join(names(error))}"
        + (f" <{error.source}>" if error.source else "")
        for error in chain
    ]


def names(error):
    return [frame.function or "?" for frame in error.frames]


def places(error):
    """Where each call stands: module or file, line, column."""
    return [
        ":".join(
            str(part) for part in (f.module or f.abs_path or f.filename, f.lineno, f.colno) if part
        )
        for f in error.frames
    ]
