from pathlib import Path

import pytest

from otel_bridge.errors import ConfigError
from otel_bridge.send.options import SendOptions


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(ConfigError) as caught:
        SendOptions(
            timeout_s=0,
            max_queue_items=0,
            spool_max_bytes=1,
            client_key_file=Path("/key.pem"),
            otlp_max_age_s=float("nan"),
        )

    assert caught.value.problems == (
        "timeout_s: found 0; wanted at least 0.001",
        "otlp_max_age_s: found nan; wanted at least 0.0",
        "max_queue_items: found 0; wanted at least 1",
        "spool_max_bytes: found 1; wanted at least 4096",
        "client_key_file: found without client_cert_file; wanted both",
    )


def test_headers_are_not_shown():
    assert "hunter2" not in repr(SendOptions(otlp_headers=(("api-key", "hunter2"),)))
