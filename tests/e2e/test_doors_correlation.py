"""From an error in the tracker to the log lines, the spans and the response of its request."""

import json
import secrets
from pathlib import Path

import pytest

CORRELATED = Path(__file__).parent / "apps" / "correlated.py"


@pytest.fixture
def app(bugsink, collector, start_app, tmp_path):
    return start_app(
        CORRELATED,
        environ={
            "SENTRY_DSN": bugsink.dsn(),
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.http_url,
            "OTEL_BRIDGE_SPOOL_DIR": str(tmp_path / "spool"),
            "OTEL_SERVICE_NAME": "correlated",
        },
    )


def lines_of(app):
    """The JSON lines that the app wrote; uvicorn writes others of its own."""
    return [json.loads(line) for line in app.log().splitlines() if line.startswith("{")]


def event_of(bugsink, order):
    events = [
        event
        for event in bugsink.events()
        if event["exception"]["values"][-1]["value"] == f"no order {order}"
    ]
    assert len(events) == 1
    return events[0]


def test_an_error_leads_to_its_log_lines_its_spans_and_its_response(bugsink, collector, app):
    order, request_id = secrets.randbelow(10**9), "req-" + secrets.token_hex(4)
    response = app.get(f"/orders/{order}", headers={"X-Request-ID": request_id})
    assert response.status == 500
    assert app.get("/flush").json() == {"arrived": True}

    event = event_of(bugsink, order)
    trace_id = event["contexts"]["trace"]["trace_id"]

    assert response.headers["traceresponse"].split("-")[1] == trace_id

    lines = [line for line in lines_of(app) if line.get("trace_id") == trace_id]
    assert [line["message"] for line in lines] == [f"asked for {order}", f"loading {order}"]
    assert {line["request_id"] for line in lines} == {request_id}
    assert {line["trace_flags"] for line in lines} <= {"01", "03"}

    spans = collector.wait_for_spans(lambda span: span["traceId"] == trace_id, count=2)
    assert {"load order", "GET /orders/{order_id}"} <= {span["name"] for span in spans}
    of_span = {span["spanId"]: span["name"] for span in spans}
    assert [of_span[line["span_id"]] for line in lines] == ["GET /orders/{order_id}", "load order"]
    assert of_span[event["contexts"]["trace"]["span_id"]] == "load order"

    logs = collector.wait_for_logs(lambda log: log.get("traceId") == trace_id, count=2)
    assert {line["message"] for line in lines} <= {log["body"]["stringValue"] for log in logs}
    crumbs = [crumb["message"] for crumb in event["breadcrumbs"]["values"]]
    assert {f"asked for {order}", f"loading {order}"} <= set(crumbs)


def test_log_lines_after_an_error_name_its_event(bugsink, app):
    order = secrets.randbelow(10**9)
    assert app.get(f"/careful/{order}").status == 200
    assert app.get("/flush").json() == {"arrived": True}

    event = event_of(bugsink, order)
    lines = [line for line in lines_of(app) if str(order) in line["message"]]
    assert [line["message"] for line in lines] == [
        f"cannot load {order}",
        f"going on without {order}",
    ]
    assert {line["error_id"] for line in lines} == {event["event_id"].replace("-", "")}
    assert {line["trace_id"] for line in lines} == {event["contexts"]["trace"]["trace_id"]}


def test_what_the_server_logs_of_an_unhandled_error_is_no_second_event(bugsink, app):
    order = secrets.randbelow(10**9)
    app.get(f"/orders/{order}")
    assert app.get("/flush").json() == {"arrived": True}

    assert "Exception in ASGI application" in app.log()
    event_of(bugsink, order)


def test_lines_outside_any_request_have_no_ids(app):
    app.get("/")

    ready = [line for line in lines_of(app) if line["message"] == "ready"]
    outside = [line for line in lines_of(app) if "trace_id" not in line]
    assert all("trace_id" in line for line in ready)
    assert all(set(line) == {"levelname", "name", "message"} for line in outside)
