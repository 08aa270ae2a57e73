"""Record what real services send over OTLP/HTTP, as test data without any machine's paths.

    python tests/captures/record.py PYTHON NODE_MODULES OUT [NAME...]

PYTHON is an interpreter with the OpenTelemetry distribution and the frameworks; NODE_MODULES a
folder with express and the auto-instrumentations (versions: tests/captures/README.md). Every body
is stored as it came, but paths are rewritten to neutral ones.
"""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

APPS = Path(__file__).parent / "apps"
ROUTES = {
    "express": "ok throw/7 plain/8 async/9 handled/10 winston/11 manual/12 nested/13 group/14 "
    "logged/15 unavailable unknown-order/16",
    "fastapi": "ok throw/7 async/9 handled/10 manual/11 manual502/12 nested/13 group/14 "
    "swallowed/15 unavailable missing",
    "flask": "ok throw/7 async/9 handled/10 manual/11 manual502/12 nested/13 group/14 "
    "unavailable missing",
    "fastapi_parts": "ok admin/orders/7 background/8 stream/9 from-none/10 conflict/11 "
    "conflict-logged/12 outage/13 retried/14",
    "django": "ok throw/7 async/8 nested/9 handled/10 missing",
    "aiohttp": "ok throw/7 nested/9 handled/10 missing",
    "celery": "ok throw/7 nested/8 handled/9 retried/10",
    "express_odd": "ok object/7 bare-object/8 string/9 wrapped/10 wrapped-logged/11 parse/12 "
    "parse-elsewhere/13 conflict/14",
}
PYTHON_ENV = {
    "OTEL_TRACES_EXPORTER": "otlp_proto_http",
    "OTEL_LOGS_EXPORTER": "otlp_proto_http",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_PYTHON_LOG_AUTO_INSTRUMENTATION": "true",
}
DJANGO = {"DJANGO_SETTINGS_MODULE": "django_settings"}
LIMITED = {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": "600"}


class Recorder:
    """Answers every export and keeps the bodies in order."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, str, bytes]] = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self._body()
                signal_name = self.path.rsplit("/", 1)[-1]
                kind = self.headers.get("Content-Type", "")
                recorder.bodies.append((signal_name, kind, body))
                answer = b"{}" if "json" in kind else b""
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def _body(self) -> bytes:
                if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                    return self.rfile.read(int(self.headers.get("Content-Length", "0")))
                parts = []
                while size := int(self.rfile.readline(), 16):
                    parts.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(parts)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def record(name: str, command: list[str], routes: str, env: dict[str, str], cwd: Path):
    recorder, port = Recorder(), free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(cwd),
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{recorder.port}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_BLRP_SCHEDULE_DELAY": "200",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_SERVICE_NAME": name,
        "OTEL_RESOURCE_ATTRIBUTES": "service.version=1.4.2,deployment.environment.name=staging",
        "PORT": str(port),
        **env,
    }
    process = subprocess.Popen(
        [part.replace("{port}", str(port)) for part in command],
        env=environ, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        for route in routes.split():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", f"/{route}?token=opensesame")
            with contextlib.suppress(http.client.IncompleteRead):  # it failed in mid-answer
                connection.getresponse().read()
            connection.close()
        time.sleep(1.5)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
    recorder.server.shutdown()
    return recorder.bodies


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("the application did not start")


def rewrite(message: Message, places: list[tuple[str, str]]) -> None:
    """Replace paths in every string of a message."""
    for field, value in message.ListFields():
        repeated = not isinstance(value, (str, bytes, int, float, bool, Message))
        if field.type == field.TYPE_STRING:
            if repeated:
                value[:] = [neutral(item, places) for item in value]
            else:
                setattr(message, field.name, neutral(value, places))
        elif field.type == field.TYPE_MESSAGE:
            for item in value if repeated else [value]:
                rewrite(item, places)


def neutral(text: str, places: list[tuple[str, str]]) -> str:
    for place, replacement in places:
        text = text.replace(place, replacement)
    return text


HIDDEN = ("host.", "process.", "container.", "os.", "service.instance.id")


def clean(signal_name: str, kind: str, body: bytes, places: list[tuple[str, str]]) -> bytes:
    if "json" in kind:
        return neutral(body.decode(), places).encode()
    request = (
        ExportTraceServiceRequest if signal_name == "traces" else ExportLogsServiceRequest
    )()
    request.ParseFromString(body)
    rewrite(request, places)
    for group in getattr(request, f"resource_{'spans' if signal_name == 'traces' else 'logs'}"):
        kept = [
            pair
            for pair in group.resource.attributes
            if not pair.key.startswith(HIDDEN) or pair.key.startswith("process.runtime.")
        ]
        del group.resource.attributes[:]
        group.resource.attributes.extend(kept)
    return request.SerializeToString()


def main() -> None:
    python, modules, out, *names = sys.argv[1:]
    venv = Path(python).parent.parent
    node = ["node", "--require", "@opentelemetry/auto-instrumentations-node/register"]
    express = [*node, "express_app.js"]
    run = str(venv / "bin" / "opentelemetry-instrument")
    uvicorn = [run, str(venv / "bin" / "uvicorn"), "--port", "{port}"]
    fastapi, parts = [*uvicorn, "fastapi_app:app"], [*uvicorn, "fastapi_parts_app:app"]
    flask = [run, str(venv / "bin" / "flask"), "--app", "flask_app", "run", "--port", "{port}"]
    own_telemetry = {
        **PYTHON_ENV,
        "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "fastapi,starlette,asgi",
        "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
    }
    stable = {**PYTHON_ENV, "OTEL_SEMCONV_STABILITY_OPT_IN": "http"}
    cases = {
        "express": ("express", express, {}),
        "express-json": ("express", express, {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}),
        "express-bare": ("express", express, {"OTEL_NODE_DISABLED_INSTRUMENTATIONS": "router"}),
        "fastapi": ("fastapi", fastapi, PYTHON_ENV),
        "fastapi-stable": ("fastapi", fastapi, stable),
        "fastapi-own": ("fastapi", fastapi, own_telemetry),
        "flask": ("flask", flask, PYTHON_ENV),
        "express-odd": ("express_odd", [*node, "express_odd_app.js"], {}),
        "django": ("django", [run, python, "django_app.py"], DJANGO | PYTHON_ENV),
        "aiohttp": ("aiohttp", [run, python, "aiohttp_app.py"], PYTHON_ENV),
        "celery": ("celery", [run, python, "celery_app.py"], PYTHON_ENV),
        "fastapi-parts": ("fastapi_parts", parts, PYTHON_ENV),
        # Stacks longer than the limit lose their end, where Python says what went wrong.
        "express-limited": ("express", express, LIMITED),
        "fastapi-limited": ("fastapi", fastapi, PYTHON_ENV | LIMITED),
        "flask-limited": ("flask", flask, PYTHON_ENV | LIMITED),
    }
    for name, (app, command, env) in cases.items():
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder) / "srv"
            shutil.copytree(APPS, work)
            (work / "node_modules").symlink_to(modules)
            base = subprocess.run(
                [python, "-c", "import sys; print(sys.base_prefix)"],
                capture_output=True, text=True, check=True,
            ).stdout.strip()  # fmt: skip
            places = [
                (str(work), "/srv/shop"),
                (str(Path(modules).resolve()), "/srv/shop/node_modules"),
                (str(venv), "/srv/venv"),
                (base, "/usr"),
            ]
            bodies = record(name, command, ROUTES[app], env, work)
        folder = Path(out) / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for number, (signal_name, kind, body) in enumerate(bodies):
            suffix = "json" if "json" in kind else "pb"
            file = folder / f"{number:02}-{signal_name}.{suffix}"
            file.write_bytes(clean(signal_name, kind, body, places))
        print(name, len(bodies), "bodies")


if __name__ == "__main__":
    main()
