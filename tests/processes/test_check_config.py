import subprocess
import sys

KEY = "0123456789abcdef0123456789abcdef"


def check(**environ):
    return subprocess.run(
        [sys.executable, "-m", "otel_bridge", "check-config"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env={"HOME": "/nonexistent", **environ},
    )


def test_it_says_what_is_set_where_it_came_from_and_what_goes_where():
    done = check(
        SENTRY_DSN=f"https://{KEY}:verysecret@errors.example.com/7",
        OTEL_EXPORTER_OTLP_ENDPOINT="http://localhost:4318",
        OTEL_BRIDGE_RELEASE="shop@1",
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "error events -> https://errors.example.com/api/7/envelope/" in done.stdout
    assert "telemetry    -> http://localhost:4318/v1/traces" in done.stdout
    assert "OTEL_BRIDGE_RELEASE" in done.stdout
    assert "verysecret" not in done.stdout


def test_without_anything_set_it_names_the_local_file():
    done = check(XDG_STATE_HOME="/var/state")

    assert "/var/state/otel_bridge/events.jsonl (no dsn is set; nothing is sent)" in done.stdout
    assert "telemetry    -> nowhere: no otlp_endpoint is set" in done.stdout


def test_sampling_that_has_nothing_to_forward_is_noted():
    sampling = '{"tail": {"policies": [{"name": "all"}]}, "red": {}}'

    idle = check(OTEL_BRIDGE_SAMPLING=sampling).stdout
    busy = check(
        OTEL_BRIDGE_SAMPLING=sampling, OTEL_EXPORTER_OTLP_ENDPOINT="http://localhost:4318"
    ).stdout

    note = "does nothing while no otlp_endpoint takes spans"
    assert [f"note: sampling.{part} {note}" in idle for part in ("tail", "red")] == [True, True]
    assert note not in busy


def test_every_problem_is_a_line_and_the_status_is_2():
    done = check(SENTRY_DSN="nonsense", OTEL_BRIDGE_DEBUG="maybe")

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 2


def test_with_nothing_to_send_to_there_is_nothing_to_test():
    done = subprocess.run(
        [sys.executable, "-m", "otel_bridge", "check-config", "--test"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env={"HOME": "/nonexistent"},
    )

    assert done.returncode == 0
    assert done.stdout.endswith("nothing to test: everything stays on this machine\n")


def test_a_standard_variable_is_named_where_it_counts_and_its_secrets_are_not_shown():
    done = check(
        OTEL_EXPORTER_OTLP_ENDPOINT="http://user:verysecret@localhost:4318",
        OTEL_EXPORTER_OTLP_TRACES_HEADERS="authorization=verysecret",
    )

    rows = {line.split()[0]: line.split()[-1] for line in done.stdout.splitlines()[:10]}
    assert rows["otlp_endpoint"] == "OTEL_EXPORTER_OTLP_ENDPOINT"
    assert rows["otlp_headers"] == "OTEL_EXPORTER_OTLP_TRACES_HEADERS"
    assert "verysecret" not in done.stdout
