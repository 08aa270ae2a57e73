"""`otel-bridge check-config --test` against real destinations."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def check(tmp_path, **environ):
    return subprocess.run(
        [sys.executable, "-m", "otel_bridge", "check-config", "--test"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **environ},
    )


def test_destinations_that_work_are_told_so(bugsink, collector, tmp_path):
    done = check(
        tmp_path, SENTRY_DSN=bugsink.dsn(), OTEL_EXPORTER_OTLP_ENDPOINT=collector.http_url
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\nok     ") == 3
    (event,) = bugsink.wait_for_events(1)
    assert event["logentry"]["formatted"] == "otel-bridge check-config: this is a test"
    assert f"took the test event {event['event_id'].replace('-', '')}" in done.stdout


def test_a_wrong_key_and_a_receiver_that_is_not_there_are_told_each(bugsink, tmp_path):
    wrong = bugsink.dsn().replace("0123456789abcdef0123456789abcdef", "f" * 32)
    done = check(tmp_path, SENTRY_DSN=wrong, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")

    assert done.returncode == 1
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert len(failed) == 3
    assert "refused it" in failed[0]
    assert "cannot be reached: refused_connection" in failed[1]
