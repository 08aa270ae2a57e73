import pytest

from otel_bridge.errors import ConfigError
from otel_bridge.logs.options import LogOptions


def test_all_wrong_names_are_told_at_once():
    with pytest.raises(ConfigError) as caught:
        LogOptions(names="mine", absent="never")

    assert caught.value.problems == (
        "names: found 'mine', wanted standard or otel_python",
        "absent: found 'never', wanted omit or empty",
    )
