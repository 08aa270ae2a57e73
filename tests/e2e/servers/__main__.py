"""Prepare every component, with times: `python -m tests.e2e.servers`. Exit 1 if one is missing."""

import sys
import time
from collections.abc import Callable

from tests.e2e.servers import bugsink, collector
from tests.e2e.servers.component import MissingComponentError


def main() -> int:
    components: dict[str, Callable[[], object]] = {
        "bugsink": bugsink.prepare,
        "collector": collector.prepare,
    }
    missing = 0
    for name, prepare in components.items():
        started = time.monotonic()
        try:
            where = prepare()
        except MissingComponentError as reason:
            missing += 1
            where = f"missing: {reason}"
        print(f"{name}: {where} ({time.monotonic() - started:.1f} s)", flush=True)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
