"""Run each way to fail in a process of its own, without importing everything again."""

import os
import sys
from collections.abc import Callable, Sequence


def each_apart(names: Sequence[str], run: Callable[[str], None]) -> None:
    """Fork for every name; what a child prints is preceded by a line with its name."""
    for name in names:
        print(f"# {name}", flush=True)
        child = os.fork()
        if child == 0:
            run(name)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)
