import pytest

from tests.processes.scripts import run_script

SCRIPTS = {
    "sets a provider when there is none": """
from opentelemetry.sdk.trace import TracerProvider
bridge = otel_bridge.init(local_dir=folder)
assert isinstance(trace.get_tracer_provider(), TracerProvider)
work()
assert bridge.flush() and bridge.stats()["span"]["received"] == 1
""",
    "uses the provider that is set": """
from opentelemetry.sdk.trace import TracerProvider
provider = TracerProvider()
trace.set_tracer_provider(provider)
bridge = otel_bridge.init(local_dir=folder)
assert trace.get_tracer_provider() is provider
work()
assert bridge.flush() and bridge.stats()["span"]["received"] == 1
""",
    "a second call returns the first bridge": """
bridge = otel_bridge.init(local_dir=folder)
assert otel_bridge.init(release="other") is bridge
work()
assert bridge.flush() and bridge.stats()["span"]["received"] == 1
""",
    "can be used again after a shutdown": """
first = otel_bridge.init(local_dir=folder)
first.shutdown()
second = otel_bridge.init(local_dir=folder)
assert second is not first
work()
assert second.flush() and second.stats()["span"]["received"] == 1
""",
    "samples as it is told with the provider that it sets": """
bridge = otel_bridge.init(local_dir=folder, sampling={"head": {"rate": 0.0}})
assert isinstance(trace.get_tracer_provider().sampler, otel_bridge.BridgeSampler)
work()
assert bridge.flush() and bridge.stats()["span"]["sampled_out:head"] == 1
""",
    "leaves the sampler of a provider that is set, and says so": """
import logging
from opentelemetry.sdk.trace import TracerProvider
told = []
handler = logging.Handler()
handler.emit = lambda record: told.append(record.getMessage())
logging.getLogger("otel_bridge").addHandler(handler)
trace.set_tracer_provider(TracerProvider())
bridge = otel_bridge.init(local_dir=folder, traces_sampler=lambda context: 0.0)
work()
assert bridge.flush() and "sampled_out:head" not in bridge.stats()["span"]
assert len(told) == 1 and "has a sampler of its own" in told[0]
""",
    "tells what the tail sampler has decided": """
from otel_bridge.testing import FakeServer
tail = {"policies": [{"name": "all"}]}
with FakeServer() as server:
    bridge = otel_bridge.init(
        local_dir=folder, otlp_endpoint=server.url, sampling={"tail": tail}
    )
    work()
    assert bridge.flush() and bridge.stats()["sampling"] == {"traces:kept:all:flush": 1}
    assert len(server.spans) == 1
    bridge.shutdown()
""",
    "sends what is there when the process ends": """
otel_bridge.init(local_dir=folder)
with trace.get_tracer("t").start_as_current_span("work"):
    raise SystemExit(0)
""",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_init(name, tmp_path):
    status, errors = run_script(SCRIPTS[name], tmp_path)

    assert (status, errors.replace(WARNING, "")) == (0, "")


WARNING = "otel_bridge.init was called before; the options of this call are ignored\n"
