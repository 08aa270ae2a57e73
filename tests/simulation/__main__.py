"""Run all simulations of sampling: ``python -m tests.simulation``. Takes a few minutes."""

import subprocess
import sys

SIMULATIONS = ("uniformity", "errors", "extrapolation", "memory")


def main() -> int:
    """Run each in a process of its own; fail if one does."""
    failed = []
    for name in SIMULATIONS:
        print(f"=== {name}", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", f"tests.simulation.{name}"], check=False, timeout=900
        )
        if done.returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all simulations passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
