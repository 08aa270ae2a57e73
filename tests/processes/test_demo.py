import pytest

from otel_bridge.cli.main import main

pytest.importorskip("fastapi", reason="the demo needs: pip install 'otel-bridge[demo]'")
pytest.importorskip("opentelemetry.instrumentation.fastapi")


def test_the_demo_shows_one_event_the_traces_and_what_was_redacted(capsys):
    assert main(["demo"]) == 0

    text = capsys.readouterr().out
    for part in (
        "1 error event",
        "CardDeclined: insufficient funds on card",
        "CheckoutFailed: order 42 was not paid",
        "raise CardDeclined(",
        "/checkout/{order_id}",
        "shop@1.4.2",
        "POST bank.example/charge",
        "place order",
        "Redacted before anything left the process",
        "not there",
    ):
        assert part in text
    for secret in ("correct-horse", "4111 1111 1111 1111", "demo-token-0123456789abcdef"):
        assert secret not in text
