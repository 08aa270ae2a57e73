"""The sampler that a declarative file names, with the options that the file gives the bridge."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.installed import import_path
from tests.e2e.servers.process import clean_environ

pytest.importorskip("opentelemetry.configuration")

FILE = """
file_format: "1.0"
propagator:
  composite_list: tracecontext,baggage
tracer_provider:
  processors:
    - batch: {exporter: {console: {}}}
  sampler:
    SAMPLER
instrumentation/development:
  python:
    otel_bridge:
      local_dir: FOLDER
      sampling:
        head:
          rate: 0.0
          rules:
            - {name: kept, rate: 1.0}
"""
APP = """
import json, sys
from opentelemetry import trace
from otel_bridge.instrument.bridge import current_bridge

for name in ("kept", "dropped"):
    trace.get_tracer("app").start_span(name).end()
bridge = current_bridge()
bridge.flush(10.0)
print(json.dumps([trace.get_tracer_provider().sampler.get_description(), bridge.stats()["span"]]),
      file=sys.stderr)
"""


@pytest.mark.parametrize(
    "sampler",
    ["otel_bridge: {}", "parent_based: {root: {otel_bridge: {}}}"],
    ids=["alone", "as a root"],
)
def test_a_declarative_file_names_the_sampler_and_gives_its_options(sampler, tmp_path):
    file = tmp_path / "otel.yaml"
    file.write_text(FILE.replace("SAMPLER", sampler).replace("FOLDER", str(tmp_path)))
    done = subprocess.run(
        [
            *(Path(sys.executable).parent / "opentelemetry-instrument", sys.executable),
            *("-c", APP),
        ],
        env=clean_environ()
        | {"OTEL_CONFIG_FILE": str(file), "PYTHONPATH": import_path(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    description, spans = json.loads(done.stderr.splitlines()[-1])
    assert "BridgeSampler{rate=0.0,rules=1}" in description
    assert spans == {"received": 2, "filtered:no_destination": 1, "sampled_out:head": 1}
    assert "has a sampler of its own" not in done.stderr
    assert '"name": "kept"' in done.stdout
    assert '"name": "dropped"' not in done.stdout
