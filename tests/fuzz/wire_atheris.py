"""Fuzz the receiver by coverage: ``python -m tests.fuzz.wire_atheris [libFuzzer options]``.

Needs ``atheris``, which has wheels for Linux and Python up to 3.13. Without options it runs
200,000 bodies from the real ones.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["otel_bridge.wire"]):
    from tests.fuzz.bodies import real_bodies
    from tests.fuzz.receiving import receive


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, body in enumerate(real_bodies()):
            (Path(folder) / str(number)).write_bytes(body)
        options = sys.argv[1:] or ["-runs=200000", "-max_len=20000"]
        atheris.Setup([sys.argv[0], *options, folder], lambda body: receive(body) and None)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
