"""The OpenTelemetry Collector: built once from `collector-config/builder.yaml`, run, read back."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.e2e.servers import otlp_json
from tests.e2e.servers.component import MissingComponentError, cached, fingerprint
from tests.e2e.servers.ports import free_port
from tests.e2e.servers.process import ServerProcess, wait_until

CONFIGS = Path(__file__).parents[3] / "collector-config"
_MANIFEST = CONFIGS / "builder.yaml"
_BUILD_SECONDS = 1800

MISSING = (
    "OpenTelemetry Collector is missing: install Go (it is then built from "
    "collector-config/builder.yaml) or put otelcol-contrib on PATH"
)


class Collector(ServerProcess):
    """A running Collector; its ports and files reach the configuration by environment.

    The configurations in `collector-config/` read OTLP_GRPC_ENDPOINT, OTLP_HTTP_ENDPOINT,
    HEALTH_ENDPOINT, METRICS_HOST, METRICS_PORT, TELEMETRY_FILE and QUEUE_DIRECTORY.
    """

    def __init__(
        self,
        configs: Sequence[Path | str],
        directory: Path,
        *,
        environ: Mapping[str, str] | None = None,
        name: str = "collector",
    ) -> None:
        """Prepare the run; later configurations go on top of earlier ones.

        Args:
            configs: paths, or names of files in `collector-config/`.
        """
        self.grpc_endpoint = f"127.0.0.1:{free_port()}"
        self.http_endpoint = f"127.0.0.1:{free_port()}"
        self.metrics_port = free_port()
        self.telemetry_file = directory / "telemetry.jsonl"
        health = f"127.0.0.1:{free_port()}"
        places = {
            "OTLP_GRPC_ENDPOINT": self.grpc_endpoint,
            "OTLP_HTTP_ENDPOINT": self.http_endpoint,
            "HEALTH_ENDPOINT": health,
            "METRICS_HOST": "127.0.0.1",
            "METRICS_PORT": str(self.metrics_port),
            "TELEMETRY_FILE": str(self.telemetry_file),
            "QUEUE_DIRECTORY": str(directory / "queue"),
        }
        super().__init__(
            name,
            [prepare(), *_options(configs)],
            directory,
            environ=places | dict(environ or {}),
            ready_url=f"http://{health}/",
        )

    @property
    def http_url(self) -> str:
        """The base of OTLP/HTTP; traces go to `/v1/traces` below it."""
        return f"http://{self.http_endpoint}"

    @property
    def grpc_url(self) -> str:
        return f"http://{self.grpc_endpoint}"

    def spans(self) -> list[dict]:
        """What the file exporter wrote so far; the shape is described in `otlp_json`."""
        return otlp_json.spans(self.telemetry_file)

    def logs(self) -> list[dict]:
        return otlp_json.logs(self.telemetry_file)

    def wait_for_spans(
        self, wanted: Callable[[dict], bool], count: int = 1, timeout: float = 20.0
    ) -> list[dict]:
        """The spans for which `wanted(span)` holds, once there are at least `count`."""

        def enough() -> list[dict] | None:
            found = [span for span in self.spans() if wanted(span)]
            return found if len(found) >= count else None

        return wait_until(enough, f"{count} such spans in {self.telemetry_file}", timeout)

    def wait_for_logs(
        self, wanted: Callable[[dict], bool], count: int = 1, timeout: float = 20.0
    ) -> list[dict]:
        """The log records for which `wanted(record)` holds, once there are at least `count`."""

        def enough() -> list[dict] | None:
            found = [record for record in self.logs() if wanted(record)]
            return found if len(found) >= count else None

        return wait_until(enough, f"{count} such records in {self.telemetry_file}", timeout)

    def everything(self) -> bytes:
        """All it wrote, its own log included: a secret that is not in here did not arrive."""
        written = self.telemetry_file.read_bytes() if self.telemetry_file.exists() else b""
        return written + b"\n" + self.log().encode()


def validate(*configs: Path | str) -> tuple[int, str]:
    """Exit code and output of `otelcol validate`, with the configurations' own defaults."""
    done = subprocess.run(
        [prepare(), "validate", *_options(configs)],
        env={},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def _options(configs: Sequence[Path | str]) -> list[str]:
    return [f"--config={CONFIGS / config}" for config in configs]


def prepare() -> Path:
    """The Collector's binary: the one named by the environment, the built one, or from PATH."""
    if chosen := os.environ.get("OTEL_BRIDGE_COLLECTOR"):
        return Path(chosen)
    installed = shutil.which("otelcol-contrib")
    go = shutil.which("go")
    if go is None:
        if installed is None:
            raise MissingComponentError(MISSING)
        return Path(installed)
    version = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True)
    name = f"otelcol-{fingerprint(_MANIFEST.read_bytes(), version.stdout)}"
    try:
        return cached(name, lambda directory: _build(go, directory)) / "otelcol-bridge"
    except MissingComponentError:
        if installed is None:
            raise
        return Path(installed)


def _build(go: str, directory: Path) -> None:
    """Run the official builder; several minutes on two cores."""
    manifest = _MANIFEST.read_text()
    release = re.search(r"^  version: (\S+)$", manifest, re.MULTILINE)
    assert release, f"no dist.version in {_MANIFEST}"
    source = directory / "source"
    (directory / "builder.yaml").write_text(
        re.sub(r"(?m)^  output_path: .*$", f"  output_path: {source}", manifest)
    )
    builder = f"go.opentelemetry.io/collector/cmd/builder@v{release[1]}"
    log = directory / "build.log"
    with log.open("w") as output:
        done = subprocess.run(
            ["nice", "-n", "10", go, "run", builder, "--config=builder.yaml"],
            cwd=directory,
            env=os.environ | {"CGO_ENABLED": "0"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=_BUILD_SECONDS,
        )
    if done.returncode:
        last = (log.read_text().strip() or "no output").splitlines()[-1]
        raise MissingComponentError(f"{MISSING}; the build failed, see {log}: {last}")
    (source / "otelcol-bridge").rename(directory / "otelcol-bridge")
    shutil.rmtree(source)
