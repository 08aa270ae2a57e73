"""Runs a few lines in an interpreter of their own, with warnings as errors."""

import subprocess
import sys

_HEAD = """
import sys, otel_bridge
from opentelemetry import trace
folder = sys.argv[1]
def work():
    with trace.get_tracer("t").start_as_current_span("work"):
        pass
"""


def run_script(code, folder):
    """Return the exit status and what was written to standard error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _HEAD + code, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return done.returncode, done.stderr
