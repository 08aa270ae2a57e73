"""Start the app in its own process, make three requests, show what the bridge made of them."""

import json
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import urllib3

from otel_bridge.demo.receiver import Receiver
from otel_bridge.demo.tree import render_traces
from otel_bridge.errors import MissingComponent, OtelBridgeError
from otel_bridge.instrument.terminal import render_event

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 15.0

_OURS = ("OTEL_", "SENTRY_")
_SETTINGS = {
    "OTEL_SERVICE_NAME": "shop",
    "OTEL_SEMCONV_STABILITY_OPT_IN": "http",
    "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST": "authorization,user-agent",
}

PASSWORD = "correct-horse-battery-staple"  # noqa: S105  # the demonstration's own, fake
TOKEN = "Bearer demo-token-0123456789abcdef"  # noqa: S105  # likewise
CARD = "4111 1111 1111 1111"
"""The card industry's test number: passes the checksum, belongs to nobody."""


def run_demo(environ: dict[str, str], *, colour: bool) -> str:
    """Run the demonstration and return what it shows.

    Args:
        environ: The environment that the app's process starts from.
        colour: Whether to use ANSI colours.

    Raises:
        MissingComponent: FastAPI or one of its companions is not installed.
        OtelBridgeError: The app did not start, or no event came out.
    """
    _require_extra()
    with tempfile.TemporaryDirectory(prefix="otel-bridge-demo-") as folder, Receiver() as receiver:
        answers = _play(Path(folder), receiver.endpoint, environ)
        lines = (Path(folder) / "events.jsonl").read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        stats = json.loads((Path(folder) / "stats.json").read_text(encoding="utf-8"))
        parts = [
            "Three requests to a FastAPI app with plain OpenTelemetry and otel_bridge:",
            *(f"  {method:<5}{path:<52} {status}" for method, path, status in answers),
            f"\nBecame {_count(events)}; this is what Sentry would be sent:\n",
            *(render_event(event, colour=colour) for event in events),
            "The traces, as the collector got them:\n",
            render_traces(receiver.spans),
            "Redacted before anything left the process:\n",
            *(f"  {count:>3} × {rule}" for rule, count in sorted(stats["redactions"].items())),
            "",
            *_leaks(events, receiver),
        ]
    return "\n".join(parts)


def _require_extra() -> None:
    try:
        import fastapi  # noqa: F401, PLC0415
        import opentelemetry.instrumentation.fastapi  # noqa: F401, PLC0415
        import uvicorn  # noqa: F401, PLC0415
    except ImportError as missing:
        raise MissingComponent(
            f"the demo needs {missing.name}; install it with: pip install 'otel-bridge[demo]'"
        ) from None


def _play(folder: Path, endpoint: str, environ: dict[str, str]) -> list[tuple[str, str, int]]:
    port = _free_port()
    quiet = {key: value for key, value in environ.items() if not key.startswith(_OURS)}
    command = ["-m", "uvicorn", "--factory", "otel_bridge.demo.app:build", "--port", str(port)]
    app = subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [
            sys.executable,
            *command,
            "--workers",
            "1",
            "--host",
            "127.0.0.1",
            "--log-level",
            "critical",
        ],
        env=quiet
        | _SETTINGS
        | {"OTEL_BRIDGE_LOCAL_DIR": str(folder), "OTEL_BRIDGE_OTLP_ENDPOINT": endpoint},
        stderr=subprocess.PIPE,
        cwd=folder,
    )
    try:
        return _requests(app, f"http://127.0.0.1:{port}")
    finally:
        app.terminate()
        try:
            app.communicate(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            app.kill()
            app.communicate()


def _count(events: list[dict[str, Any]]) -> str:
    return "1 error event" if len(events) == 1 else f"{len(events)} error events"


def _requests(app: "subprocess.Popen[bytes]", base: str) -> list[tuple[str, str, int]]:
    http = urllib3.PoolManager(retries=False, timeout=10.0, headers=_CLOSE)
    _wait_until_up(app, http, base)
    order = {"user": "customer-1842", "password": PASSWORD, "card": CARD}
    planned: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/health", {}),
        (
            "POST",
            "/checkout/42?coupon=AUTUMN&access_token=demo-0123456789",
            {"json": order, "headers": _CLOSE | {"Authorization": TOKEN}},
        ),
        ("GET", "/report", {}),
    ]
    return [
        (method, path, http.request(method, base + path, **extra).status)
        for method, path, extra in planned
    ]


# The server closes a connection on which a request failed; one each leaves nothing to chance.
_CLOSE = {"Connection": "close"}


def _wait_until_up(app: "subprocess.Popen[bytes]", http: urllib3.PoolManager, base: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if app.poll() is not None:
            said = app.stderr.read().decode(errors="replace") if app.stderr else ""
            last = said.strip().splitlines()[-1:] or ["it said nothing"]
            raise OtelBridgeError(f"the demo app ended at start: {last[0]}")
        try:
            http.request("GET", f"{base}/openapi.json")
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise OtelBridgeError(f"the demo app did not answer within {START_TIMEOUT_S:.0f} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _leaks(events: list[dict[str, Any]], receiver: Receiver) -> list[str]:
    """Look for the secrets in everything that left the app, and say what was found."""
    out = json.dumps(events).encode() + b"".join(span.raw for span in receiver.spans)
    planted = {"password": PASSWORD, "card number": CARD, "authorization": TOKEN.split()[1]}
    found = [name for name, secret in planted.items() if secret.encode() in out]
    if found:
        raise OtelBridgeError(f"a planted secret got out: {', '.join(found)}")
    return [
        f"Looked for the {', '.join(planted)} of the request in all of the above: not there.",
        "",
    ]
