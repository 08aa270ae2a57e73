"""The quickstart, followed to the letter, except for ports and folders."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECRET = "hunter2hunter2"


def app_of_the_page(endpoint):
    page = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert "http://localhost:4318" in code
    return code.replace("http://localhost:4318", endpoint)


def test_the_quickstart_does_what_it_says(collector, start_app, tmp_path):
    script = tmp_path / "shop.py"
    script.write_text(app_of_the_page(collector.http_url))
    state = tmp_path / "state"
    app = start_app(
        script,
        environ={"OTEL_SERVICE_NAME": "shop", "XDG_STATE_HOME": str(state)},
        ready_path="/openapi.json",
    )

    assert app.get(f"/orders/7?password={SECRET}").status == 500
    app.stop()

    (line,) = (state / "otel_bridge" / "events.jsonl").read_text().splitlines()
    event = json.loads(line)
    trace_id = event["contexts"]["trace"]["trace_id"]
    assert event["exception"]["values"][-1]["type"] == "LookupError"
    spans = collector.wait_for_spans(lambda span: span["traceId"] == trace_id, count=2)
    assert "load order" in {span["name"] for span in spans}
    assert SECRET not in line
    assert SECRET.encode() not in collector.everything()

    converted = subprocess.run(
        [sys.executable, "-m", "otel_bridge", "convert", collector.telemetry_file],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    again = [json.loads(text) for text in converted.stdout.splitlines()]
    assert event["event_id"] in {each["event_id"] for each in again}
