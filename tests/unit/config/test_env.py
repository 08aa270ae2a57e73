from pathlib import Path

import pytest

from otel_bridge.config.env import state_dir, variables_of


def test_the_state_folder_follows_xdg():
    assert state_dir({"XDG_STATE_HOME": "/var/x"}) == Path("/var/x/otel_bridge")


@pytest.mark.parametrize("value", ["", "relative/path"])
def test_a_relative_or_empty_state_home_is_ignored(value):
    expected = Path.home() / ".local" / "state" / "otel_bridge"
    assert state_dir({"XDG_STATE_HOME": value}) == expected


def test_variables_are_named_after_the_option():
    assert variables_of("dsn") == ("OTEL_BRIDGE_DSN", "SENTRY_DSN")
    assert variables_of("before_send") == ()
