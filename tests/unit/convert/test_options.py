import pytest

from otel_bridge.convert.options import ConvertOptions
from otel_bridge.errors import ConfigError


def test_defaults_are_valid():
    assert ConvertOptions().max_breadcrumbs == 100


def test_all_problems_are_told_at_once():
    with pytest.raises(ConfigError) as caught:
        ConvertOptions(max_wait_s=-1, max_waiting=0)

    assert caught.value.problems == (
        "max_wait_s: found -1, wanted at least 0",
        "max_waiting: found 0, wanted at least 1",
    )
