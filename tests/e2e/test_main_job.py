"""The main job: an error of a FastAPI service in a real tracker, its trace in a real Collector."""

import json
import secrets
import time
from pathlib import Path

import pytest

from tests.contracts.relay import errors_of, schema_errors_of

SHOP = Path(__file__).parent / "apps" / "shop.py"
CARD = "4111 1111 1111 1111"


@pytest.fixture
def planted():
    """Secrets of one request, made up for it."""
    return {
        "password": "pw-" + secrets.token_hex(12),
        "authorization": secrets.token_urlsafe(24),
        "query": "qs-" + secrets.token_hex(12),
        "card": CARD,
    }


def fail(app, planted, order=42):
    body = {"user": "customer-1842", "password": planted["password"], "card": planted["card"]}
    return app.request(
        "POST",
        f"/checkout/{order}?access_token={planted['query']}",
        body=json.dumps(body).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {planted['authorization']}",
            "User-Agent": "e2e/1",
        },
    )


def environ_for(tmp_path, **more):
    return {
        "OTEL_BRIDGE_RELEASE": "shop@1.4.2",
        "OTEL_BRIDGE_ENVIRONMENT": "e2e",
        "OTEL_BRIDGE_LOCAL_DIR": str(tmp_path / "state"),
        "OTEL_SERVICE_NAME": "shop",
        "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST": ".*",
        "OTEL_SEMCONV_STABILITY_OPT_IN": "http",
        **more,
    }


def traces_of(spans):
    return {span["traceId"] for span in spans}


def test_one_error_is_one_issue_and_its_trace_is_in_the_collector_without_the_secrets(
    start_bugsink, collector, start_app, planted, tmp_path
):
    bugsink = start_bugsink()
    app = start_app(
        SHOP,
        environ=environ_for(
            tmp_path, SENTRY_DSN=bugsink.dsn(), OTEL_BRIDGE_OTLP_ENDPOINT=collector.http_url
        ),
    )
    assert fail(app, planted).status == 500
    assert app.get("/flush").json() == {"arrived": True}

    (event,) = bugsink.wait_for_events(1)
    (issue,) = bugsink.issues()
    assert "RuntimeError" in json.dumps(issue)
    cause, thrown = event["exception"]["values"]
    assert (thrown["type"], thrown["value"]) == ("RuntimeError", "order 42 failed")
    assert cause["type"] == "PaymentError"
    assert cause["value"].startswith("declined: ")
    frame = cause["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["in_app"]) == ("charge", True)
    assert frame["filename"].endswith("shop.py")
    assert 'raise PaymentError(f"declined: {card}")' in frame["context_line"]
    assert frame["pre_context"]
    assert (event["release"], event["environment"]) == ("shop@1.4.2", "e2e")
    assert event["transaction"] == "/checkout/{order_id}"
    assert event["request"]["method"] == "POST"
    assert "/checkout/42" in event["request"]["url"]
    assert event["user"] == {"id": "customer-1842"}
    assert event["level"] == "error"
    assert event["tags"]["service.name"] == "shop"
    assert event["contexts"]["response"]["status_code"] == 500
    trace_id = event["contexts"]["trace"]["trace_id"]
    tags = bugsink.tags(event["event_id"])
    assert tags["trace"] == trace_id

    spans = collector.wait_for_spans(lambda span: span["traceId"] == trace_id, count=3)
    assert {"POST /checkout/{order_id}", "place order", "charge"} <= {s["name"] for s in spans}

    arrived = bugsink.everything() + collector.everything()
    assert [name for name, secret in planted.items() if secret.encode() in arrived] == []

    stats = app.get("/stats").json()
    # One event is sent; that others saw the same exception is counted, if they came apart from it.
    errors = stats["error"]
    assert errors["delivered"] == 1
    assert errors["received"] == 1 + errors.get("duplicate", 0)
    assert errors.keys() <= {"received", "delivered", "duplicate"}
    assert stats["span"]["received"] == stats["span"]["delivered"]
    assert stats["faults"] == {}


def test_the_event_is_without_fault_for_relay_and_its_schema(
    bugsink, start_app, planted, tmp_path
):
    before = len(bugsink.events())
    app = start_app(SHOP, environ=environ_for(tmp_path, SENTRY_DSN=bugsink.dsn()))
    fail(app, planted, order=43)
    app.get("/flush")

    event = bugsink.wait_for_events(before + 1)[-1]

    assert errors_of(event) == []
    assert schema_errors_of(event) == []


def test_without_a_dsn_the_error_is_in_the_local_file_without_the_secrets(
    start_app, planted, tmp_path
):
    app = start_app(SHOP, environ=environ_for(tmp_path))
    fail(app, planted)
    assert app.get("/flush").json() == {"arrived": True}

    file = tmp_path / "state" / "events.jsonl"
    (event,) = [json.loads(line) for line in file.read_text().splitlines()]
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    assert [name for name, secret in planted.items() if secret in file.read_text()] == []
    assert file.stat().st_mode & 0o777 == 0o600


def test_with_both_servers_down_the_app_serves_as_if_nothing_were(start_app, planted, tmp_path):
    key = "0" * 32
    app = start_app(
        SHOP,
        environ=environ_for(
            tmp_path,
            SENTRY_DSN=f"http://{key}@127.0.0.1:9/1",
            OTEL_BRIDGE_OTLP_ENDPOINT="http://127.0.0.1:9",
        ),
    )
    started = time.monotonic()
    for _ in range(20):
        assert app.get("/").status == 200
        assert fail(app, planted).status == 500
    seconds = time.monotonic() - started

    assert seconds < 5.0
    assert app.get("/stats").json()["faults"] == {}
    before = time.monotonic()
    app.stop(timeout=10.0)
    assert time.monotonic() - before < 5.0


def test_a_server_that_comes_back_gets_the_errors_it_missed(
    start_bugsink, start_app, planted, tmp_path
):
    server = start_bugsink()
    app = start_app(SHOP, environ=environ_for(tmp_path, SENTRY_DSN=server.dsn()))
    server.kill()
    fail(app, planted)
    assert app.get("/flush").json() == {"arrived": False}
    server.start()

    (event,) = server.wait_for_events(1, timeout=60.0)

    assert event["exception"]["values"][-1]["value"] == "order 42 failed"


def test_a_wrong_dsn_is_one_line_at_start(tmp_path, start_app):
    with pytest.raises(AssertionError) as failed:
        start_app(SHOP, environ=environ_for(tmp_path, SENTRY_DSN="http://nokey.example.com"))

    (line,) = [line for line in str(failed.value).splitlines() if "errors.ConfigError" in line]
    assert "ConfigError: dsn (from SENTRY_DSN): public key" in line
