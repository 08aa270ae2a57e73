"""Fuzz the receiver with mutated real bodies: ``python -m tests.fuzz.wire [--count N]``.

Prints how many bodies were tried and how many were taken. Ends with 1 at the first body that
breaks a rule, which it writes to ``wire-fuzz-failure.bin``.
"""

import argparse
import sys
import time
import traceback
from pathlib import Path
from random import Random

from tests.fuzz.bodies import real_bodies
from tests.fuzz.mutate import mutated
from tests.fuzz.receiving import receive


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    bodies = real_bodies()
    random = Random(options.seed)
    slowest = taken = 0.0
    began = time.monotonic()
    for number in range(1, options.count + 1):
        body = mutated(bodies, random)
        started = time.monotonic()
        try:
            taken += bool(receive(body))
        except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
            traceback.print_exc()
            Path("wire-fuzz-failure.bin").write_bytes(body)
            print(f"body {number} of seed {options.seed} broke a rule; see wire-fuzz-failure.bin")
            return 1
        slowest = max(slowest, time.monotonic() - started)
    print(
        f"{options.count:,} mutated bodies in {time.monotonic() - began:.0f} s, "
        f"{taken:,.0f} taken, the others refused; slowest {slowest * 1000:.0f} ms"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
