import subprocess
import sys
from pathlib import Path

import pytest

from otel_bridge.config.env import state_dir, variables_of

ROOT = Path(__file__).parents[3]


def test_the_state_folder_follows_xdg():
    assert state_dir({"XDG_STATE_HOME": "/var/x"}) == Path("/var/x/otel_bridge")


@pytest.mark.parametrize("value", ["", "relative/path"])
def test_a_relative_or_empty_state_home_is_ignored(value):
    expected = Path.home() / ".local" / "state" / "otel_bridge"
    assert state_dir({"XDG_STATE_HOME": value}) == expected


def test_without_a_usable_home_the_state_folder_is_a_temporary_one(tmp_path):
    code = "from otel_bridge.config.env import state_dir; print(state_dir({}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"HOME": "relative", "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
    )

    assert done.stdout.startswith(f"{tmp_path}/otel_bridge-")


def test_variables_are_named_after_the_option():
    assert variables_of("dsn") == ("OTEL_BRIDGE_DSN", "SENTRY_DSN")
    assert variables_of("before_send") == ()
